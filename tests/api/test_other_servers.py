"""Stories of staff who keep lists of other servers, on a server that talks to none."""

from linnet.features.accounts.models import Role
from world import SCOPES, Person, World

ALLOWS, BLOCKS = "/api/v1/admin/domain_allows", "/api/v1/admin/domain_blocks"


async def moderator(world: World) -> Person:
    return await world.person("maud", role=Role.MODERATOR, scopes=(*SCOPES, "admin:read", "admin:write"))


async def test_a_server_is_blocked_in_one_way_or_another_and_let_go(world: World) -> None:
    maud = await moderator(world)
    made = await maud.do("POST", BLOCKS, domain=" Spam.Example ", severity="suspend", public_comment="spam")
    assert (made["domain"], made["severity"], made["public_comment"]) == ("spam.example", "suspend", "spam")
    assert (made["reject_media"], made["obfuscate"], made["private_comment"]) == (False, False, None)
    assert len(made["digest"]) == 64
    again = await maud.ask("POST", BLOCKS, json={"domain": "spam.example"})
    assert again.json()["details"]["domain"][0]["error"] == "ERR_TAKEN"
    path = f"{BLOCKS}/{made['id']}"
    changed = await maud.do("PUT", path, severity="silence", reject_media=True)
    assert (changed["severity"], changed["reject_media"], changed["public_comment"]) == ("silence", True, "spam")
    assert await maud.get(path) == changed
    assert (await maud.ask("PUT", path, json={"severity": "gently"})).status_code == 422
    assert await maud.do("DELETE", path) == {}
    assert (await maud.ask("GET", path)).status_code == 404
    acts = [one["action"] for one in await maud.get("/api/v1/admin/audit_log")]
    assert acts[:3] == ["domain_block.delete", "domain_block.update", "domain_block.create"]


async def test_allowing_twice_is_no_mistake_and_the_lists_are_two(world: World) -> None:
    maud = await moderator(world)
    made = await maud.do("POST", ALLOWS, domain="friends.example")
    assert await maud.do("POST", ALLOWS, domain="friends.example") == made
    assert await maud.get(BLOCKS) == []
    assert (await maud.ask("GET", f"{BLOCKS}/{made['id']}")).status_code == 404
    assert (await maud.ask("DELETE", f"{BLOCKS}/{made['id']}")).status_code == 404
    assert await maud.get(f"{ALLOWS}/{made['id']}") == made
    await maud.do("DELETE", f"{ALLOWS}/{made['id']}")
    assert await maud.get(ALLOWS) == []
    assert (await maud.ask("POST", ALLOWS, json={"domain": "not a domain"})).status_code == 422
