"""What an operator types to tell everybody something, and the server's texts."""

from pathlib import Path

from cli.conftest import Linnet
from world import World


async def test_an_operator_publishes_schedules_rewords_and_takes_back(linnet: Linnet, world: World) -> None:
    ada = await world.person("ada")
    told = linnet.run("announcement", "publish", "Hello *everybody*", "--ends", "2099-01-01").stdout
    announcement_id = told.split()[1]
    linnet.run("announcement", "schedule", "Happy new year!", "--at", "2098-12-31T23:00+01:00", "--all-day",
               "--starts", "2099-01-01", code=0)  # fmt: skip
    listed = linnet.json("announcement", "list")
    assert [(one["text"], one["scheduled_at"]) for one in listed] == [
        ("Happy new year!", "2098-12-31T22:00:00Z"),
        ("Hello *everybody*", None),
    ]
    assert listed[1]["id"] == announcement_id
    linnet.run("announcement", "reword", announcement_id, "Hello all")
    assert [one["content"] for one in await ada.get("/api/v1/announcements")] == ["<p>Hello all</p>"]
    linnet.run("announcement", "unpublish", announcement_id)
    assert await ada.get("/api/v1/announcements") == []
    assert "No announcement" in linnet.error("announcement", "unpublish", announcement_id, code=1)
    assert "not a time" in linnet.error("announcement", "publish", "x", "--ends", "soon", code=2)
    assert "Happy new year" in linnet.run("announcement", "list").stdout
    acts = [one["action"] for one in linnet.json("audit")]
    assert acts[:2] == ["announcement.unpublish", "announcement.reword"]


async def test_an_operator_publishes_the_servers_texts(linnet: Linnet, world: World, tmp_path: Path) -> None:
    written = tmp_path / "terms.md"
    written.write_text("# Terms\n\nBe kind.", encoding="utf-8")
    linnet.run("site-text", "publish", "terms-of-service", str(written))
    linnet.run("site-text", "publish", "terms-of-service", str(written), "--on", "2098-01-01")
    assert linnet.json("site-text", "list")[0]["effective_on"] == "2098-01-01"
    assert "terms-of-service" in linnet.run("site-text", "list").stdout
    terms = (await world.get("/api/v1/instance/terms_of_service")).json()
    assert (terms["content"], terms["succeeded_by"]) == ("<h1>Terms</h1>\n<p>Be kind.</p>", "2098-01-01")
    linnet.run("site-text", "withdraw", "terms-of-service", "2098-01-01")
    assert "There is no" in linnet.error("site-text", "withdraw", "terms-of-service", "2098-01-01", code=1)
