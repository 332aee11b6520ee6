"""Names and origins that were refused a moment ago, kept in this process: a flood of tries then costs little."""

from typing import Final

KEPT_S: Final = 2.0
"""An unlocked account is open on every process after so long."""

ENTRIES_MAX: Final = 10_000


class Refusals:
    """A bounded memory; one in each process that answers people, in `engines.configs`."""

    def __init__(self) -> None:
        self._until_s: dict[str, tuple[float, float]] = {}

    def keep(self, what: str, wait_s: float, at_s: float) -> None:
        """A name or an origin is refused for so long from that moment (Unix seconds)."""
        if len(self._until_s) >= ENTRIES_MAX:
            self._until_s.clear()
        self._until_s[what] = at_s + wait_s, at_s + KEPT_S

    def wait_s(self, what: str, at_s: float) -> float:
        """How long it is still refused at that moment; 0 when nothing is known of it, or not lately."""
        until_s, forgotten_s = self._until_s.get(what, (0.0, 0.0))
        return max(until_s - at_s, 0.0) if at_s < forgotten_s else 0.0

    def clear(self) -> None:
        """Forget everything, because something was unlocked."""
        self._until_s.clear()
