"""`linnet mail …`, and what the doctor says of the mail server."""

import json

import pytest

from cli.conftest import Linnet
from mail_server import mail_server
from world import World

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture(autouse=True)
async def _empty(world: World) -> None:  # pyright: ignore[reportUnusedFunction] -- pytest uses it
    """Engines without letters from other tests."""


def finding(linnet: Linnet, **settings: str) -> dict[str, str]:
    ran = linnet.run("doctor", "--json", code=int(settings.pop("code", "0")), **settings)
    (found,) = [one for one in json.loads(ran.stdout) if one["check"] == "mail"]
    return found


async def test_without_a_server_the_operator_reads_the_links(linnet: Linnet, world: World) -> None:
    assert linnet.run("mail", "outbox").stdout == "There are no letters in the outbox.\n"
    await world.person("ann")
    await world.client.post("/api/v1/auth/password/forgot", json={"identifier": "ann"})
    await world.settle()
    (letter,) = linnet.json("mail", "outbox")
    assert letter["to"] == "ann@example.org"
    assert letter["subject"] == "Choose a new password"
    assert letter["links"][0].startswith("https://linnet.test/password/reset/")
    assert letter["links"][0] in linnet.run("mail", "outbox").stdout.splitlines()[1]


def test_a_letter_to_try_whether_letters_arrive(linnet: Linnet) -> None:
    assert "linnet mail outbox" in linnet.run("mail", "test", "me@example.org").stdout
    with mail_server(users={"linnet": "pass"}) as server:
        url = server.url.replace("//", "//linnet:pass@")
        said = linnet.run("mail", "test", "me@example.org", LINNET_SMTP_URL=url).stdout
        assert f"127.0.0.1:{server.port} has taken the letter" in said
        assert [letter["Subject"] for letter in server.to("me@example.org")] == ["Letters arrive"]
        server.refusals["gone@example.org"] = "550 no such mailbox"
        assert "refused the letter for good (reply 550)" in linnet.error(
            "mail", "test", "gone@example.org", code=1, LINNET_SMTP_URL=url
        )
        wrong = linnet.error("mail", "test", "me@example.org", code=1, LINNET_SMTP_URL=url.replace("pass", "guess"))
        assert "answered 535" in wrong
        assert "guess" not in wrong
    assert "is not an e-mail address" in linnet.error("mail", "test", "nobody", code=1)


def test_a_server_that_cannot_be_named_is_a_wrong_setting(linnet: Linnet) -> None:
    said = linnet.error("mail", "outbox", code=2, LINNET_SMTP_URL="smtp://u:geheim@/x")
    assert "LINNET_SMTP_URL" in said
    assert "geheim" not in said
    assert "LINNET_MAIL_FROM" in linnet.error("mail", "outbox", code=2, LINNET_MAIL_FROM="nobody")


def test_the_doctor_calls_the_mail_server(linnet: Linnet) -> None:
    assert finding(linnet)["verdict"] == "ok"
    assert finding(linnet, LINNET_PUBLIC_URL="https://linnet.example")["verdict"] == "warn"
    with mail_server() as server:
        found = finding(linnet, LINNET_SMTP_URL=server.url)
        assert (found["verdict"], "takes letters" in found["found"]) == ("ok", True)
    found = finding(linnet, LINNET_SMTP_URL=server.url, code="1")
    assert (found["verdict"], "could not be used" in found["found"]) == ("fail", True)
    assert finding(linnet, LINNET_SMTP_URL="nonsense", code="1")["verdict"] == "fail"
