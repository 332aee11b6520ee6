"""The words that decisions are about, as far as they are kept and nobody has changed them since."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.conversations import reads as conversations
from linnet.features.moderation.measures import About, Decision, Part
from linnet.features.statuses.written import Written, written
from linnet.platform.engines import Engines

AT_ONCE: Final = timedelta(seconds=2)
"""A text is written down within this after it was decided about; what comes later is another wording."""


async def wordings(
    engines: Engines, decided: Sequence[Decision], author: Viewer | None = None
) -> dict[int, tuple[Part, ...]]:
    """What was judged, by the decision's id; nothing for what is deleted, was edited since, or is kept nowhere.

    Private messages are for their `author` alone: staff see of them what was never sent. Two statements at most.
    """
    statuses = await written(engines.db, _subjects(decided, About.STATUS))
    messages = await _messages(engines, decided, author) if author else {}
    return {one.id: _parts(one, {About.STATUS: statuses, About.MESSAGE: messages}) for one in decided}


async def _messages(engines: Engines, decided: Sequence[Decision], author: Viewer) -> dict[int, Written]:
    ids = _subjects(decided, About.MESSAGE)
    if not ids:
        return {}
    found = await conversations.hydrate(engines, author, ids)
    return {
        one.id: Written(one.account_id, one.spoiler_text, one.text, one.edited_at or one.created_at) for one in found
    }


def _subjects(decided: Sequence[Decision], about: About) -> list[int]:
    """What has to be looked up: the words of these are not in the decisions themselves."""
    wanted = [one.ruling for one in decided if one.ruling.about is about and one.ruling.text is None]
    return list({one.subject_id for one in wanted if one.subject_id is not None})


def _parts(decision: Decision, found: dict[About, dict[int, Written]]) -> tuple[Part, ...]:
    ruling = decision.ruling
    if ruling.text is not None:
        return (Part("text", ruling.text),)
    words = found.get(ruling.about, {}).get(ruling.subject_id or 0)
    if words is None or words.account_id != ruling.account_id or words.written_at > decision.decided_at + AT_ONCE:
        return ()
    return Part.of_status(words.spoiler_text, words.text)
