"""Questions about subscriptions: an app's own, and what is due to which."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from linnet.features.notifications import subjects
from linnet.features.notifications.filtering import Fate, fates
from linnet.features.notifications.subscriptions import store
from linnet.features.notifications.subscriptions.models import Due, Push, Subscription
from linnet.features.sessions.models import Access
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.vapid import VapidKey


def holder_of(access: Access) -> store.Holder:
    """Whose subscription this access may see."""
    assert access.viewer is not None, "an app by itself is told nothing"
    return store.Holder(access.viewer.account_id, access.token_id, access.session_id)


async def own(engines: Engines, access: Access, *, web: bool) -> Subscription:
    """The subscription of the app behind this access, to Web Push or else of a device; `NotFound` without such."""
    found = await store.load(engines.db, holder_of(access), web=web)
    if found is None:
        raise NotFound
    return found


async def due(engines: Engines, told: Sequence[tuple[int, int]]) -> list[Due]:
    """Of pairs (account id, notification id) what is to be pushed where. One statement."""
    return await store.due(engines.db, told)


async def pushes(engines: Engines, dues: Collection[Due]) -> list[Push]:
    """What is due, if its recipient still has access, and may see it and wants to hear of it now.

    Three statements, one more where anything is about a message or about what is gone, and one more for each recipient
    who filters posts.
    """
    found = await store.pushes(engines.db, dues)
    about = {(one.account_id, one.status_id) for one in found if one.status_id is not None}
    words = await subjects.visible_words(engines.db, about)
    for pair, fate in (await fates(engines, words)).items():
        if fate is Fate.WORDLESS:
            words[pair] = ""
        else:
            words.pop(pair, None)
    return [
        one if one.status_id is None else replace(one, words=words[one.account_id, one.status_id])
        for one in found
        if one.status_id is None or (one.account_id, one.status_id) in words
    ]


def token_in(engines: Engines, push: Push) -> str:
    """The access token that the message names its app by; empty for a session's, or when the key is another one."""
    return engines.config(VapidKey).unseal(push.box, push.account_id.to_bytes(8, "big")) or ""
