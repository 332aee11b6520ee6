"""What a home timeline needs of a reader of whom this process keeps nothing: all read at once; `warm` does the rest.

A first read waits for three statements one after another (its token, what is read here, statuses nobody has read yet),
and shares each with other first reads of that moment.
"""

from linnet.features.accounts.models import Viewer
from linnet.features.filters import lenses
from linnet.features.statuses import readers
from linnet.features.timelines import filling, homes, visits
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown


async def learn(engines: Engines, viewer: Viewer) -> bytes | None:
    """Read of the viewer what `warm.page` needs and this process does not keep; their home as that takes it.

    None when nothing was to be read, or when nothing kept may be used, because Valkey is away.
    """
    if not await engines.changes.catch_up():
        return None
    reading, noting = readers.expect(engines, viewer), visits.begin_noting(engines, viewer.account_id)
    filtering = lenses.expect(engines, viewer)
    if reading is None and noting is None and filtering is None:
        return None
    await engines.db.let_go()
    try:
        string = await homes.string_of(engines.valkey, viewer.account_id) or await filling.fill(engines, viewer)
    except EngineDown as error:
        if error.engine != "valkey":
            raise
        string = None
    if reading is not None:
        await reading
    if noting is not None:
        await noting
    if filtering is not None:
        await filtering
    return string
