"""Links in letters by which one appeals without signing in: who is suspended cannot, and others need not."""

import hmac
from typing import Final

from linnet.features.cases.appeals.models import Against
from linnet.platform.engines import Engines
from linnet.platform.vapid import VapidKey, decoded, encoded

_KINDS: Final = {0: Against.DECISION, 1: Against.STRIKE}
_TEXT_BYTES: Final = 17
_PURPOSE: Final = b"appeal"


def token_of(engines: Engines, account_id: int, against: Against, subject_id: int) -> str:
    """What a link holds by which a decision or a strike can be appealed, by whoever has the letter."""
    (kind,) = (number for number, one in _KINDS.items() if one is against)
    text = account_id.to_bytes(8, "big") + bytes([kind]) + subject_id.to_bytes(8, "big")
    return encoded(text + engines.config(VapidKey).mark(_PURPOSE + text))


def named_by(engines: Engines, token: str) -> tuple[int, Against, int] | None:
    """Whose, and which decision or strike, such a link is about; None for one that we did not make."""
    try:
        raw = decoded(token)
    except ValueError:
        return None
    text, mark = raw[:_TEXT_BYTES], raw[_TEXT_BYTES:]
    if len(text) != _TEXT_BYTES or not hmac.compare_digest(mark, engines.config(VapidKey).mark(_PURPOSE + text)):
        return None
    return int.from_bytes(text[:8], "big"), _KINDS[text[8]], int.from_bytes(text[9:], "big")
