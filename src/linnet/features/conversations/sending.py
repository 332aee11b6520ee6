"""Saying something: to people, in a conversation, or as an answer to what was said. One transaction, one event."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Viewer
from linnet.features.conversations import reads, requests
from linnet.features.conversations.events import MessageSent
from linnet.features.conversations.models import (
    MEMBERS_MAX,
    REQUESTS_A_DAY_MAX,
    TITLE_LENGTH_MAX,
    UNANSWERED_MAX,
    Draft,
    Message,
    is_group,
)
from linnet.features.conversations.store import threads, writing
from linnet.features.media.actions import attach, check_number
from linnet.features.moderation import rates
from linnet.features.moderation.judging import Weighed
from linnet.features.moderation.rates import Act
from linnet.features.relationships import reads as relationships
from linnet.features.statuses import drafts, wording
from linnet.features.statuses import text as texts
from linnet.features.statuses.models import IDEMPOTENCY_S
from linnet.features.statuses.spending import links_in
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Forbidden, Invalid, NotFound, TooMany
from linnet.platform.live import Live


@dataclass(frozen=True, slots=True)
class Said:
    """A draft ready to be written: clean, rendered, and what it answers."""

    draft: Draft
    html: str
    named_ids: Sequence[int]
    answered_account_id: int | None
    answered: Message | None
    """The message it answers; None also for a status."""
    weighed: Weighed
    """What the engine says of it, should it be a request."""


async def say(engines: Engines, viewer: Viewer, conversation_id: int, draft: Draft) -> int:
    """Say something in a conversation; the message's id. A repeated idempotency key gives that of the first time.

    Raises `NotFound` where one is no member or a block closes it, `Forbidden` for one more than `UNANSWERED_MAX`
    messages to strangers, `TooOften`, `Invalid` for words that break a rule.
    """
    said = await _ready(engines, viewer, draft)
    async with requests.judged(engines, said.weighed), engines.transaction() as tx:
        earlier_id = await _repeated(engines, tx, viewer, draft)
        return earlier_id or await _speak(engines, tx, viewer, conversation_id, said)


async def write_to(
    engines: Engines, viewer: Viewer, account_ids: Iterable[int], draft: Draft, *, title: str = ""
) -> int:
    """Say something to one person, or begin a group with several; the message's id.

    Raises as `say` does; `NotFound` for people who are not there, `Forbidden` where there is a block between,
    `TooMany` for one more than `REQUESTS_A_DAY_MAX` strangers.
    """
    said = await _ready(engines, viewer, draft)
    member_ids = _together(viewer, account_ids)
    check_title(title)
    async with requests.judged(engines, said.weighed), engines.transaction() as tx:
        earlier_id = await _repeated(engines, tx, viewer, draft)
        if earlier_id is not None:
            return earlier_id
        found = None if is_group(member_ids) else await threads.find(tx, member_ids, None)
        conversation_id = found or await _begin(engines, tx, viewer, member_ids, title)
        return await _speak(engines, tx, viewer, conversation_id, said)


async def post(engines: Engines, viewer: Viewer, draft: Draft) -> int:
    """Say something as Mastodon's clients do: to those whom the words name; the message's id.

    It goes into the conversation of exactly these people, of several into that of what it answers. Words
    that name nobody go to those of the message they answer; else they are a note to oneself. Raises as `write_to`.
    """
    said = await _ready(engines, viewer, draft)
    async with requests.judged(engines, said.weighed), engines.transaction() as tx:
        earlier_id = await _repeated(engines, tx, viewer, draft)
        if earlier_id is not None:
            return earlier_id
        answered = said.answered
        if answered is not None and not set(said.named_ids) - {viewer.account_id}:
            return await _speak(engines, tx, viewer, answered.conversation_id, said)
        member_ids = _together(viewer, said.named_ids)
        found = await threads.find(tx, member_ids, answered.conversation_id if answered else None)
        conversation_id = found or await _begin(engines, tx, viewer, member_ids)
        return await _speak(engines, tx, viewer, conversation_id, said)


async def _ready(engines: Engines, viewer: Viewer, draft: Draft) -> Said:
    draft = replace(
        draft,
        text=texts.clean(draft.text),
        spoiler_text=texts.clean(draft.spoiler_text),
        language=drafts.language(draft.language),
        sensitive=draft.sensitive or bool(draft.spoiler_text),
    )
    check_number(draft.media_ids)
    wording.check(draft.text, draft.spoiler_text, shows=bool(draft.media_ids))
    words = await wording.parse(engines, engines.db, draft.text)
    answered, account_id = await _answered(engines, viewer, draft)
    weighed = await requests.weigh(engines, viewer, draft.spoiler_text, draft.text, draft.language)
    return Said(draft, words.html, words.mention_ids, account_id, answered, weighed)


async def _answered(engines: Engines, viewer: Viewer, draft: Draft) -> tuple[Message | None, int | None]:
    """The message that a draft answers, and who wrote that, or the status, if it answers one."""
    if draft.in_reply_to_id is None:
        return None, None
    found = (await reads.hydrate(engines, viewer, [draft.in_reply_to_id])).by_id.get(draft.in_reply_to_id)
    if found is not None:
        return found, found.account_id
    parent = await drafts.parent(engines.db, viewer, draft.in_reply_to_id)
    assert parent is not None, "there is an id"
    return None, parent.account_id


async def _repeated(engines: Engines, tx: Transaction, viewer: Viewer, draft: Draft) -> int | None:
    """The message that the draft's idempotency key stands for already."""
    if draft.idempotency_key is None:
        return None
    free, earlier_id = await writing.claim_key(
        tx, viewer.account_id, draft.idempotency_key, engines.clock.now(), IDEMPOTENCY_S
    )
    return None if free else earlier_id


