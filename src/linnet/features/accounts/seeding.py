"""Made-up people for `linnet demo`: many accounts at once, whose password nobody knows."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from linnet.features.accounts.models import ProfileField
from linnet.features.accounts.passwords import PasswordRules, hash_password
from linnet.features.accounts.store import seeding as store
from linnet.platform.engines import Engines


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Somebody to be made. The caller keeps to the rules for names and lengths."""

    username: str
    display_name: str
    note: str
    language: str
    email: str
    created_at: datetime
    fields: tuple[ProfileField, ...] = ()
    locked: bool = False
    bot: bool = False


async def seed(engines: Engines, profiles: Sequence[Profile]) -> list[int]:
    """Make an account for each profile; ids in the same order. No event is recorded: nothing follows from them."""
    unknown = await hash_password(engines.config(PasswordRules), secrets.token_urlsafe(32))
    ids = await store.insert_all(engines.db, [asdict(profile) for profile in profiles], unknown)
    return [ids[profile.username] for profile in profiles]


async def is_empty(engines: Engines) -> bool:
    """Whether nobody has an account here."""
    return not await store.any_account(engines.db)
