"""Whatever anybody sends to any endpoint: it is taken or refused with a sentence, and never breaks anything."""

import asyncio
import json
from collections.abc import Coroutine, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from every_endpoint import ENDPOINTS, Aims, aims_in, fields_of, nested
from raw_requests import send

from linnet.api.edge import Edge
from linnet.api.endpoint import Endpoint
from linnet.api.parameters import BODY_BYTES_MAX
from world import World

AT_ONCE = 16
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

MALFORMED: dict[str, tuple[dict[str, str], bytes]] = {
    "JSON that ends early": (JSON, b'{"status": "x'),
    "JSON nested 5000 deep": (JSON, b'{"status":' * 5000 + b"1" + b"}" * 5000),
    "lists nested 100000 deep": (JSON, b"[" * 100_000),
    "JSON with a byte that is not UTF-8": (JSON, b'{"status": "\xff\xfe"}'),
    "JSON with a lone surrogate": (JSON, b'{"status": "\\ud800"}'),
    "JSON with a number of 5000 digits": (JSON, b'{"limit": ' + b"9" * 5000 + b"}"),
    "JSON with 2000 names": (JSON, json.dumps({f"n{number}": 1 for number in range(2000)}).encode()),
    "a form with a byte that is not UTF-8": (FORM, b"status=%ff%fe"),
    "a form nested deeper than anybody needs": (FORM, b"a" + b"[x]" * 100 + b"=1"),
    "a form that contradicts itself": (FORM, b"a=1&a[b]=2&a[]=3"),
    "a form with 2000 names": (FORM, b"&".join(b"n%d=1" % number for number in range(2000))),
    "multipart without a boundary": ({"Content-Type": "multipart/form-data"}, b"--x\r\n\r\n"),
    "multipart that ends early": (
        {"Content-Type": "multipart/form-data; boundary=x"},
        b'--x\r\nContent-Disposition: form-data; name="status"\r\n\r\nhal',
    ),
    "a body larger than any": (JSON, b'{"status": "' + b"x" * BODY_BYTES_MAX + b'"}'),
}
HARMLESS: dict[str, tuple[dict[str, str], bytes]] = {
    "nothing at all, called JSON": (JSON, b""),
    "an unknown type": ({"Content-Type": "application/x-nonsense"}, b"\x00\x01\x02"),
    "XML": ({"Content-Type": "application/xml"}, b"<status>x</status>"),
    "a type that is none": ({"Content-Type": ";;;="}, b"status=x"),
    "a picture": ({"Content-Type": "image/png"}, b"\x89PNG\r\n\x1a\n"),
    "a name that is only brackets": (FORM, b"[]=1&[=2&]=3&a[=4&a]=5"),
}
VALUES: dict[str, Any] = {
    "a NUL character": "a\0b",
    "a control character, and a piece of SQL": "a\x07\x1b\u202eb'; drop table accounts; --",
    "a long text of letters outside the plane": "𝕏" * 20_000,
    "a number beyond 64 bits": 2**64,
    "a number of 300 digits": 10**300,
    "a negative number": -(2**63),
    "true": True,
    "null": None,
    "an empty text": "",
    "a list of many": ["1"] * 900,
    "a list of lists": [[[1]], None],
    "a hash": {"0": {"name": "x"}, "99999999999999999999999": {"value": {"a": {"b": "c"}}}},
}
QUERIES = [
    "q=%ff", "%00=1", "a" + "%5Bx%5D" * 100 + "=1", "q=" + "x" * 60_000, "&&&===&",
    "q=%00&acct=%00&types[]=%00&any[]=%00&timeline[]=%00&resource=acct:%00@x&page=%00&then=%00&client_id=%00&code=%00",
    "limit=-1&offset=-1&max_id=&since_id=%F0%9F%90%A6&min_id=1e9&q=%25_%5C&acct=%25&id[]=%00&id[]=-1&types[]=nonsense",
    "limit=NaN&offset=0x10&local=perhaps&exclude_replies=2",
    "limit[]=1&limit=2&offset=9223372036854775807&q=a&max_id=-9223372036854775809&code=%0d%0aSet-Cookie:%20a=b",
    "limit=99999999999999999999999999&max_id=9223372036854775807&min_id=9223372036854775807",
    "&".join(f"id[]={number}" for number in range(999)),
    "max_id=" + "9" * 3000 + "&acct=" + "a@" * 3000 + "&q=" + "%F0%9F%90%A6" * 3000 + "&all[]=" + "x" * 3000,
    "resource=acct:" + "a" * 3000 + "&min_id=0&since_id=0&limit=0&offset=2000",
]  # fmt: skip
PARTS = [
    "%00", "a%00b", "%ff", "%F0%9F%90%A6", "0", "-1", "9223372036854775808", "%D9%A3", "x" * 3000,
    "..%2f..%2fetc%2fpasswd", "'%3B--%25%5B%5D", "%0d%0aA:b", "1.png.png", "%20",
]  # fmt: skip
"""Of a path."""
HEADERS: list[dict[str, str]] = [
    {"Authorization": "Bearer " + "x" * 20_000 + "\xff"},
    {"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."},
    {"Authorization": "Basic Og==", "Content-Length": "-1", "User-Agent": ""},
    {"Idempotency-Key": "x" * 20_000, "Cookie": "linnet=\xff; linnet-form=" + "x" * 20_000, "Content-Length": "9" * 18},
    {"Idempotency-Key": "\xff", "Cookie": ";;=;a=;=b", "Accept": "\xff", "If-None-Match": "\xff", "Range": "bytes=9-1",
     "X-Request-Id": "a\tb", "X-Forwarded-For": "'; drop table", "Traceparent": "00-zz-zz-zz", "Origin": "\xff"},
]  # fmt: skip


