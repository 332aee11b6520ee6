"""A status that was just deleted, as far as those who look on are told of it: who could have seen it, and no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from linnet.features.statuses.models import Visibility

_ORDER = tuple(Visibility)


@dataclass(frozen=True, slots=True)
class Gone:
    """A status or reblog that nobody can read any more."""

    status_id: int
    account_id: int
    visibility: Visibility
    reblogged_id: int = 0
    """Of a reblog, whose status it showed: an account's id."""
    mention_ids: tuple[int, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """As they go with a `Live.DELETED`."""
        place = _ORDER.index(self.visibility)
        return (self.status_id, self.account_id, place, self.reblogged_id, *self.mention_ids)

    @classmethod
    def of(cls, numbers: Sequence[int]) -> Self | None:
        """What those numbers say; None when they are none of ours."""
        if len(numbers) < 4 or not 0 <= numbers[2] < len(_ORDER):  # noqa: PLR2004 -- what `numbers` begins with
            return None
        status_id, account_id, place, reblogged_id, *mention_ids = numbers
        return cls(status_id, account_id, _ORDER[place], reblogged_id, tuple(mention_ids))
