"""From a probed film, animation or sound to the files that are served."""

from pathlib import Path

from linnet.features.media.models import Kind, Made
from linnet.features.media.processing.ffmpeg import Told
from linnet.features.media.processing.films import make_film
from linnet.features.media.processing.limits import FilmLimits
from linnet.features.media.processing.posters import Draw
from linnet.features.media.processing.probing import Probed
from linnet.features.media.processing.sounds import make_sound


async def make(source: Path, folder: Path, probed: Probed, told: Told, limits: FilmLimits, draw: Draw) -> Made:
    """What is served of a film, an animation or a sound, as files in `folder`, which is empty and ours alone.

    `told` hears per cent; `draw` makes the picture that stands for it. Raises `Refused` with a sentence to read, and
    `FfmpegFailed` when another try may do better. Cancelled, it leaves no process behind;
    the folder is the caller's to remove.
    """
    assert probed.kind is not Kind.IMAGE
    return await (make_sound if probed.kind is Kind.AUDIO else make_film)(source, folder, probed, told, limits, draw)
