"""What the operator hears about a database of places."""

import time
from pathlib import Path

from cli.conftest import Linnet
from places_file import CITIES, written


def test_a_file_that_cannot_be_used_is_a_wrong_setting(linnet: Linnet, tmp_path: Path) -> None:
    (tmp_path / "empty.mmdb").touch()
    (tmp_path / "letter.mmdb").write_text("Dear reader", encoding="utf-8")
    for name, why in (
        ("none.mmdb", "No such file"),
        ("empty.mmdb", "no database of places"),
        ("letter.mmdb", "no database of places"),
        (".", "Is a directory"),
    ):
        said = linnet.error("account", "list", code=2, LINNET_GEOIP_DATABASE=str(tmp_path / name))
        assert "LINNET_GEOIP_DATABASE" in said
        assert why in said


def test_the_doctor_speaks_of_places_only_when_something_is_wrong(linnet: Linnet, tmp_path: Path) -> None:
    assert "places" not in linnet.run("doctor").stdout
    new = written(tmp_path / "new.mmdb", CITIES)
    assert "places" not in linnet.run("doctor", LINNET_GEOIP_DATABASE=str(new)).stdout
    old = written(tmp_path / "old.mmdb", CITIES, made_at_s=int(time.time()) - 400 * 86_400)
    assert "places: the database is 400 days old" in linnet.run("doctor", LINNET_GEOIP_DATABASE=str(old)).stdout
    gone = linnet.run("doctor", code=1, LINNET_GEOIP_DATABASE=str(tmp_path / "gone.mmdb")).stdout
    assert "places: the database cannot be used" in gone
