"""A window on a list ordered by id, newest first: what a store needs to know to fetch one page."""

from dataclasses import dataclass

from linnet.platform.ids import ID_MAX


@dataclass(frozen=True, slots=True)
class Window:
    """Rows with `since_id`/`min_id` < id < `max_id`, at most `limit` of them, always answered newest first."""

    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None
    limit: int = 20

    @property
    def forward(self) -> bool:
        """True when the rows nearest above `min_id` are wanted rather than the newest ones."""
        return self.min_id is not None

    @property
    def above(self) -> int | None:
        """The largest id that is too old for this page, whichever parameter named it."""
        return self.since_id if self.min_id is None else self.min_id

    @property
    def floor(self) -> int:
        """`above` as a number every id exceeds when nothing was asked."""
        return self.above or 0

    @property
    def ceiling(self) -> int:
        """`max_id` as a number no id reaches when nothing was asked."""
        return ID_MAX if self.max_id is None else self.max_id