NO_HEADERS: Mapping[str, str | bytes] = MappingProxyType({})

READ_BY_NOBODY = ("JSON that ends early", "a body larger than any", "XML")
"""Bodies that endpoints without parameters get as well, which never look at them."""


@pytest.fixture
def app(world: World) -> Edge:
    """The application on the world's engines."""
    return world.app


async def ask(
    app: Edge,
    aims: Aims,
    endpoint: Endpoint,
    what: str,
    target: str | None = None,
    headers: Mapping[str, str | bytes] = NO_HEADERS,
    content: bytes = b"",
) -> int:
    """The status of the answer to a hostile request, which must be one that a person can understand."""
    bearer = {"Authorization": f"Bearer {aims.alice.token}"}
    sent = {name: _bytes(value) for name, value in {**bearer, **headers}.items()}
    answer = await send(app, endpoint.method, target or aims.path(endpoint), sent, content)
    told = f"{endpoint.method} {endpoint.path}, sent {what:.80}, answered {answer.status} {answer.body[:200]!r}"
    assert answer.status < 500, told
    if answer.status >= 400 and not endpoint.hidden:
        assert answer.headers["content-type"].startswith("application/json"), told
        assert isinstance(answer.json()["error"], str), told
    return answer.status


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1")


async def statuses_of(requests: Iterable[Coroutine[Any, Any, int]]) -> set[int]:
    """Every status that came back; requests are sent several at a time."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(request: Coroutine[Any, Any, int]) -> int:
        async with slots:
            return await request

    return set(await asyncio.gather(*map(one, requests)))


async def test_bodies_that_cannot_be_read(app: Edge, world: World) -> None:
    aims = await aims_in(world)
    found = await statuses_of(
        ask(app, aims, endpoint, what, headers=headers, content=body)
        for what, (headers, body) in {**MALFORMED, **HARMLESS}.items()
        for endpoint in ENDPOINTS
        if endpoint.form is not None or what in READ_BY_NOBODY
    )
    assert {200, 400, 404, 413, 422} <= found


@pytest.mark.parametrize("what", MALFORMED)
async def test_what_cannot_be_read_is_refused_and_not_guessed(world: World, what: str) -> None:
    headers, body = MALFORMED[what]
    alice = await world.person("alice")
    answer = await alice.ask("POST", "/api/v1/statuses", headers=headers, content=body)
    assert answer.status_code in {400, 413}
    assert await alice.get(f"/api/v1/accounts/{alice.id}/statuses") == []


async def test_any_value_in_any_field(app: Edge, world: World) -> None:
    aims = await aims_in(world)
    found = await statuses_of(
        ask(app, aims, endpoint, f"{what} as {name}", headers=JSON, content=json.dumps(nested(name, value)).encode())
        for what, value in VALUES.items()
        for endpoint in ENDPOINTS
        if endpoint.form is not None
        for name in fields_of(endpoint.form)
    )
    assert {200, 404, 422} <= found


async def test_any_query(app: Edge, world: World) -> None:
    aims = await aims_in(world)
    found = await statuses_of(
        ask(app, aims, endpoint, query, f"{aims.path(endpoint)}?{query}")
        for query in QUERIES
        for endpoint in ENDPOINTS
        if endpoint.form is not None
    )
    assert {200, 400, 404, 422} <= found


async def test_any_path(app: Edge, world: World) -> None:
    aims = await aims_in(world)
    found = await statuses_of(
        ask(app, aims, endpoint, part, aims.path(endpoint, **{one.name: part for one in endpoint.path_parameters}))
        for part in PARTS
        for endpoint in ENDPOINTS
        if endpoint.path_parameters
    )
    assert 404 in found


async def test_any_header(app: Edge, world: World) -> None:
    aims = await aims_in(world)
    found = await statuses_of(
        ask(app, aims, endpoint, str(headers), headers=headers) for headers in HEADERS for endpoint in ENDPOINTS
    )
    assert {200, 401, 413} <= found
