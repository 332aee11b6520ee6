"""Which kept searches, listened to by themselves or on a list, find a new post: matched in memory."""

import time
from collections.abc import Collection, Iterator, Sequence

from linnet.features.search import standing
from linnet.features.search.describing import Described
from linnet.features.search.matching import Question, is_findable
from linnet.features.search.models import Standing
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.models import Status, Visibility
from linnet.features.statuses.shelf import Shared
from linnet.platform.changes import KEPT_MAX_S, Change, Kind
from linnet.platform.engines import Engines
from linnet.streaming.channels import Stream, Topic
from linnet.streaming.limits import SEARCHES_MAX
from linnet.streaming.readers import Reader
from linnet.streaming.registry import Registry
from linnet.streaming.tellings import Gets, Seen, Telling, seen_of


class Found:
    """Answers for one process. What its readers keep is read anew when they have changed it."""

    def __init__(self, engines: Engines, registry: Registry) -> None:
        self._engines = engines
        self._registry = registry
        self._kept: dict[int, tuple[float, list[Standing]]] = {}
        """By account: when it was read, and what it keeps."""
        self._changes = 0
        """How often we heard that something kept is another."""
        engines.changes.hear(self._hear, self._forget)

    async def look(self, shared: dict[int, Shared], status_ids: Sequence[int]) -> "Looked | None":
        """All that is to be asked of these statuses; None while nobody listens to a search. Few statements."""
        originals = _originals(shared, status_ids)
        asked = await self._asked() if originals else []
        if not asked:
            return None
        questions = await standing.understood(self._engines, asked)
        posts, indexable = await standing.described(self._engines, originals)
        return Looked(asked, questions, posts, indexable)

    async def of(self, telling: Telling, looked: "Looked", listed: set[int | str]) -> list[Gets]:
        """Who listens to a search that finds it, by itself or on a list that does not have it anyway (`listed`)."""
        gets: list[Gets] = []
        status = telling.status
        for one, question in looked.matching(status):
            reader = self._registry.readers.get(one.owner_id)
            found = None if reader is None else await self._as_stranger(telling, reader)
            if reader is None or found is None:
                continue
            seen, following = found
            mentioned = (*status.mention_ids, *telling.shared[status.id].mentioned)
            if not looked.is_findable(status, question, mentioned, following=following):
                continue
            for topic in _topics_found_by(status, one, listed):
                gets += [(channel, listeners, reader, seen) for channel, listeners in self._registry.of_topic(topic)]
                listed.add(topic[1])
        return gets

    async def _as_stranger(self, telling: Telling, reader: Reader) -> tuple[Seen, bool] | None:
        """What the reader sees of a status whose author they need not follow, and whether they do; None for nothing."""
        status, seen = telling.status, seen_of(telling, reader)
        if seen is None:
            page = await statuses.read(self._engines, reader.viewer, [status.id])
            seen, stance = dict(page.statuses), page.stances.get(status.account_id)
        else:
            assert reader.circle is not None, "only of a known reader it is known what they see"
            stance = reader.circle.stance_once(status.account_id, time.time())
        is_own = status.account_id == reader.viewer.account_id
        if status.id not in seen or (stance is not None and stance.silenced and not is_own):
            return None
        return seen, stance is not None and stance.following

    async def _asked(self) -> list[Standing]:
        account_ids = tuple(self._registry.seekers())
        if not account_ids:
            self._kept.clear()
            return []
        at_s, began = time.monotonic(), self._changes
        kept = {one: found for one in account_ids if (found := self._kept.get(one)) and found[0] > at_s - KEPT_MAX_S}
        missing = [one for one in account_ids if one not in kept]
        if missing:
            read: dict[int, list[Standing]] = {one: [] for one in missing}
            for one in await standing.of_accounts(self._engines, missing):
                read[one.owner_id].append(one)
            kept |= {account_id: (at_s, searches) for account_id, searches in read.items()}
        if self._changes == began:
            self._kept = kept
        heard = [one for account_id in account_ids for one in kept[account_id][1] if self._registry.hears_search(one)]
        return heard[:SEARCHES_MAX]

    def _hear(self, change: Change) -> None:
        if change[0] is Kind.SEARCHES:
            self._changes += 1
            self._kept.pop(change[1], None)

    def _forget(self) -> None:
        self._changes += 1
        self._kept.clear()


class Looked:
    """What was found out about some statuses and the searches that are listened to."""

    def __init__(
        self,
        asked: Sequence[Standing],
        questions: dict[int, Question],
        posts: dict[int, Described],
        indexable: Collection[int],
    ) -> None:
        self._asked = asked
        self._questions = questions
        self._posts = posts
        self._indexable = indexable

    def matching(self, status: Status) -> Iterator[tuple[Standing, Question]]:
        """The searches that a status says what they look for, whether their owners may find it or not."""
        post = self._posts.get(status.id)
        if post is None:
            return
        for one in self._asked:
            question = self._questions.get(one.id)
            if question is not None and question.matches(post):
                yield one, question

    def is_findable(self, status: Status, question: Question, mentioned: Collection[int], *, following: bool) -> bool:
        """Whether a status is the owner's to find, who may see it."""
        return is_findable(
            status,
            question.query.where,
            question.owner_id,
            mentioned,
            indexable=status.account_id in self._indexable,
            following=following,
        )


def _originals(shared: dict[int, Shared], status_ids: Sequence[int]) -> list[Status]:
    """Those of the statuses that searches may find."""
    found = (one.status for i in dict.fromkeys(status_ids) if (one := shared.get(i)) is not None)
    return [
        one for one in found if one is not None and one.reblog_of_id is None and one.visibility is not Visibility.DIRECT
    ]


def _topics_found_by(status: Status, one: Standing, listed: Collection[int | str]) -> list[Topic]:
    """Where a status goes that a search has found; a list that shows no answers to strangers has none of those."""
    answered = status.in_reply_to_account_id
    is_to_strangers = answered is not None and answered not in {one.owner_id, status.account_id}
    lists_of = (i for i in one.list_ids if i not in listed and not (is_to_strangers and i in one.quiet_ids))
    return [(Stream.SEARCH, one.id), *((Stream.LIST, i) for i in lists_of)]
