"""What an operator types about policies of moderation: show, check, try, activate, history."""

from pathlib import Path

from cli.conftest import Linnet
from world import World

STRICT = '[[rule]]\nname = "spam"\nsurfaces = ["post"]\nmeasure = "reject"\nwhen = { spam = 0.6 }\n'
FOLLOWERS = "Free followers for everybody, ask me"


async def test_an_operator_tries_a_policy_and_lets_it_hold(linnet: Linnet, world: World, tmp_path: Path) -> None:
    ann = await world.person("ann")
    await ann.post(FOLLOWERS)
    file = tmp_path / "policy.toml"
    file.write_text(STRICT, encoding="utf-8")
    assert "1 rules" in linnet.run("moderation", "policy", "check", str(file)).stdout
    tried = linnet.run("moderation", "replay", "--policy", str(file), "--since", "1d").stdout
    assert "1 would have been others" in tried
    assert "limit_reach" in tried
    assert "spam (1)" in tried
    assert FOLLOWERS in tried
    told = linnet.json("moderation", "replay", "--policy", str(file))
    assert [(one["surface"], one["before"], one["after"]) for one in told["changes"]] == [
        ("post", "limit_reach", "reject")
    ]
    assert linnet.json("moderation", "policy", "history")["active"] == 0
    done = linnet.run("moderation", "policy", "activate", str(file), "--note", "Stricter", "--yes").stdout
    assert "1 would have been others" in done
    history = linnet.json("moderation", "policy", "history")
    version = history["active"]
    assert [(one["number"], one["note"]) for one in history["versions"]] == [(version, "Stricter")]
    assert f"Version {version} holds" in done
    assert linnet.run("moderation", "policy", "show").stdout == STRICT
    assert (await ann.ask("POST", "/api/v1/statuses", json={"status": FOLLOWERS})).status_code == 422
    linnet.run("moderation", "policy", "activate", "--version", "0", "--yes")
    assert "holds" in linnet.run("moderation", "policy", "history").stdout
    assert "spam beyond doubt" in linnet.run("moderation", "policy", "show").stdout


async def test_mistakes_in_a_policy_are_said_in_one_go(linnet: Linnet, world: World, tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(STRICT.replace("post", "wall").replace("0.6", "6"), encoding="utf-8")
    told = linnet.error("moderation", "policy", "check", str(file), code=1)
    assert "'wall' is none of post" in told
    assert "spam must be a number from 0.05 to 0.999" in told
    assert "Say which" in linnet.run("moderation", "policy", "activate", code=2).stderr
    assert linnet.error("moderation", "policy", "show", "--version", "77", code=1).startswith(
        "Error: There is no policy"
    )
    assert world.engines
