"""What the index cannot say, as SQL on a single post: fixed pieces of text put together, values as parameters."""

from typing import Final, LiteralString

from linnet.features.search.models import Before, Favoured, Since
from linnet.features.search.plan import Condition, Junction, Matching, Negation

PARAMETERS_MAX: Final = 50

_NAMES: Final[tuple[LiteralString, ...]] = (
    "$10", "$11", "$12", "$13", "$14", "$15", "$16", "$17", "$18", "$19", "$20", "$21", "$22", "$23", "$24", "$25",
    "$26", "$27", "$28", "$29", "$30", "$31", "$32", "$33", "$34", "$35", "$36", "$37", "$38", "$39", "$40", "$41",
    "$42", "$43", "$44", "$45", "$46", "$47", "$48", "$49", "$50", "$51", "$52", "$53", "$54", "$55", "$56", "$57",
    "$58", "$59",
)  # fmt: skip
"""Parameters after those that every search has."""


class Where:
    """A condition on `statuses s` that grows; `sql` begins with `and` where there is any."""

    def __init__(self, conditions: tuple[Condition, ...]) -> None:
        self.args: list[object] = []
        self.sql: LiteralString = ""
        for condition in conditions:
            self.sql += " and (" + self._said(condition) + ")"

    def _said(self, condition: Condition) -> LiteralString:
        match condition:
            case Matching(tsquery):
                return (
                    "select d.words @@ "
                    + self._value(tsquery)
                    + "::text::tsquery from search_documents d where d.status_id = s.id"
                )
            case Before(status_id):
                return "s.id < " + self._value(status_id)
            case Since(status_id):
                return "s.id >= " + self._value(status_id)
            case Favoured(times):
                return (
                    "coalesce((select c.favourites from status_counters c where c.status_id = s.id), 0) >= "
                    + self._value(times)
                    + "::bigint"
                )
            case Negation(part):
                return "not (" + self._said(part) + ")"
            case Junction(parts, either):
                return (" or " if either else " and ").join(["(" + self._said(part) + ")" for part in parts])

    def _value(self, value: object) -> LiteralString:
        self.args.append(value)
        return _NAMES[len(self.args) - 1]
