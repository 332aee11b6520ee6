"""Databases of places for tests, in the format that MaxMind publishes."""

import time
from pathlib import Path
from typing import Any

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

LYON, FRANCE, NOWHERE, ODD, EVIL = "1.0.0.7", "2.0.0.7", "3.0.0.7", "4.0.0.7", "5.0.0.7"


def named(**names: Any) -> dict[str, Any]:
    return {"geoname_id": 1, "names": names}


def written(file: Path, places: dict[str, Any], *, ip_version: int = 6, made_at_s: int | None = None) -> Path:
    """An MMDB file that has these records of networks."""
    writer = MMDBWriter(ip_version, "Tiny-City", ["en"], "Places of a test", ipv4_compatible=ip_version == 6)
    for network, record in places.items():
        writer.insert_network(IPSet([network]), record)
    if made_at_s is None:
        writer.to_db_file(str(file))
        return file
    with pytest.MonkeyPatch.context() as patch:  # the library writes the time of its clock
        patch.setattr(time, "time", lambda: made_at_s)
        writer.to_db_file(str(file))
    return file


CITIES: dict[str, Any] = {
    "1.0.0.0/24": {"city": named(de="Lyon (de)", en="Lyon"), "country": {**named(en="France"), "iso_code": "FR"}},
    "2.0.0.0/24": {"continent": named(en="Europe"), "country": named(en="France")},
    "4.0.0.0/24": {"city": named(en=["Lyon"]), "country": 7},
    "5.0.0.0/24": {"city": named(en="<b>Ly\r\nBcc: on</b>\u202e"), "country": named(en="F" * 1000)},
    "6.0.0.0/24": {"city": named(en="Singapore"), "country": named(en="Singapore")},
    "7.0.0.0/24": {"city": named(de="Lyon"), "country": named(de="Frankreich")},
    "9.0.0.0/24": "France",
    "11.0.0.0/24": {"country": "France"},
    "10.0.0.0/24": {"country": named(en="Not France")},
    "127.0.0.0/24": {"country": named(en="Not France")},
    "2a00:1450::/32": {"country": named(en="Ireland")},
}
