"""Live hints: what has just happened, as ids, for the processes that tell people of it while they look on.

A verb names its hints in its transaction (`tx.live`), a job tells them itself (`tell`); both after the commit, over the
bus. A hint may be lost, or come twice. Whoever hears it reads anew what it is about, and asks anew who may see it: so a
hint holds ids, and never what they stand for.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Final

import msgspec

from linnet.platform.bus import Bus

CHANNEL: Final = "live"
"""The bus channel that carries hints: a JSON array of them in each message."""

HINTS_MAX: Final = 500
"""Hints of one message."""


class Live(IntEnum):
    """What can be told as it happens; the numbers that come with it."""

    POSTED = 1
    """A status, or a reblog of one, has reached the homes it belongs to: its id."""
    EDITED = 2
    """A status has a new wording: its id."""
    TOUCHED = 11
    """A status shows something else that is no new wording, as votes or a preview, and may soon again: its id."""
    DELETED = 3
    """A status or reblog is gone: its id, its author, the place of its visibility among all (0: public), of a reblog
    whose status it showed (else 0), then whom it mentioned."""
    WITHHELD = 12
    """A status is gone for all but its author: as of what is deleted."""
    RELEASED = 13
    """A status that was withheld has reached the homes it belongs to: its id."""
    NOTIFIED = 4
    """An account was told something: the ids of the notification and of the account."""
    NOTIFICATIONS_MERGED = 5
    """Notifications that an account had not let in are among the others now: its id."""
    CONVERSATION = 6
    """A conversation looks another way to one of its members: the ids of the conversation and of the account."""
    FILTERS_CHANGED = 7
    """An account has other filters: its id."""
    ANNOUNCEMENT = 8
    """An announcement is new, or says something else: its id."""
    ANNOUNCEMENT_REACTION = 9
    """An announcement has other reactions of one name, which is the word: its id."""
    ANNOUNCEMENT_DELETED = 10
    """An announcement is gone: its id."""
    MESSAGE = 20
    """There is a new message for an account: the ids of both."""
    MESSAGE_EDITED = 21
    """A message has another wording: its id and that of an account it is for."""
    MESSAGE_DELETED = 22
    """A message is gone, for an account at least: the ids of message, conversation and account."""
    CONVERSATION_READ = 23
    """Somebody has read a conversation, who lets it be known: the ids of conversation, reader, message, and of an
    account that is told."""
    TYPING = 24
    """Somebody is typing, who lets it be known: the ids of conversation, writer, and of an account that is told."""
    MEDIA = 30
    """An upload is further in its processing, or at its end: the ids of the upload and of its owner."""


class Hint(msgspec.Struct, frozen=True, array_like=True):
    """One thing that has happened."""

    kind: int
    """A `Live`; a process of a newer release may tell of others, which are passed over."""
    numbers: tuple[int, ...] = ()
    word: str = ""
    """What no id stands for, such as the name of a reaction: nothing that not everybody may read."""


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(list[Hint])


def hint(kind: Live, *numbers: int, word: str = "") -> Hint:
    """A hint, to be told."""
    return Hint(kind, numbers, word)


async def tell(bus: Bus, hints: Iterable[Hint]) -> None:
    """Tell every process that streams; silent when Valkey is away."""
    told = list(dict.fromkeys(hints))
    for at in range(0, len(told), HINTS_MAX):
        await bus.publish(CHANNEL, _encode(told[at : at + HINTS_MAX]))


def heard(message: bytes) -> Sequence[Hint]:
    """The hints of a message; none in one that cannot be read."""
    try:
        return _decoder.decode(message)
    except msgspec.MsgspecError:
        return ()
