"""Who makes what of an upload: pictures a studio, what moves or sounds ffmpeg."""

from collections.abc import Callable
from pathlib import Path

from linnet.features.media.models import Kind, Lane, Made, Upload
from linnet.features.media.processing import making
from linnet.features.media.processing.limits import FilmLimits
from linnet.features.media.processing.pictures.studio import Studio
from linnet.features.media.processing.probing import probe
from linnet.platform.engines import Engines


async def make(
    engines: Engines,
    upload: Upload,
    source: Path,
    folder: Path,
    recognised: Callable[[Kind], None],
    told: Callable[[int], None],
) -> Made:
    """What is made of the upload at `source`, as files in the empty `folder`; raises `Refused`.

    `recognised` hears what it is as soon as that is known, `told` how many per cent are done. Cancelled, it leaves no
    process behind.
    """
    if upload.lane is Lane.IMAGES:
        recognised(Kind.IMAGE)
        return await engines.config(Studio).make_picture(source, folder, upload.media.purpose)
    probed = await probe(source)
    recognised(probed.kind)
    if probed.kind is Kind.IMAGE:
        return await engines.config(Studio).make_picture(source, folder, upload.media.purpose)
    draw = engines.config(Studio).make_picture
    return await making.make(source, folder, probed, told, engines.config(FilmLimits), draw)
