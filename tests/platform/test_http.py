"""Requests to addresses that others chose: where they may go, how long and how much."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import IPv4Address, IPv4Network, IPv6Address
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from linnet.platform.addresses import BadAddress, is_public, networks_in
from linnet.platform.http import ORIGIN_REQUESTS_MAX, Outgoing, OutgoingRules, TooBig, Unreachable, checked
from web_server import Heard, Reply, tls_for, web_server

ALLOWED = "127.0.0.5"
"""The one address of this machine that the clients of these tests may reach; Linux has all of 127.0.0.0/8."""

FORBIDDEN = "127.0.0.1"


@asynccontextmanager
async def opened(**more: Any) -> AsyncGenerator[Outgoing]:
    client = Outgoing(OutgoingRules("Linnet/test", (IPv4Network(f"{ALLOWED}/32"),)), **more)
    try:
        yield client
    finally:
        await client.close()


@pytest.fixture
async def client() -> AsyncIterator[Outgoing]:
    async with opened() as client:
        yield client


async def say_hello(heard: Heard) -> Reply:
    return Reply(headers={"Content-Type": "text/plain", "X-Path": heard.target}, body=b"hello " + heard.body)


async def test_a_public_server_is_asked_and_hears_who_asks(client: Outgoing) -> None:
    async with web_server(say_hello, hosts=[ALLOWED]) as server:
        got = await client.get(f"http://{ALLOWED}:{server.port}/a?b=c#d", headers={"Accept": "text/html"})
        posted = await client.post(f"http://{ALLOWED}:{server.port}/in", b"you")
    assert (got.status, got.body, got.headers["x-path"], got.is_cut) == (200, b"hello ", "/a?b=c", False)
    assert (posted.body, server.heard[1].method) == (b"hello you", "POST")
    assert server.heard[0].headers["user-agent"] == "Linnet/test"
    assert server.heard[0].headers["accept"] == "text/html"
    assert server.connections == 1


@pytest.mark.parametrize(
    "host",
    [
        FORBIDDEN,
        "localhost",
        "0.0.0.0",  # noqa: S104 -- leads to this machine
        "127.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "10.1.2.3",
        "172.31.255.255",
        "192.168.0.1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
async def test_private_networks_are_never_reached(client: Outgoing, host: str) -> None:
    with pytest.raises(BadAddress):
        await client.get(f"http://{host}:8080/")


def resolving(*answers: Sequence[str]) -> Any:
    """A name server that answers something else each time, the last answer for ever."""
    left = list(answers)

    def resolve(_: str, __: int) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


async def test_a_name_that_leads_elsewhere_the_second_time_gains_nothing() -> None:
    async with (
        web_server(say_hello, hosts=[FORBIDDEN]) as inside,
        web_server(say_hello, hosts=[ALLOWED], port=inside.port) as outside,
        opened(resolve=resolving([ALLOWED], [FORBIDDEN])) as client,
    ):
        assert (await client.get(f"http://rebind.test:{inside.port}/", headers={"Connection": "close"})).status == 200
        with pytest.raises(BadAddress):
            await client.get(f"http://rebind.test:{inside.port}/")
    assert (len(outside.heard), inside.connections) == (1, 0)
    assert outside.heard[0].headers["host"] == f"rebind.test:{inside.port}"


async def test_of_several_addresses_only_public_ones_are_tried_until_one_answers() -> None:
    async with (
        web_server(say_hello, hosts=[FORBIDDEN]) as inside,
        web_server(say_hello, hosts=[ALLOWED], port=inside.port) as outside,
    ):
        rules = OutgoingRules(allowed=networks_in(f"{ALLOWED}/32,127.0.0.6/32"))
        client = Outgoing(rules, resolve=resolving([FORBIDDEN, "::ffff:127.0.0.1", "127.0.0.6", ALLOWED]))
        assert (await client.get(f"http://mixed.test:{inside.port}/")).status == 200
        await client.close()
    assert (len(outside.heard), inside.connections) == (1, 0)


async def test_a_name_that_nobody_has_is_unreachable() -> None:
    def resolve(_: str, __: int) -> Sequence[str]:
        raise OSError("no such host")

    async with opened(resolve=resolve) as client:
        with pytest.raises(Unreachable):
            await client.get("http://nowhere.test/")


async def test_redirects_are_followed_and_each_is_checked_like_the_first(client: Outgoing) -> None:
    async def lead(heard: Heard) -> Reply:
        where = {"/first": "/second?x=%20y", "/second?x=%20y": "/dritte/ü", "/in": f"http://{FORBIDDEN}:{inside.port}/"}
        target = where.get(heard.target)
        return Reply(302, {"Location": target}) if target else Reply(body=heard.target.encode())

    async with (
        web_server(say_hello, hosts=[FORBIDDEN]) as inside,
        web_server(lead, hosts=[ALLOWED]) as outside,
    ):
        base = f"http://{ALLOWED}:{outside.port}"
        found = await client.get(f"{base}/first")
        assert (found.body, found.url) == (b"/dritte/%C3%BC", f"{base}/dritte/%C3%BC")
        with pytest.raises(BadAddress):
            await client.get(f"{base}/in")
        with pytest.raises(BadAddress):
            await client.get(f"{base}/first", redirects_max=1)
        assert (await client.post(f"{base}/in", b"")).status == 302
    assert inside.connections == 0


async def test_another_origin_is_not_shown_what_was_for_the_first(client: Outgoing) -> None:
    async def lead(_: Heard) -> Reply:
        return Reply(307, {"Location": f"http://{ALLOWED}:{second.port}/"})

    async with web_server(say_hello, hosts=[ALLOWED]) as second, web_server(lead, hosts=[ALLOWED]) as first:
        secret = {"Authorization": "Bearer no one else's", "Accept": "text/html"}
        await client.get(f"http://{ALLOWED}:{first.port}/", headers=secret)
    assert "authorization" in first.heard[0].headers
    assert "authorization" not in second.heard[0].headers
    assert second.heard[0].headers["accept"] == "text/html"


async def test_a_body_without_end_is_cut_or_refused(client: Outgoing) -> None:
    async def pour() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 10_000

    async def answer(_: Heard) -> Reply:
        return Reply(chunks=pour())

    async with web_server(answer, hosts=[ALLOWED]) as server:
        url = f"http://{ALLOWED}:{server.port}/"
        cut = await client.get(url, body_max=25_000, cut=True)
        assert (len(cut.body), cut.is_cut) == (25_000, True)
        with pytest.raises(TooBig):
            await client.get(url, body_max=25_000)


async def test_what_was_not_asked_for_is_not_unpacked(client: Outgoing) -> None:
    async def answer(heard: Heard) -> Reply:
        assert heard.headers["accept-encoding"] == "identity"
        return Reply(headers={"Content-Encoding": "gzip"}, body=b"\x1f\x8b")

    async with web_server(answer, hosts=[ALLOWED]) as server:
        with pytest.raises(TooBig):
            await client.get(f"http://{ALLOWED}:{server.port}/")


async def test_a_server_that_drips_is_left_when_the_time_is_up(client: Outgoing) -> None:
    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b"."
            await asyncio.sleep(0.02)

    async def answer(_: Heard) -> Reply:
        return Reply(chunks=drip())

    async with web_server(answer, hosts=[ALLOWED]) as server:
        began = perf_counter()
        with pytest.raises(Unreachable):
            await client.get(f"http://{ALLOWED}:{server.port}/", timeout_s=0.3)
        assert perf_counter() - began < 2


async def test_who_does_not_speak_http_or_is_not_there_is_unreachable(client: Outgoing) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.test ESMTP\r\n")
        await writer.drain()

    other = await asyncio.start_server(greet, ALLOWED, 0)
    port = other.sockets[0].getsockname()[1]
    with pytest.raises(Unreachable):
        await client.get(f"http://{ALLOWED}:{port}/", timeout_s=2)
    other.close()
    with pytest.raises(Unreachable):
        await client.get(f"http://{ALLOWED}:{port}/", timeout_s=2)


async def test_a_certificate_must_be_for_the_name_that_was_asked(tmp_path: Path) -> None:
    serving, trusting = tls_for(tmp_path, "right.test")
    async with (
        web_server(say_hello, tls=serving, hosts=[ALLOWED]) as server,
        opened(tls=trusting, resolve=resolving([ALLOWED])) as client,
        opened(resolve=resolving([ALLOWED])) as stranger,
    ):
        assert (await client.get(f"https://right.test:{server.port}/")).status == 200
        for asking, name in ((client, "wrong.test"), (stranger, "right.test")):
            with pytest.raises(Unreachable):
                await asking.get(f"https://{name}:{server.port}/")


async def test_one_slow_server_does_not_take_all_there_is(client: Outgoing) -> None:
    release, under_way = asyncio.Event(), 0

    async def hold(_: Heard) -> Reply:
        nonlocal under_way
        under_way += 1
        await release.wait()
        return Reply()

    async with web_server(hold, hosts=[ALLOWED]) as slow, web_server(say_hello, hosts=[ALLOWED]) as quick:
        waiting = [asyncio.create_task(client.get(f"http://{ALLOWED}:{slow.port}/")) for _ in range(30)]
        while under_way < ORIGIN_REQUESTS_MAX:  # noqa: ASYNC110 -- the server is in this loop
            await asyncio.sleep(0.01)
        assert (await client.get(f"http://{ALLOWED}:{quick.port}/")).status == 200
        assert under_way == ORIGIN_REQUESTS_MAX
        release.set()
        assert {answer.status for answer in await asyncio.gather(*waiting)} == {200}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com/",
        "//example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "ftp://example.com/",
        "http://",
        "http:///path",
        "http://user@example.com/",
        "http://user:word@example.com/",
        "http://@example.com/",
        "http://example.com:25/",
        "http://example.com:1023/",
        "http://example.com:99999/",
        "http://example.com:port/",
        "http://[::1/",
        "http://example.com\\@127.0.0.1/",
        "http://exa mple.com/",
        "http://example.com/\r\nHost: other",
        "http://example.com/\0",
        "http://xn--.com‥/",
        "http://" + "a" * 3_000,
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(BadAddress):
        checked(url)


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://example.com", "https://example.com/"),
        ("HTTPS://EXAMPLE.com:443/A", "https://example.com/A"),
        ("http://example.com:8080?q=ü#part", "http://example.com:8080/?q=%C3%BC"),
        ("https://bücher.example/a%20b", "https://xn--bcher-kva.example/a%20b"),
        ("https://[2606:4700::1]:8443/", "https://[2606:4700::1]:8443/"),
    ],
)
def test_an_address_goes_out_in_ascii(url: str, sent: str) -> None:
    assert checked(url) == sent


@given(some.ip_addresses())
def test_nothing_is_public_that_the_registry_calls_local(address: IPv4Address | IPv6Address) -> None:
    if is_public(address):
        assert address.is_global or address in networks_in("64:ff9b::/96")[0]
        assert not address.is_multicast


@pytest.mark.parametrize("text", ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_the_internet_is_public(text: str) -> None:
    assert is_public(IPv6Address(text) if ":" in text else IPv4Address(text))
