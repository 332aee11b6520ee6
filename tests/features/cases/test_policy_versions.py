"""Stories of policies: an admin tries one on what was decided, lets it hold, and goes back; others may not."""

from datetime import timedelta
from typing import Any

from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases.policies import reads
from linnet.features.moderation import policy
from world import SCOPES, Person, World

POLICIES = "/api/v1/admin/policies"
PRIZE = "Claim your prize: earn 500 dollars a day from home, text me on WhatsApp +1 555 123 4567 http://bit.ly/x"
OFFER = "Make money fast, earn $5000 a week from home, free bitcoin, whatsapp me +1 555 123 4567"
FOLLOWERS = "Free followers for everybody, ask me"

STRICT = """
[[rule]]
name = "anything like spam"
surfaces = ["post", "reply_to_stranger"]
measure = "reject"
when = { spam = 0.6 }
"""
LAX = '[[rule]]\nname = "nothing much"\nsurfaces = ["post"]\nmeasure = "label"\nwhen = { spam = 0.999 }\n'


async def admin_of(world: World, role: Role = Role.ADMIN) -> Person:
    return await world.person(f"a-{role}".replace("-", ""), role=role, scopes=(*SCOPES, "admin:read", "admin:write"))


async def said(world: World) -> Person:
    """Somebody of whom a post was held, after others were refused and limited."""
    ann, carl, dora = await world.people("ann", "carl", "dora")
    assert (await carl.ask("POST", "/api/v1/statuses", json={"status": PRIZE})).status_code == 422
    assert (await dora.post(FOLLOWERS))["moderation"]["measure"] == "limit_reach"
    assert (await ann.post(OFFER))["moderation"]["measure"] == "hold"
    await ann.post("Good morning")
    await world.settle()
    return ann


def changes(replayed: Any) -> dict[tuple[str, str], int]:
    return {(one["before"], one["after"]): one["number"] for one in replayed["changes"]}


async def test_a_stricter_policy_is_tried_on_what_was_decided_before_it_holds(world: World) -> None:
    ann, admin = await said(world), await admin_of(world)
    tried = await admin.do("POST", f"{POLICIES}/replay", source=STRICT)
    assert (tried["decisions"], tried["same"], tried["left_out"], tried["complete"]) == (3, 1, 0, True)
    assert changes(tried) == {("hold", "reject"): 1, ("limit_reach", "reject"): 1}
    (held,) = [one for one in tried["changes"] if one["before"] == "hold"]
    assert held["rules"] == [{"name": "anything like spam", "number": 1}]
    (sample,) = held["samples"]
    assert (sample["text"], sample["account_id"], sample["rule"]) == (OFFER, str(ann.id), "anything like spam")
    (sign,) = sample["signs"]
    assert sign["name"] == "spam"
    assert sign["score"] > 0.9 > sign["least"]
    assert "spam_offer" in {one["code"] for one in sample["reasons"]}
    assert (await admin.get(POLICIES))["activations"] == [], "nothing was changed by it"

    added = await admin.do("POST", POLICIES, source=STRICT, note="Enough")
    assert (added["version"] > 0, added["active"], added["note"]) == (True, False, "Enough")
    assert "moderation" not in await ann.post("Good evening")
    activated = await admin.do("POST", f"{POLICIES}/{added['version']}/activate")
    assert activated["active"] is True
    refused = await ann.ask("POST", "/api/v1/statuses", json={"status": FOLLOWERS})
    assert refused.status_code == 422
    listed = await admin.get(POLICIES)
    assert [(one["version"], one["active"]) for one in listed["versions"]] == [(added["version"], True), (0, False)]
    assert listed["activations"][0]["activated_by_account_id"] == str(admin.id)
    acts = await admin.get("/api/v1/admin/audit_log")
    assert [one["action"] for one in acts[:2]] == ["policy.activate", "policy.add"]

    await admin.do("POST", f"{POLICIES}/0/activate")
    assert "Free followers" in (await ann.post(FOLLOWERS))["content"]
    assert (await admin.get(f"{POLICIES}/{added['version']}"))["source"] == STRICT


async def test_a_milder_policy_names_the_rules_that_would_not_hold_any_more(world: World) -> None:
    await said(world)
    admin = await admin_of(world)
    tried = await admin.do("POST", f"{POLICIES}/replay", source=LAX, samples=0)
    assert sum(changes(tried).values()) == 3
    rules = {one["before"]: [rule["name"] for rule in one["rules"]] for one in tried["changes"]}
    assert rules["limit_reach"] == ["probably spam"]
    assert all(one["samples"] == [] for one in tried["changes"])


async def test_a_replay_is_of_the_time_that_was_asked_for(world: World) -> None:
    await said(world)
    world.clock.move(days=3)
    admin = await admin_of(world)
    assert (await admin.do("POST", f"{POLICIES}/replay", source=STRICT, days=2))["decisions"] == 0
    assert (await admin.do("POST", f"{POLICIES}/replay", source=STRICT, days=4))["decisions"] == 3


async def test_the_policy_that_holds_changes_nothing_and_a_replay_says_how_far_it_is(world: World) -> None:
    ann = await said(world)
    for _ in range(4):
        await (await world.person()).post(FOLLOWERS)
        await (await world.person()).post(f"@{ann.username} {OFFER}")
    told: list[tuple[int, float]] = []
    replayed = await reads.replay(
        world.engines,
        OPERATOR,
        policy.default_source(),
        timedelta(days=1),
        progress=lambda seen, share: told.append((seen, share)),
    )
    assert (replayed.replay.seen, replayed.replay.changes, replayed.replay.left_out) == (11, {}, 0)
    assert sum(replayed.replay.same.values()) == 11
    assert told[-1][0] == 11
    assert 0 <= told[-1][1] <= 1


async def test_what_is_wrong_with_a_policy_is_said_and_nothing_is_kept(world: World) -> None:
    admin = await admin_of(world)
    wrong = STRICT.replace('"reject"', '"banish"') + "\n[wieghts]\n"
    for path in (POLICIES, f"{POLICIES}/replay"):
        answer = await admin.ask("POST", path, json={"source": wrong})
        assert answer.status_code == 422
        assert "'banish' is none of allow, label" in answer.json()["error"]
        assert "wieghts" in answer.json()["error"]
    assert (await admin.ask("POST", POLICIES, json={"source": "=" * 10})).status_code == 422
    assert (await admin.ask("POST", POLICIES, json={"source": STRICT, "note": "x" * 501})).status_code == 422
    for version in ("1", "99999999999"):
        assert (await admin.ask("POST", f"{POLICIES}/{version}/activate")).status_code == 404
        assert (await admin.ask("GET", f"{POLICIES}/{version}")).status_code == 404
    assert [one["version"] for one in (await admin.get(POLICIES))["versions"]] == [0]


async def test_moderators_do_not_write_policies(world: World) -> None:
    moderator = await admin_of(world, Role.MODERATOR)
    assert (await moderator.ask("GET", POLICIES)).status_code == 403
    for path in (POLICIES, f"{POLICIES}/replay", f"{POLICIES}/0/activate"):
        assert (await moderator.ask("POST", path, json={"source": STRICT})).status_code == 403
