"""A push on the whole way: through the processes of `linnet serve` to a service that is no part of it."""

import asyncio
from pathlib import Path

import httpx
import pytest

from mail_server import certificate
from push_service import push_service
from running import Server, running_server
from web_server import serving_with

ARRIVES_WITHIN_S = 30.0
WORDS = "a-pushed-word-4715"


async def test_a_mention_reaches_the_app_and_no_log(
    seed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    async with push_service(serving_with(file)) as service:
        phone = service.receiver()

        def talk(server: Server) -> None:
            alice, bob = server.join("alice"), server.join("bob")
            with httpx.Client(base_url=server.url) as http:
                body = {"subscription": phone.subscription, "data": {"alerts": {"mention": True}}}
                told = http.post("/api/v1/push/subscription", json=body, headers=bob.headers).json()
                phone.server_key = told["server_key"]
                answer = http.post("/api/v1/statuses", json={"status": f"@{bob.name} {WORDS}"}, headers=alice.headers)
                assert answer.status_code == 200

        with running_server(seed, outgoing_allowed="127.0.0.1/32", log_level="debug") as server:
            await asyncio.to_thread(talk, server)
            async with asyncio.timeout(ARRIVES_WITHIN_S):
                while not service.arrived:  # noqa: ASYNC110 -- another process sends it
                    await asyncio.sleep(0.05)
            said = server.log()
    (message,) = service.messages(phone)
    assert message["title"].endswith("mentioned you")
    assert message["body"].endswith(WORDS)
    assert message["access_token"] == "", "a session's token does not last, so none is kept"
    assert '"job":"push.send"' in said
    for secret in (WORDS, phone.endpoint, phone.subscription["keys"]["auth"], phone.subscription["keys"]["p256dh"]):
        assert secret not in said
