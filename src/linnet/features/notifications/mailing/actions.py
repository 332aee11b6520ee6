"""What people do about letters: choose, and end them by a link. Nothing follows from it, so no event is recorded."""

import hmac
from dataclasses import replace
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.notifications.mailing import reads, store
from linnet.features.notifications.mailing.models import PERIODS, Digest, MailChoice, MailList
from linnet.platform.engines import Engines
from linnet.platform.ids import first_id_at
from linnet.platform.vapid import VapidKey, decoded, encoded

_LISTS: Final = {0: MailList.NEWS, 1: MailList.DIGEST}
_TEXT_BYTES: Final = 9
_PURPOSE: Final = b"unsubscribe"


async def choose(engines: Engines, viewer: Viewer, chosen: MailChoice) -> None:
    """Have this written from now on; the first digest comes after its first period."""
    now = engines.clock.now()
    due_at = now + PERIODS[chosen.digest] if chosen.digest in PERIODS else None
    await store.put_choice(engines.db, viewer.account_id, chosen, due_at, first_id_at(now))


def unsubscribe_token(engines: Engines, account_id: int, letters: MailList) -> str:
    """What a link holds by which these letters can be ended, by whoever has one, without signing in. It lasts."""
    (number,) = (number for number, one in _LISTS.items() if one is letters)
    text = account_id.to_bytes(8, "big") + bytes([number])
    return encoded(text + engines.config(VapidKey).mark(_PURPOSE + text))


def ended_by(engines: Engines, token: str) -> tuple[int, MailList] | None:
    """Whose letters, and which, such a link ends; None for one that we did not make."""
    try:
        raw = decoded(token)
    except ValueError:
        return None
    text, mark = raw[:_TEXT_BYTES], raw[_TEXT_BYTES:]
    ours = hmac.compare_digest(mark, engines.config(VapidKey).mark(_PURPOSE + text))
    if not ours or len(text) != _TEXT_BYTES or text[-1] not in _LISTS:
        return None
    return int.from_bytes(text[:8], "big"), _LISTS[text[-1]]


async def unsubscribe(engines: Engines, account_id: int, letters: MailList) -> None:
    """Write an account no more of these letters; again makes no difference."""
    viewer = Viewer(account_id)
    chosen = await reads.choice(engines, viewer)
    ended = (
        replace(chosen, kinds=frozenset[str]()) if letters is MailList.NEWS else replace(chosen, digest=Digest.NEVER)
    )
    if ended != chosen:
        await choose(engines, viewer, ended)
