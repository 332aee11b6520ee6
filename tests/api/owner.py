"""Somebody at a client of ours, who signs in with a password and has second factors."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from pyotp.totp import TOTP

from authenticator import Authenticator
from world import PASSWORD, Person, World


@dataclass
class Owner:
    """A person with a session, the secret in their authenticator app, their recovery codes and their device."""

    world: World
    person: Person
    token: str = ""
    secret: str = ""
    codes: list[str] = field(default_factory=list[str])
    device: Authenticator = field(default_factory=Authenticator)

    async def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.world.client.request(method, f"/api/v1/auth/{path}", headers=headers, **request)

    async def do(self, method: str, path: str, **body: Any) -> Any:
        """The JSON of a request that must succeed."""
        answer = await self.ask(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    async def password(self, password: str = PASSWORD) -> httpx.Response:
        """The answer to name and password."""
        form = {"identifier": self.person.username, "password": password}
        return await self.world.client.post("/api/v1/auth/login", json=form)

    async def sign_in(self) -> None:
        answer = await self.password()
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["access_token"]

    async def begin(self) -> str:
        """The token of a sign-in that waits for the second factor."""
        answer = await self.password()
        assert answer.status_code == 401, answer.text
        assert answer.json()["error_code"] == "second_factor_required"
        return answer.json()["second_factor"]["token"]

    async def second(self, step: str, **factor: Any) -> httpx.Response:
        """The answer to a second factor; who is let in keeps the token."""
        answer = await self.world.client.post("/api/v1/auth/second_factor", json={"token": step, **factor})
        if answer.is_success:
            self.token = answer.json()["access_token"]
        return answer

    def code(self, *, steps: int = 0) -> str:
        """What the app shows, `steps` half minutes from now."""
        return TOTP(self.secret).at(self.world.clock.now(), counter_offset=steps)

    async def add_app(self) -> None:
        """Enrol an authenticator app; its first code is used up, so time goes on a little."""
        self.secret = (await self.do("POST", "factors/totp"))["secret"]
        self.codes += (await self.do("POST", "factors/totp/confirm", code=self.code()))["recovery_codes"]
        self.world.clock.move(seconds=60)

    async def add_passkey(self, name: str = "Phone") -> dict[str, Any]:
        """Add a passkey by a device like `device`, which then has it: devices do not take a second one."""
        fresh = replace(self.device, credentials=[])
        credential = fresh.create(await self.do("POST", "passkeys/options"))
        self.device.credentials += fresh.credentials
        added = await self.do("POST", "passkeys", credential=credential, name=name)
        self.codes += added["recovery_codes"]
        return added["passkey"]

    async def passkey_sign_in(self, device: Authenticator | None = None, **more: Any) -> httpx.Response:
        """Sign in with a passkey and nothing else."""
        asked = (await self.world.client.post("/api/v1/auth/passkeys/signin/options")).json()
        credential = (device or self.device).get(asked["options"])
        form = {"ceremony": asked["ceremony"], "credential": credential, **more}
        answer = await self.world.client.post("/api/v1/auth/passkeys/signin", json=form)
        if answer.is_success:
            self.token = answer.json()["access_token"]
        return answer


async def owner(world: World, name: str = "ann") -> Owner:
    """Somebody who has just signed in and has no second factor yet."""
    made = Owner(world, await world.person(name))
    await made.sign_in()
    return made


async def changes_told(world: World) -> list[str]:
    """What owners are about to be told of their factors, in order."""
    rows = await world.engines.db.rows("select work from jobs where name like '%factors%' order by id")
    return [json.loads(row["work"])["what"] for row in rows]
