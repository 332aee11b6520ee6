"""What the doctor says of the media store."""

import json
from pathlib import Path

from cli.conftest import Linnet
from s3_server import BUCKET, S3Server


def findings(linnet: Linnet, **settings: str) -> list[dict[str, str]]:
    ran = linnet.run("doctor", "--json", code=int(settings.pop("code", "0")), **settings)
    return [one for one in json.loads(ran.stdout) if one["check"] == "media store"]


def test_the_doctor_writes_to_a_folder_and_says_how_much_still_fits(linnet: Linnet, tmp_path: Path) -> None:
    (found,) = findings(linnet, LINNET_MEDIA_STORE_URL=(tmp_path / "media").as_uri())
    assert (found["verdict"] in {"ok", "warn"}, "GiB free" in found["found"]) == (True, True)
    assert not [file for file in (tmp_path / "media").rglob("*") if file.is_file()]


def test_the_doctor_warns_of_a_folder_that_other_machines_do_not_see(linnet: Linnet, tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    assert [one["verdict"] for one in findings(linnet, LINNET_DATA_DIR=str(tmp_path))][-1] == "warn"


def test_the_doctor_names_a_store_that_takes_nothing(linnet: Linnet, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    for wrong in ("ftp://host", (tmp_path / "taken").as_uri(), (tmp_path / "taken" / "media").as_uri()):
        (found,) = findings(linnet, code="1", LINNET_MEDIA_STORE_URL=wrong)
        assert (found["verdict"], "LINNET_MEDIA_STORE_URL" in found["advice"]) == ("fail", True)
    nobody = {"LINNET_MEDIA_STORE_ENDPOINT": "http://127.0.0.1:1", "LINNET_MEDIA_STORE_ACCESS_KEY": "key"}
    (found,) = findings(linnet, code="1", LINNET_MEDIA_STORE_URL="s3://bucket", **nobody)
    assert found["verdict"] == "fail"


async def test_the_doctor_writes_to_a_bucket(linnet: Linnet, s3: S3Server) -> None:
    rules = s3.rules("")
    bucket = {
        "LINNET_MEDIA_STORE_URL": f"s3://{BUCKET}/doctor",
        "LINNET_MEDIA_STORE_ENDPOINT": rules.endpoint,
        "LINNET_MEDIA_STORE_REGION": rules.region,
        "LINNET_MEDIA_STORE_ACCESS_KEY": rules.access_key,
    }
    (found,) = findings(linnet, **bucket, LINNET_MEDIA_STORE_SECRET_KEY=rules.secret_key)
    assert found["verdict"] == "ok"
    assert rules.endpoint in found["found"]
    wrong = "not the secret of this key"
    (found,) = findings(linnet, code="1", **bucket, LINNET_MEDIA_STORE_SECRET_KEY=wrong)
    assert found["verdict"] == "fail"
    assert wrong not in json.dumps(found)
