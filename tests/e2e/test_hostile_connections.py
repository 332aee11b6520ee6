"""Connections that speak no proper HTTP, or endlessly: they are refused, and nobody else notices."""

import json
import socket
from typing import Final
from urllib.parse import urlsplit

import httpx
import pytest

from linnet.roles.connections import HEAD_BYTES_MAX
from running import Server

WITHIN_S: Final = 20.0
POST = b"POST /api/v1/apps HTTP/1.1\r\nHost: linnet\r\n"


def sent(server: Server, raw: bytes, *, ends: bool = True) -> bytes:
    """What the server says to these bytes, to the end of the connection."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=WITHIN_S) as connection:
        connection.sendall(raw)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        said = b""
        while piece := connection.recv(65536):
            said += piece
    return said


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: linnet\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: linnet\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: linnet\r\nA\x00: b\r\n\r\n",
        POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        POST + b"Content-Length: minus one\r\n\r\n",
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(server: Server, raw: bytes) -> None:
    assert refusal(sent(server, raw))
    assert httpx.get(f"{server.url}/health/live").status_code == 200


SMUGGLED = b"GET /nodeinfo/2.0 HTTP/1.1\r\nHost: linnet\r\n\r\n"
"""A request that a proxy would take for a body, if it read the lengths otherwise than we do."""


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length : 5\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: 0x5\r\n",
        b"Content-Length: 5, 6\r\n",
        b"Content-Length:\r\n",
        b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Transfer-Encoding:\x0bchunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n",
        b"X-A: b\rTransfer-Encoding: chunked\r\n",
        b"X-A: b\nContent-Length: 0\n",
    ],
)
def test_no_request_can_be_hidden_in_another(server: Server, lengths: bytes) -> None:
    said = sent(server, POST + lengths + b"\r\n0\r\n\r\n" + SMUGGLED)
    assert b'"version":"2.0"' not in said
    assert refusal(said)


@pytest.mark.parametrize(
    "raw",
    [
        POST + b"Content-Length: 50\r\n\r\nclient_name=x",
        POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabc",
    ],
)
def test_a_body_that_never_ends_harms_nobody_else(server: Server, raw: bytes) -> None:
    assert not refusal(sent(server, raw))
    assert httpx.get(f"{server.url}/health/live").status_code == 200


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /api/v1/instance?",
        b"GET /api/v1/instance HTTP/1.1\r\nHost: linnet\r\nX-A: ",
        b"GET /api/v1/instance HTTP/1.1\r\nHost: linnet\r\nX-",
    ],
)
def test_a_head_without_end_is_refused(server: Server, begun: bytes) -> None:
    try:
        said = sent(server, begun + b"x" * 4_000_000, ends=False)
    except ConnectionError:  # it hung up while we were still sending
        said = b""
    assert not said or b" 431 " in said
    assert httpx.get(f"{server.url}/health/live").status_code == 200


def test_a_large_head_is_refused_in_words_and_an_ordinary_one_is_not(server: Server) -> None:
    def asked(size: int) -> bytes:
        begun = b"GET /nodeinfo/2.0 HTTP/1.1\r\nHost: linnet\r\nConnection: close\r\nX-A: " + b"x" * size
        return sent(server, begun if size > HEAD_BYTES_MAX else begun + b"\r\n\r\n", ends=False)

    assert asked(30_000).startswith(b"HTTP/1.1 200 OK")
    assert refusal(asked(HEAD_BYTES_MAX + 1)) == "The headers of this request are too large"


def test_trailers_without_end_are_refused(server: Server) -> None:
    begun = POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-A: "
    try:
        said = sent(server, begun + b"x" * 4_000_000, ends=False)
    except ConnectionError:
        said = b""
    assert b" 200 " not in said
    assert httpx.get(f"{server.url}/health/live").status_code == 200


def refusal(said: bytes) -> str:
    """The sentence of a refusal; empty when the server only hung up."""
    if not said:
        return ""
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 4"), said[:500]
    assert b"content-type: application/json" in head
    return json.loads(body)["error"]


def test_a_body_over_its_limit_is_refused_in_words(server: Server) -> None:
    for body in (b"status=" + b"x" * 2_000_000, b"status=" + b"x" * 40_000_000):
        try:
            answer = httpx.post(f"{server.url}/api/v1/apps", content=body, headers={"Content-Type": "text/plain"})
        except httpx.TransportError:
            assert len(body) > 20_000_000, "a body that can be read away gets its answer"
            continue
        assert answer.status_code == 413
        assert "larger" in answer.json()["error"]


def test_pipelined_requests_are_answered_in_their_order(server: Server) -> None:
    first, second = (f"GET /nodeinfo/2.{n} HTTP/1.1\r\nHost: linnet\r\n".encode() for n in (0, 1))
    said = sent(server, first + b"\r\n" + second + b"Connection: close\r\n\r\n", ends=False)
    assert said.count(b"HTTP/1.1 200 OK") == 2
    assert said.index(b'"version":"2.0"') < said.index(b'"version":"2.1"')
