"""The texts that are the server's word: its long description, its privacy policy, its terms of service."""

from datetime import date

from linnet.features.accounts.audit import note_act
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.announcements.models import SITE_TEXT_CHARS_MAX, SiteText, SiteTextName
from linnet.features.announcements.store import texts as store
from linnet.features.statuses.text import clean
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound


async def in_force(engines: Engines, name: SiteTextName) -> SiteText:
    """The wording of a text that holds today; `NotFound` while there is none."""
    return _found(await store.in_force(engines.db, name, engines.clock.now().date()))


async def wording_of(engines: Engines, name: SiteTextName, effective_on: date) -> SiteText:
    """The wording of a text that holds, held or will hold from a day on; `NotFound` when none does."""
    return _found(await store.wording_of(engines.db, name, effective_on))


async def newest(engines: Engines, actor: Actor | Operator, limit: int) -> list[SiteText]:
    """The latest wordings of all texts, for those who write them. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_ANNOUNCEMENTS)
    return await store.newest(engines.db, limit)


async def publish(
    engines: Engines, actor: Actor | Operator, name: SiteTextName, text: str, effective_on: date | None = None
) -> SiteText:
    """Publish a wording in Markdown that holds from a day on, today unless said otherwise; it.

    One for the same day is replaced. Raises `Forbidden`, `Invalid`.
    """
    require(actor, Permission.MANAGE_ANNOUNCEMENTS)
    now = engines.clock.now()
    written, day = clean(text).strip(), effective_on or now.date()
    if not written:
        raise Invalid("The text is empty")
    if len(written) > SITE_TEXT_CHARS_MAX:
        raise Invalid(f"The text has more than {SITE_TEXT_CHARS_MAX} characters")
    async with engines.transaction() as tx:
        await store.put(tx, name, written, day, now)
        await note_act(tx, engines.clock, actor, "site_text.publish", None, {"text": name, "on": day.isoformat()})
    return SiteText(name, written, day, now)


async def withdraw(engines: Engines, actor: Actor | Operator, name: SiteTextName, effective_on: date) -> None:
    """Remove the wording of a text that holds from a day on. Raises `Forbidden`, `NotFound`."""
    require(actor, Permission.MANAGE_ANNOUNCEMENTS)
    async with engines.transaction() as tx:
        if not await store.remove(tx, name, effective_on):
            raise NotFound(f"There is no {name} that holds from {effective_on.isoformat()} on")
        detail = {"text": name, "on": effective_on.isoformat()}
        await note_act(tx, engines.clock, actor, "site_text.withdraw", None, detail)


def _found(text: SiteText | None) -> SiteText:
    if text is None:
        raise NotFound
    return text
