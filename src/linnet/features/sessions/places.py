"""Where an address is, in words for people: from the operator's database of places, if there is one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, cast

import maxminddb
import msgspec

from linnet.features.sessions.origins import ip_of
from linnet.platform.errors import ProductError

UNKNOWN_PLACE: Final = "unknown place"

NAME_CHARS_MAX: Final = 100
"""The longest name of a real place has 85 letters; what is longer comes from a file that somebody played with."""

DAMAGED: Final = (maxminddb.InvalidDatabaseError, msgspec.ValidationError, ValueError, TypeError)
"""What reading a damaged file raises: its text is no UTF-8, its numbers are text, its keys are lists."""


class BadPlaces(ProductError):
    """A file that is no database of places."""


class _Names(msgspec.Struct, frozen=True):
    en: str = ""


class _Named(msgspec.Struct, frozen=True):
    names: _Names = _Names()


class _Place(msgspec.Struct, frozen=True):
    """What we read of a record, as MaxMind and DB-IP name it; a country database has no cities."""

    city: _Named = _Named()
    country: _Named = _Named()


@dataclass(frozen=True, slots=True)
class Places:
    """What is known of where addresses are; one in each process. Without a database only what an address says."""

    database: maxminddb.Reader | None = None
    made_at_s: int | None = None
    """When the database was made, in Unix seconds."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Those of an MMDB file, of which the system keeps in memory what is asked for; raises `BadPlaces`.

        By the reader in Python, 0.2 ms an address: with a damaged file the one in C (maxminddb 3.2.0) ends the process.
        """
        try:
            reader = maxminddb.Reader(str(path), maxminddb.MODE_MMAP)
            return cls(reader, msgspec.convert(reader.metadata().build_epoch, int))
        except OSError as error:
            raise BadPlaces(f"The file cannot be read: {error.strerror or error}") from None
        except DAMAGED:
            raise BadPlaces("The file is no database of places in the MMDB format, or is damaged") from None

    def of(self, address: str) -> str:
        """`Lyon, France`, `France`, `private network`, `this machine` or `unknown place`."""
        ip = ip_of(address)
        if ip is None:
            return UNKNOWN_PLACE
        if ip.is_loopback:
            return "this machine"
        if ip.is_private:
            return "private network"
        if self.database is None:
            return UNKNOWN_PLACE
        try:
            record = cast("object", self.database.get(ip))  # pyright: ignore[reportUnknownMemberType] -- its records have open types
            found = msgspec.convert(record or {}, _Place)
        except DAMAGED:  # or a record of another kind of database, or IPv6 in one that only knows IPv4
            return UNKNOWN_PLACE
        names = [name for part in (found.city, found.country) if (name := _one_line(part.names.en))]
        return ", ".join(dict.fromkeys(names)) or UNKNOWN_PLACE  # a city-state is named once


def _one_line(name: str) -> str:
    """A name without what would break a line of a letter or turn its direction, cut at `NAME_CHARS_MAX`."""
    return " ".join("".join(char if char.isprintable() else " " for char in name).split())[:NAME_CHARS_MAX]
