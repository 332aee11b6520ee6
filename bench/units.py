"""What one of each thing costs: the capacity model's input, measured by the bench and kept in `units.json`."""

from pathlib import Path

import msgspec

DEFAULTS = Path(__file__).parent / "units.json"


class Units(msgspec.Struct, frozen=True, kw_only=True):
    """Unit costs on one core: CPU in ms (`_ms`) or µs (`_us`), sizes in bytes or MiB. Zero: not measured."""

    # A warm read of a home; the first by somebody whom the API process does not know yet; one that rebuilds a home; and
    # what merging large authors adds to each.
    read_api_ms: float = 0.0
    read_postgres_ms: float = 0.0
    read_valkey_ms: float = 0.0
    first_api_ms: float = 0.0
    first_postgres_ms: float = 0.0
    first_valkey_ms: float = 0.0
    cold_api_ms: float = 0.0
    cold_postgres_ms: float = 0.0
    cold_valkey_ms: float = 0.0
    merge_first_api_ms: float = 0.0
    merge_first_postgres_ms: float = 0.0
    merge_first_valkey_ms: float = 0.0
    merge_next_api_ms: float = 0.0
    merge_next_postgres_ms: float = 0.0
    merge_next_valkey_ms: float = 0.0

    # A post to 150 followers, all of it; a delivery to a home, and passing by a follower who has none.
    post_api_ms: float = 0.0
    post_postgres_ms: float = 0.0
    post_worker_ms: float = 0.0
    post_valkey_ms: float = 0.0
    post_wal_bytes: float = 0.0
    delivery_worker_us: float = 0.0
    delivery_valkey_us: float = 0.0
    passing_worker_us: float = 0.0
    passing_valkey_us: float = 0.0

    # Sizes: a page on the wire, a home in Valkey, rows with their indexes in PostgreSQL, processes.
    page_bytes: float = 0.0
    home_bytes: float = 0.0
    account_bytes: float = 0.0
    follow_bytes: float = 0.0
    status_bytes: float = 0.0
    api_mib: float = 0.0
    worker_mib: float = 0.0
    scheduler_mib: float = 0.0

    @classmethod
    def load(cls, path: Path = DEFAULTS) -> "Units":
        """The units in a file."""
        return msgspec.json.decode(path.read_bytes(), type=cls)

    def save(self, path: Path = DEFAULTS) -> None:
        """Write them, one a line, to four digits: more would only be noise in a difference."""
        rounded = {name: float(f"{value:.4g}") for name, value in msgspec.structs.asdict(self).items()}
        path.write_bytes(msgspec.json.format(msgspec.json.encode(rounded), indent=1) + b"\n")
