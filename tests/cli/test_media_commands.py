"""What an operator types about what people upload."""

from pathlib import Path

import pytest

from cli.conftest import Linnet
from s3_server import S3Server
from uploading import picture, stored, upload
from world import MEDIA, World

CAT = "8f3b1c0e77d2a915"


@pytest.fixture
def operator(linnet: Linnet) -> Linnet:
    """Commands that find the files of the world, too."""
    return Linnet(linnet.runner, {**linnet.env, "LINNET_MEDIA_STORE_URL": Path(MEDIA.name).as_uri()})


def test_known_pictures_are_refused_listed_and_taken(linnet: Linnet, world: World) -> None:
    assert world
    assert CAT in linnet.run("media", "known-bad", "add", CAT.upper(), "--reason", "A cat", "--days", "7").stdout
    (listed,) = linnet.json("media", "known-bad", "list")
    assert (listed["hash"], listed["reason"], listed["added_by"]) == (CAT, "A cat", None)
    assert listed["expires_at"]
    linnet.run("media", "known-bad", "remove", CAT)
    assert linnet.json("media", "known-bad", "list") == []
    assert "not on the list" in linnet.error("media", "known-bad", "remove", CAT, code=1)
    assert "16 hexadecimal digits" in linnet.error("media", "known-bad", "add", "cat", code=1)
    assert "HASH or --media" in linnet.error("media", "known-bad", "add", code=2)


def test_a_list_is_exported_and_imported_and_nothing_comes_twice(linnet: Linnet, world: World, tmp_path: Path) -> None:
    assert world
    linnet.run("media", "known-bad", "add", CAT, "--reason", 'A "cat", a dog')
    linnet.run("media", "known-bad", "add", "00000000000000ff", "--days", "7")
    exported = linnet.run("media", "known-bad", "export").stdout
    assert exported.startswith("hash,reason,expires_at\n")
    file = tmp_path / "list.csv"
    file.write_text(exported, encoding="utf-8")
    assert linnet.run("media", "known-bad", "import", str(file)).stdout == "0 pictures were added.\n"
    linnet.run("media", "known-bad", "remove", CAT)
    assert linnet.run("media", "known-bad", "import", str(file)).stdout == "1 pictures were added.\n"
    assert linnet.run("media", "known-bad", "export").stdout.count("\n") == 3
    assert '"A ""cat"", a dog"' in exported
    file.write_text("hash\nnonsense\n", encoding="utf-8")
    assert "Line 2" in linnet.error("media", "known-bad", "import", str(file), code=1)
    file.write_text("something,else\n", encoding="utf-8")
    assert "first line" in linnet.error("media", "known-bad", "import", str(file), code=1)


async def uploaded(world: World, *, settles: bool = True) -> str:
    """What somebody called ada uploaded."""
    ada = await world.person("ada")
    media_id = (await upload(ada, picture(80, 60))).json()["id"]
    if settles:
        await world.settle()
    return media_id


async def test_uploads_are_listed_shown_and_counted(operator: Linnet, world: World) -> None:
    media_id = await uploaded(world)
    (listed,) = operator.json("media", "list", "--account", "ada", "--state", "ready")
    assert (listed["id"], listed["kind"], listed["source"]["content_type"]) == (media_id, "image", "image/jpeg")
    assert operator.json("media", "list", "--state", "failed") == []
    assert "ready" in operator.run("media", "list").stdout
    assert "no account called" in operator.error("media", "list", "--account", "nobody", code=1)
    shown = operator.run("media", "show", media_id).stdout
    assert f"media/{media_id}/" in shown
    assert operator.json("media", "show", media_id) == listed
    assert "no media 7" in operator.error("media", "show", "7", code=1)
    told = operator.json("media", "usage")
    assert told["kinds"] == [{"kind": "image", "uploads": 1, "bytes": listed["bytes"]}]
    assert [(one["username"], one["bytes"]) for one in told["accounts"]] == [("ada", listed["bytes"])]
    assert told["free_bytes"] > 0
    assert operator.json("media", "usage", "ada")["kinds"] == told["kinds"]
    assert "are free" in operator.run("media", "usage").stdout


async def test_what_is_stuck_is_tried_again_and_what_is_lost_is_not(operator: Linnet, world: World) -> None:
    media_id = await uploaded(world, settles=False)
    await world.engines.db.execute("delete from jobs")
    assert "takes it up" in operator.run("media", "retry", media_id).stdout
    await world.settle()
    assert operator.json("media", "show", media_id)["state"] == "ready"
    assert "is ready" in operator.error("media", "retry", media_id, code=1)
    await world.engines.db.execute("update media set state = 'failed'")
    assert "must be uploaded again" in operator.error("media", "retry", media_id, code=1)


async def test_clean_up_says_what_would_go_and_then_lets_it_go(operator: Linnet, world: World) -> None:
    media_id = await uploaded(world)
    assert "nothing to clean up" in operator.run("media", "cleanup").stdout
    await world.engines.db.execute("update media set loose_since = loose_since - interval '25 hours'")
    dry = operator.run("media", "cleanup", "--dry-run")
    assert media_id in dry.stdout
    assert "would go" in dry.stdout
    assert [one["name"] for one in operator.json("media", "cleanup", "--dry-run")] == [media_id]
    assert " went." in operator.run("media", "cleanup").stdout
    assert await world.engines.db.value("select count(*) from media") == 0
    await world.settle()
    assert await stored(world) == set()


async def test_files_are_moved_to_another_store_and_what_is_there_is_not_moved_again(
    operator: Linnet, world: World, tmp_path: Path
) -> None:
    await uploaded(world)
    there = tmp_path / "there"
    names = await stored(world)
    told = operator.run("media", "move", "--to", there.as_uri()).stdout
    assert f"{len(names)} files copied" in told
    assert {str(file.relative_to(there)) for file in files_in(there)} == names
    damaged = files_in(there)[0]
    size = damaged.stat().st_size
    damaged.write_bytes(b"x" * size)
    assert f"{len(names)} files there already" in operator.run("media", "move", "--to", there.as_uri()).stdout
    assert "1 files copied" in operator.run("media", "move", "--to", there.as_uri(), "--compare").stdout
    assert damaged.read_bytes() != b"x" * size
    assert "none of file" in operator.error("media", "move", "--to", "ftp://there", code=1)


async def test_files_are_moved_from_a_folder_to_a_bucket_and_back(
    operator: Linnet, world: World, s3: S3Server, tmp_path: Path
) -> None:
    await uploaded(world)
    names = await stored(world)
    keys = {f"LINNET_{name.upper()}": value for name, value in s3.settings("moved").items()}
    bucket = keys.pop("LINNET_MEDIA_STORE_URL")
    moving = Linnet(operator.runner, {**operator.env, **keys})
    assert f"{len(names)} files copied" in moving.run("media", "move", "--to", bucket).stdout
    assert set(s3.stored("moved")) == names
    assert f"{len(names)} files there already" in moving.run("media", "move", "--to", bucket, "--compare").stdout
    back = tmp_path / "back"
    moving.run("media", "move", "--to", back.as_uri(), LINNET_MEDIA_STORE_URL=bucket)
    for name in names:
        here = b"".join([piece async for piece in world.engines.blobs.read(name)])
        assert (back / name).read_bytes() == here


def files_in(folder: Path) -> list[Path]:
    """All files below, but those on their way."""
    return sorted(file for file in folder.rglob("*") if file.is_file() and ".unfinished" not in file.parts)
