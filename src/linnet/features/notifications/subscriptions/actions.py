"""What apps do about pushes: subscribe, change what for, end it. Nothing follows from it, so no event is recorded."""

from collections.abc import Collection

from linnet.features.notifications.subscriptions import store
from linnet.features.notifications.subscriptions.models import Subscription, Target, Wish
from linnet.features.notifications.subscriptions.reads import holder_of
from linnet.features.sessions.models import Access
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.vapid import VapidKey


async def subscribe(engines: Engines, access: Access, token: str, target: Target, wish: Wish) -> Subscription:
    """Have notifications pushed to the app behind this access, in place of its former subscription.

    An OAuth `token` is kept, sealed, for Mastodon's apps know by it which account a message is for; sessions have none
    that lasts.
    """
    holder = holder_of(access)
    box = engines.config(VapidKey).seal(token if holder.token_id else "", holder.account_id.to_bytes(8, "big"))
    async with engines.transaction() as tx:
        await store.lock(tx, holder.account_id)
        subscription_id = await store.put(tx, holder, target, wish, box, engines.clock.now())
    return Subscription(subscription_id, target, wish)


async def change(engines: Engines, access: Access, wish: Wish, *, web: bool) -> Subscription:
    """Have something else pushed, by Web Push or else to a device; `NotFound` without such a subscription."""
    changed = await store.change(engines.db, holder_of(access), wish, web=web)
    if changed is None:
        raise NotFound
    return changed


async def unsubscribe(engines: Engines, access: Access, *, web: bool) -> None:
    """Have nothing pushed any more, by Web Push or else to a device."""
    await store.remove(engines.db, holder_of(access), web=web)


async def settle(
    engines: Engines, *, gone: Collection[int], failing: Collection[int], working: Collection[int]
) -> None:
    """Note what became of messages, by the ids of their subscriptions; no statement where nothing changed."""
    if gone:
        await store.forget(engines.db, gone)
    if failing:
        await store.note_failing(engines.db, failing, engines.clock.now())
    if working:
        await store.note_working(engines.db, working)
