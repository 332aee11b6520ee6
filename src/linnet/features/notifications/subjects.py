"""What notifications are about: statuses, and messages, which are no statuses but have ids of the same kind."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from linnet.features.accounts.models import Viewer
from linnet.features.conversations import reads as conversations
from linnet.features.conversations.models import Messages
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.models import Hydrated
from linnet.platform.engines import Engines
from linnet.platform.postgres import Queries


@dataclass(frozen=True, slots=True)
class Subjects:
    """Those of a page's subjects that its reader may see."""

    statuses: Hydrated = field(default_factory=Hydrated)
    messages: Messages = field(default_factory=Messages)

    def __contains__(self, subject_id: object) -> bool:
        return subject_id in self.statuses.ids or subject_id in self.messages.by_id


async def hydrate(engines: Engines, viewer: Viewer, ids: Sequence[int], *, if_known: bool = False) -> Subjects:
    """Those of `ids` that the viewer may see. A statement more than for statuses alone, and only for what is none."""
    found = await statuses.hydrate(engines, viewer, ids, if_known=if_known)
    others = set(ids).difference(found.ids)
    return Subjects(found, await conversations.hydrate(engines, viewer, sorted(others)))


async def visible_pairs(db: Queries, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of pairs (viewer id, subject id) those whose viewer may see the subject. At most two statements."""
    seen = await statuses.visible_pairs(db, pairs)
    return seen | await conversations.visible_pairs(db, set(pairs) - seen)


async def visible_words(db: Queries, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Of such pairs those whose viewer may see the subject: its warning or else its text. Two statements at most."""
    words = await statuses.visible_words(db, pairs)
    return words | await conversations.visible_words(db, set(pairs) - words.keys())
