"""Signing keys rotate while the server runs, and nobody is signed out."""

import stat
from pathlib import Path
from typing import cast

import httpx
import jwt
import pytest

from cli.conftest import Linnet
from linnet.features.sessions.tokens import TokenRules
from linnet.platform.embedded import EmbeddedEngines
from linnet.roles import signing
from linnet.roles.keys import metrics_access
from linnet.settings import BadSetting
from world import PASSWORD, World, open_world, settings_of

STRONG = ("n3w-secret-of-32-characters-or-more", "0ld-secret-of-32-characters-or-more")


async def sign_in(world: World) -> dict[str, str]:
    answer = await world.client.post("/api/v1/auth/login", json={"identifier": "ann", "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def status_with(world: World, tokens: dict[str, str]) -> int:
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    return (await world.client.get("/oauth/userinfo", headers=bearer)).status_code


def key_of(tokens: dict[str, str]) -> str:
    return jwt.get_unverified_header(tokens["access_token"])["kid"]


async def test_a_new_key_is_known_before_it_signs_and_the_old_one_goes_on_verifying(
    world: World, servers: EmbeddedEngines, tmp_path: Path
) -> None:
    del world  # only to begin with an empty server
    own = {"jwt_secret": "", "data_dir": str(tmp_path)}
    settings = settings_of(servers.database_url, servers.valkey_url, **own)
    async with (
        open_world(servers.database_url, servers.valkey_url, **own) as signer,
        open_world(servers.database_url, servers.valkey_url, **own) as other,
    ):
        await signer.person("ann")
        before = await sign_in(signer)
        now_s = 1_800_000_000.0
        signing.rotate(settings, now_s)

        def everybody_looks(at_s: float) -> None:
            for one in (signer, other):
                signing.look(settings, cast("dict[type, object]", one.engines.configs), at_s)

        everybody_looks(now_s + 1)
        assert key_of(await sign_in(signer)) == key_of(before)
        everybody_looks(now_s + signing.LEAD_S)
        after = await sign_in(signer)
        assert key_of(after) != key_of(before)
        for tokens in (before, after):
            assert await status_with(other, tokens) == 200
        refreshed = await other.client.post("/api/v1/auth/refresh", json={"refresh_token": before["refresh_token"]})
        assert refreshed.status_code == 200
        assert signing.drop_former(settings, now_s + signing.LEAD_S) == 1
        everybody_looks(now_s + signing.LEAD_S + 1)
        signer.clock.move(seconds=120)
        await signer.engines.valkey.forget_everything()
        assert await status_with(signer, before) == 401
        assert await status_with(signer, after) == 200


async def test_a_lost_answer_to_a_refresh_is_given_again_across_a_rotation(
    world: World, servers: EmbeddedEngines, tmp_path: Path
) -> None:
    del world
    own = {"jwt_secret": "", "data_dir": str(tmp_path)}
    settings = settings_of(servers.database_url, servers.valkey_url, **own)
    async with open_world(servers.database_url, servers.valkey_url, **own) as world:
        await world.person("ann")
        first = await sign_in(world)
        body = {"refresh_token": first["refresh_token"]}
        second = (await world.client.post("/api/v1/auth/refresh", json=body)).json()
        signing.rotate(settings, 1_800_000_000.0)
        signing.look(settings, cast("dict[type, object]", world.engines.configs), 1_800_000_100.0)
        again: httpx.Response = await world.client.post("/api/v1/auth/refresh", json=body)
        assert again.json()["refresh_token"] == second["refresh_token"]


def test_secrets_are_kept_from_others_and_go_a_week_after_they_were_followed(tmp_path: Path) -> None:
    settings = settings_of("", "", jwt_secret="", data_dir=str(tmp_path))
    (first,) = signing.kept(settings)
    file = signing.secrets_file(settings)
    assert signing.rotate(settings, 1000.0)[0] == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(signing.rotate(settings, 2000.0)) == 3
    assert len(signing.rotate(settings, 2000.0 + signing.KEPT_S)) == 3
    known = signing.kept(settings)
    assert first not in known
    assert signing.in_order(known, known[-1].since_s - 1)[0] == known[-2].secret
    assert signing.in_order(known, known[-1].since_s)[0] == known[-1].secret
    assert set(signing.in_order(known, 0)) == {one.secret for one in known}


def test_configured_secrets_are_accepted_beside_the_one_that_signs_and_must_all_be_strong(tmp_path: Path) -> None:
    new, old = STRONG
    both = settings_of("", "", jwt_secret=new, jwt_secrets_accepted=f"{old}\n", data_dir=str(tmp_path))
    assert signing.signing_secrets(both, 0) == (new, old)
    assert list(TokenRules(STRONG).keys)[1:] == list(TokenRules((old,)).keys)
    for weak in ({"jwt_secret": "a" * 40}, {"jwt_secret": new, "jwt_secrets_accepted": "changeme"}):
        with pytest.raises(BadSetting, match="too weak"):
            signing.signing_secrets(settings_of("", "", data_dir=str(tmp_path), **weak), 0)
    with pytest.raises(BadSetting, match="change places"):
        signing.rotate(both, 0)


@pytest.mark.parametrize("weak", ["changeme", "a" * 40, "metricsmetrics"])
def test_a_token_for_the_metrics_that_can_be_guessed_is_refused(weak: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="LINNET_METRICS_TOKEN is too weak"):
        metrics_access(settings_of("", "", data_dir=str(tmp_path), metrics_token=weak))
    strong = metrics_access(settings_of("", "", data_dir=str(tmp_path), metrics_token="0f3b9a57c2d14e68"))
    assert strong.allows("0f3b9a57c2d14e68")


def test_an_operator_lists_rotates_and_drops_keys_without_seeing_a_secret(linnet: Linnet) -> None:
    before = linnet.run("keys", "list").stdout
    assert "signs" in before
    assert "Keys accepted: 2" in linnet.run("keys", "rotate").stdout
    listed = linnet.run("keys", "list").stdout
    assert "signs soon" in listed
    secrets = (Path(linnet.env["LINNET_DATA_DIR"]) / "secrets" / "jwt").read_text().split()
    assert not any(secret in listed for secret in secrets if len(secret) > 20)
    assert "Former keys dropped: 0" in linnet.run("keys", "drop").stdout
    assert "change places" in linnet.error("keys", "rotate", code=2, JWT_SECRET=STRONG[0])
