"""What an operator types about what people upload."""

from pathlib import Path

from cli.conftest import Linnet
from world import World

CAT = "8f3b1c0e77d2a915"


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
