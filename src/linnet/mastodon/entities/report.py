"""Report and AccountWarning, as on the wire (https://docs.joinmastodon.org/entities/Report/)."""

import msgspec

from linnet.mastodon.entities.account import Account


class Report(msgspec.Struct, kw_only=True):
    """What somebody reported; `status_ids` are of posts and of private messages, which apps know as posts."""

    id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    status_ids: list[str]
    rule_ids: list[str]
    collection_ids: list[str]
    target_account: Account


class Appeal(msgspec.Struct):
    """What somebody answered to a warning, and what became of it: `pending`, `approved` or `rejected`."""

    text: str
    state: str


class AccountWarning(msgspec.Struct, kw_only=True):
    """What moderators did about one's account. `action` is one of Mastodon's words."""

    id: str
    action: str
    text: str
    status_ids: list[str] | None
    target_account: Account
    appeal: Appeal | None
    created_at: str
