"""`/api/v1/accounts/…`: what people do about one another, and what is between them."""

from typing import Final

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.routes.accounts import ids_of
from linnet.features.accounts import reads as accounts
from linnet.features.relationships import actions, reads
from linnet.features.relationships.models import FollowOptions
from linnet.mastodon.entities.account import FamiliarFollowers
from linnet.mastodon.entities.relationship import Relationship
from linnet.mastodon.presenters.accounts import present_accounts
from linnet.mastodon.presenters.relationships import present_relationship, present_relationships

RELATIONSHIPS_MAX: Final = 200
"""Accounts of one `GET /api/v1/accounts/relationships`."""

FAMILIAR_BULK_MAX: Final = 40
"""Accounts of one `GET /api/v1/accounts/familiar_followers`."""


class RelationshipsForm(Form):
    """Whom to tell about; suspended accounts are left out unless asked for."""

    id: tuple[str, ...] = ()
    with_suspended: bool = False


class FamiliarForm(Form):
    """Whom to tell about."""

    id: tuple[str, ...] = ()


class FollowForm(Form):
    """What one wants of the account; what is absent stays as it is."""

    reblogs: bool | None = None
    notify: bool | None = None
    languages: list[str] | None = None


class MuteForm(Form):
    """Whether notifications are muted as well, and for how many seconds; 0 is without an end."""

    notifications: bool = True
    duration: int = 0


class NoteForm(Form):
    """A private note; an empty one drops it."""

    comment: str = ""


@endpoint("GET", "/api/v1/accounts/relationships", scope="read:follows")
async def list_relationships(call: Call, form: RelationshipsForm) -> list[Relationship]:
    """What is between oneself and each of these accounts, in the order asked for."""
    ids = ids_of(form.id, RELATIONSHIPS_MAX)
    known = await accounts.load(call.engines.db, ids)
    shown = [i for i in ids if i in known and (form.with_suspended or not known[i].suspended)]
    return await present_relationships(call.engines, call.me, shown)


@endpoint("GET", "/api/v1/accounts/familiar_followers", scope="read:follows")
async def list_familiar_followers(call: Call, form: FamiliarForm) -> list[FamiliarFollowers]:
    """Of each of these accounts, the followers whom one follows oneself."""
    found = await reads.familiar_followers(call.engines.db, call.me, ids_of(form.id, FAMILIAR_BULK_MAX))
    presented = await present_accounts(call.engines, {i for ids in found.values() for i in ids})
    return [
        FamiliarFollowers(str(target_id), [presented[i] for i in ids if i in presented])
        for target_id, ids in found.items()
    ]


@endpoint("POST", "/api/v1/accounts/{account_id}/follow", scope="write:follows")
async def follow(call: Call, account_id: int, form: FollowForm) -> Relationship:
    """Follow an account, ask a locked one for it, or change what one wants of it."""
    languages = None if form.languages is None else tuple(code for code in form.languages if code)
    options = FollowOptions(form.reblogs, form.notify, languages)
    await actions.follow(call.engines, call.me, account_id, options)
    return await present_relationship(call.engines, call.me, account_id)


@endpoint("POST", "/api/v1/accounts/{account_id}/unfollow", scope="write:follows")
async def unfollow(call: Call, account_id: int) -> Relationship:
    """Stop following an account, or take the request back."""
    await actions.unfollow(call.engines, call.me, account_id)
    return await present_relationship(call.engines, call.me, account_id)


@endpoint("POST", "/api/v1/accounts/{account_id}/remove_from_followers", scope="write:follows")
async def remove_from_followers(call: Call, account_id: int) -> Relationship:
    """Make an account stop following oneself."""
    await actions.remove_from_followers(call.engines, call.me, account_id)
    return await present_relationship(call.engines, call.me, account_id)


@endpoint("POST", "/api/v1/accounts/{account_id}/block", scope="write:blocks")
async def block(call: Call, account_id: int) -> Relationship:
    """Block an account, which ends follows both ways."""
    await actions.block(call.engines, call.me, account_id)
    return await present_relationship(call.engines, call.me, account_id)


@endpoint("POST", "/api/v1/accounts/{account_id}/unblock", scope="write:blocks")
async def unblock(call: Call, account_id: int) -> Relationship:
    """Block an account no more."""
    await actions.unblock(call.engines, call.me, account_id)
    return await present_relationship(call.engines, call.me, account_id)


@endpoint("POST", "/api/v1/accounts/{account_id}/mute", scope="write:mutes")
async def mute(call: Call, account_id: int, form: MuteForm) -> Relationship:
    """Hear no more of an account, for a while or without an end."""
    await actions.mute(call.engines, call.me, account_id, notifications=form.notifications, duration_s=form.duration)
    return await present_relationship(call.engines, call.me, account_id)


@endpoint("POST", "/api/v1/accounts/{account_id}/unmute", scope="write:mutes")
async def unmute(call: Call, account_id: int) -> Relationship:
    """Hear of an account again."""
    await actions.unmute(call.engines, call.me, account_id)
    return await present_relationship(call.engines, call.me, account_id)


@endpoint("POST", "/api/v1/accounts/{account_id}/note", scope="write:accounts")
async def set_note(call: Call, account_id: int, form: NoteForm) -> Relationship:
    """Keep a private note about an account, which nobody else sees."""
    await actions.set_note(call.engines, call.me, account_id, form.comment)
    return await present_relationship(call.engines, call.me, account_id)