def _together(viewer: Viewer, account_ids: Iterable[int]) -> list[int]:
    member_ids = sorted({viewer.account_id, *account_ids})
    if len(member_ids) > MEMBERS_MAX:
        raise Invalid(f"Validation failed: A conversation has at most {MEMBERS_MAX} people")
    return member_ids


def check_title(title: str) -> None:
    """Raise `Invalid` for one of more than `TITLE_LENGTH_MAX` characters."""
    if len(title) > TITLE_LENGTH_MAX:
        raise Invalid(f"Validation failed: Title may have at most {TITLE_LENGTH_MAX} characters")


async def _begin(engines: Engines, tx: Transaction, viewer: Viewer, member_ids: Sequence[int], title: str = "") -> int:
    others = [one for one in member_ids if one != viewer.account_id]
    await check_company(tx, viewer, others)
    now = engines.clock.now()
    conversation_id, asked = await threads.begin(tx, viewer.account_id, member_ids, texts.clean(title).strip(), now)
    if asked:
        await check_asked(tx, viewer, now)
    return conversation_id


async def check_company(tx: Transaction, viewer: Viewer, account_ids: Sequence[int]) -> None:
    """Raise `NotFound` for accounts that are not there, `Forbidden` where a block is between them and the viewer."""
    known = await accounts.load(tx, account_ids)
    if any(one not in known or known[one].suspended for one in account_ids):
        raise NotFound("Some of these accounts do not exist.")
    relations = await relationships.load(tx, viewer, account_ids)
    if any(one.blocking or one.blocked_by for one in relations.values()):
        raise Forbidden("You cannot write to this account.")


async def check_asked(tx: Transaction, viewer: Viewer, now: datetime) -> None:
    """Raise `TooMany` when the viewer waits for answers of more than `REQUESTS_A_DAY_MAX` strangers of this day."""
    asked = await threads.asked_since(tx, viewer.account_id, now - timedelta(days=1), REQUESTS_A_DAY_MAX + 1)
    if asked > REQUESTS_A_DAY_MAX:
        raise TooMany("You have written to many people who do not follow you. Try again tomorrow.", retry_after_s=3600)


async def _speak(engines: Engines, tx: Transaction, viewer: Viewer, conversation_id: int, said: Said) -> int:
    await threads.lock(tx, conversation_id)
    floor = await threads.floor(tx, conversation_id, viewer.account_id)
    if floor is None:
        raise NotFound
    if not floor.is_open:
        raise Forbidden("You cannot write to this account.")
    waits = len(floor.member_ids) > 1 and floor.listeners == 0
    if waits and floor.unanswered >= UNANSWERED_MAX:
        raise Forbidden("Wait for an answer before you write more.")
    if waits:
        requests.check(said.weighed)
    await _spend(engines, tx, viewer, said.draft, others=len(floor.member_ids) - 1, strangers=waits)
    now = engines.clock.now()
    message = _message(await writing.new_id(tx, now), conversation_id, viewer, said, floor.member_ids, now)
    if said.draft.media_ids:
        media = await attach(tx, viewer.account_id, message.id, said.draft.media_ids)
        message = replace(message, media=media)
    await writing.insert(tx, message, said.draft.idempotency_key, floor.unanswered + 1 if waits else 0)
    if waits:
        await requests.keep(tx, said.weighed, message.id, now)
    for member_id in floor.member_ids:
        tx.live(Live.MESSAGE, message.id, member_id)
        tx.live(Live.CONVERSATION, conversation_id, member_id)
    await tx.record(MessageSent(message_id=message.id, conversation_id=conversation_id, account_id=viewer.account_id))
    return message.id


async def _spend(
    engines: Engines, tx: Transaction, viewer: Viewer, draft: Draft, *, others: int, strangers: bool
) -> None:
    """Count a message to so many others; raises `TooOften`. What is said to oneself is nobody's business."""
    if others:
        company = {Act.STRANGERS: others} if strangers else {}
        shown = {Act.LINKS: links_in(draft.text), Act.MEDIA: len(draft.media_ids)}
        await rates.spend(engines, viewer.account_id, {Act.MESSAGES: 1, **company, **shown}, tx=tx)


def _message(
    message_id: int, conversation_id: int, author: Viewer, said: Said, member_ids: tuple[int, ...], at: datetime
) -> Message:
    draft = said.draft
    elsewhere = said.answered is not None and said.answered.conversation_id != conversation_id
    return Message(
        id=message_id,
        conversation_id=conversation_id,
        account_id=author.account_id,
        text=draft.text,
        html=said.html,
        spoiler_text=draft.spoiler_text,
        sensitive=draft.sensitive,
        language=draft.language,
        in_reply_to_id=None if elsewhere else draft.in_reply_to_id,
        in_reply_to_account_id=None if elsewhere else said.answered_account_id,
        application=draft.application,
        created_at=at,
        edited_at=None,
        favourites=0,
        member_ids=member_ids,
    )
