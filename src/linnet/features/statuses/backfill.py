"""Old posts of one author, written as if they had always been here: nobody is told, and they are in nobody's way.

Their ids are of the time they are from, so that they stand at their place in every list; homes, notifications, trends
and mail hear nothing. Whoever they named is not mentioned: a name of elsewhere may be somebody else's here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linnet.features.accounts.languages import is_language
from linnet.features.accounts.models import Viewer
from linnet.features.statuses import judged
from linnet.features.statuses import text as texts
from linnet.features.statuses.entities import Hashtag
from linnet.features.statuses.models import TEXT_BYTES_MAX, QuotePolicy, Visibility
from linnet.features.statuses.store import seeding as store
from linnet.platform.engines import Engines, Transaction
from linnet.platform.site import Site


@dataclass(frozen=True, slots=True)
class OldPost:
    """A post of one's own, of another time and place. Longer than what may be posted now, it stays as it was."""

    source: str
    """What it was called where it comes from."""
    at: datetime
    text: str
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    answers: str | None = None
    """The source of an earlier post of the same author, which it answers."""


async def threads_of(tx: Transaction, author_id: int, status_ids: Sequence[int]) -> dict[int, int]:
    """The threads of those of an author's statuses that are still there. One statement, none for none."""
    return await store.threads_of(tx, author_id, status_ids) if status_ids else {}


async def write(
    engines: Engines, tx: Transaction, author_id: int, posts: Sequence[OldPost], known: Mapping[str, tuple[int, int]]
) -> list[int]:
    """Write old posts, given from the oldest to the newest; their ids, in order.

    Four statements, and a few for each in which the engine finds something: nobody is there to be refused, so what
    would be waits for somebody to look.

    `known` are id and thread of earlier ones by their sources; a post that answers none of them begins a thread.
    Whoever calls this makes sure that it happens once.
    """
    site = engines.config(Site)
    ids = await store.new_ids(tx, [post.at for post in posts])
    places = dict(known)
    tagged: list[tuple[int, Hashtag]] = []
    rows: list[dict[str, object]] = []
    for status_id, post in zip(ids, posts, strict=True):
        answered_id, thread_id = places.get(post.answers or "", (None, status_id))
        places[post.source] = status_id, thread_id
        text = texts.clean(post.text).encode()[:TEXT_BYTES_MAX].decode(errors="ignore")
        tags = texts.hashtags(text)
        tagged.extend((status_id, tag) for tag in tags)
        words = {
            "text": text,
            "html": texts.to_html(text, mentions={}, tag_url=site.tag_url, local_domain=site.domain),
            "tags": [tag.name for tag in tags],
        }
        place = {"id": status_id, "account_id": author_id, "in_reply_to_id": answered_id, "thread_id": thread_id}
        place["in_reply_to_account_id"] = None if answered_id is None else author_id
        rows.append({**place, **words, **_rest(post)})
    await store.insert_all(tx, rows)
    if tagged:
        await store.tag_all(
            tx, [one for one, _ in tagged], [tag.name for _, tag in tagged], [tag.display_name for _, tag in tagged]
        )
    for row in rows:
        await _judge(engines, tx, row)
    return ids


async def _judge(engines: Engines, tx: Transaction, row: Mapping[str, Any]) -> None:
    weighed = await judged.weigh(
        engines,
        Viewer(row["account_id"]),
        spoiler_text=row["spoiler_text"],
        text=row["text"],
        language=row["language"],
        answered_account_id=None,
        mention_ids=(),
    )
    await judged.keep_written(tx, judged.unattended(weighed), row["id"], engines.clock.now())


def _rest(post: OldPost) -> dict[str, object]:
    return {
        "visibility": post.visibility,
        "spoiler_text": texts.clean(post.spoiler_text),
        "sensitive": post.sensitive or bool(post.spoiler_text),
        "language": post.language if post.language and is_language(post.language) else None,
        "reblog_of_id": None,
        "quote_of_id": None,
        "mention_ids": (),
        "quote_policy": QuotePolicy.NOBODY if post.visibility is Visibility.PRIVATE else QuotePolicy.PUBLIC,
        "created_at": post.at,
    }
