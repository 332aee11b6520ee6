"""A status that is told of, and what each reader sees of it."""

from dataclasses import dataclass, field

from linnet.features.statuses.models import Status
from linnet.features.statuses.shelf import Author, Shared, seen_by
from linnet.streaming.channels import Channel
from linnet.streaming.messages import Event
from linnet.streaming.readers import Reader
from linnet.streaming.registry import Listeners

Seen = dict[int, Status]
"""A status and what it leads to, as far as one viewer may see it."""

Gets = tuple[Channel, Listeners, Reader, Seen | None]
"""Some listeners of one reader to a channel, and what the reader sees.

None of a reader with too large a circle, who is asked about in SQL.
"""


@dataclass(slots=True)
class Telling:
    """A status that is told of, and who gets it."""

    event: Event
    status: Status
    shared: dict[int, Shared]
    """It, and all it leads to."""
    authors: dict[int, Author]
    gets: list[Gets] = field(default_factory=list[Gets])


def linked(shared: dict[int, Shared], status: Status) -> dict[int, Shared]:
    """A status and what it leads to: what it reblogs, quotes, and what that quotes."""
    found: dict[int, Shared] = {}
    todo = [status.id]
    while todo:
        status_id = todo.pop()
        one = shared.get(status_id)
        if one is None or status_id in found:
            continue
        found[status_id] = one
        if one.status is not None:
            todo += [i for i in (one.status.reblog_of_id, one.status.quoted_id) if i is not None]
    return found


def seen_of(telling: Telling, reader: Reader) -> Seen | None:
    """What the reader may see of it; None when that has to be asked."""
    if reader.circle is None or not reader.is_known:
        return None
    return seen_by(telling.shared, telling.authors, reader.viewer.account_id, reader.circle)
