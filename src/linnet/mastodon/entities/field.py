"""Field, as on the wire (https://docs.joinmastodon.org/entities/Account/#Field)."""

import msgspec


class Field(msgspec.Struct):
    """One line of a profile's table; `value` is HTML on an account, and plain text in its owner's source."""

    name: str
    value: str
    verified_at: str | None = None
