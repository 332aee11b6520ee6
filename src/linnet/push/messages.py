"""What pushes and letters say of a notification: one sentence, and the beginning of the post it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from linnet.features.notifications.subscriptions.models import Due, Push
from linnet.mastodon.presenters.accounts import present_accounts
from linnet.platform.engines import Engines

BODY_CHARS_MAX: Final = 140
NAME_CHARS_MAX: Final = 60

SENTENCES: Final[Mapping[str, str]] = {
    "mention": "{name} mentioned you",
    "quote": "{name} quoted your post",
    "status": "{name} posted",
    "reblog": "{name} boosted your post",
    "follow": "{name} follows you",
    "follow_request": "{name} asks to follow you",
    "favourite": "{name} favourited your post",
    "poll": "A poll by {name} has ended",
    "update": "{name} edited a post",
    "quoted_update": "{name} edited a post that you quoted",
    "admin.sign_up": "{name} signed up",
    "admin.report": "{name} reported somebody",
    "moderation_warning": "The moderators did something about your account",
}
"""By kind; every kind that can be pushed has one."""

HASTY: Final = frozenset({"mention", "follow_request"})
"""Kinds that wake a phone which saves its battery."""


@dataclass(frozen=True, slots=True)
class Message:
    """One notification in words. `body` is empty where nothing was written, and `icon` is the sender's picture."""

    account_id: int
    notification_id: int
    kind: str
    title: str
    body: str
    icon: str
    locale: str


async def compose(engines: Engines, pushes: Sequence[Push]) -> dict[Due, Message]:
    """A message for each push whose sender is still there. At most two statements."""
    senders = await present_accounts(engines, {one.from_account_id for one in pushes})
    return {
        one.due: Message(
            one.account_id,
            one.due.notification_id,
            one.kind,
            sentence(one.kind, sender.display_name or sender.username),
            beginning(one.words) if one.target.previews else "",
            sender.avatar_static,
            one.locale,
        )
        for one in pushes
        if (sender := senders.get(one.from_account_id)) is not None
    }


def sentence(kind: str, name: str) -> str:
    """What happened, in a sentence without a full stop."""
    return SENTENCES[kind].format(name=cut(" ".join(name.split()), NAME_CHARS_MAX))


def beginning(text: str) -> str:
    """The beginning of a text on one line."""
    return cut(" ".join(text.split()), BODY_CHARS_MAX)


def cut(text: str, chars_max: int) -> str:
    """A text of up to `chars_max` characters; what is longer ends with an ellipsis."""
    return text if len(text) <= chars_max else f"{text[: chars_max - 1].rstrip()}…"
