"""Parameters: every encoding that clients use gives the same form, and nothing they send breaks the decoder."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote_plus

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType

from linnet.api.forms import Form, convert
from linnet.api.parameters import (
    BODY_BYTES_MAX,
    DEPTH_MAX,
    PARAMETERS_MAX,
    BodyReader,
    Parameters,
    read_parameters,
    tree_of_json,
    tree_of_text,
)
from linnet.api.uploads import MEMORY_BYTES_MAX, Upload
from linnet.platform.errors import Invalid, Malformed, ProductError, TooLarge

URLENCODED = "application/x-www-form-urlencoded"
BOUNDARY = "----edge"


class ProfileLine(msgspec.Struct):
    name: str = ""
    value: str = ""


class Poll(msgspec.Struct):
    options: list[str] = []
    multiple: bool = False
    expires_in: int | None = None


class StatusForm(Form):
    status: str = ""
    spoiler_text: str | None | UnsetType = UNSET
    sensitive: bool | None = None
    limit: int = 20
    ratio: float | None = None
    visibility: Literal["public", "private"] | None = None
    scheduled_at: datetime | None = None
    media_ids: list[str] = []
    numbers: list[int] = []
    fields_attributes: list[ProfileLine] = []
    poll: Poll | None = None
    file: Upload | None = None
    anything: object = None


async def parameters_of(
    body: bytes = b"", content_type: str = "", query: bytes = b"", *, piece: int = 65536, bytes_max: int = BODY_BYTES_MAX
) -> Parameters:
    """What the decoder makes of a request whose body arrives in pieces."""
    pieces = [body[at : at + piece] for at in range(0, len(body), piece)] or [b""]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    return await read_parameters(query, content_type, BodyReader(receive, length=None, bytes_max=bytes_max))


async def form_of(body: bytes = b"", content_type: str = "", query: bytes = b"", *, piece: int = 65536) -> StatusForm:
    """The form that a request carries."""
    parameters = await parameters_of(body, content_type, query, piece=piece)
    try:
        return convert(parameters.tree, StatusForm)
    finally:
        parameters.close()


def asked(query: str) -> StatusForm:
    """The form that a query string carries."""
    return convert(tree_of_text(query.encode()), StatusForm)


def multipart(pairs: list[tuple[str, str]]) -> bytes:
    """Text parts, as a browser sends them."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in pairs
    ]
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
trees = st.fixed_dictionaries(
    {},
    optional={
        "status": text,
        "spoiler_text": text,
        "sensitive": st.booleans(),
        "limit": st.integers(-(2**63), 2**63 - 1),
        "visibility": st.sampled_from(["public", "private"]),
        "media_ids": st.lists(text, min_size=1, max_size=3),
        "numbers": st.lists(st.integers(0, 9**9), min_size=1, max_size=3),
        "fields_attributes": st.lists(st.fixed_dictionaries({"name": text, "value": text}), min_size=1, max_size=3),
        "poll": st.fixed_dictionaries(
            {"options": st.lists(text, min_size=1, max_size=3)},
            optional={"multiple": st.booleans(), "expires_in": st.integers(0, 10**6)},
        ),
    },
)


def flat(tree: dict[str, Any], *, numbered: bool, below: str = "") -> Iterator[tuple[str, str]]:
    """A tree as the pairs a Rails client sends, lists of hashes either numbered or by the order of their names."""
    for key, value in tree.items():
        name = f"{below}[{key}]" if below else key
        if isinstance(value, dict):
            yield from flat(value, numbered=numbered, below=name)
        elif isinstance(value, list):
            for number, item in enumerate(value):
                if isinstance(item, dict):
                    yield from flat(item, numbered=numbered, below=f"{name}[{number if numbered else ''}]")
                else:
                    yield f"{name}[]", spelled(item)
        else:
            yield name, spelled(value)


def spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@settings(max_examples=150, deadline=None)
@given(tree=trees, numbered=st.booleans(), piece=st.integers(1, 400))
async def test_every_encoding_of_a_form_gives_the_same_form(tree: dict[str, Any], numbered: bool, piece: int) -> None:
    expected = msgspec.convert(tree, StatusForm)
    pairs = list(flat(tree, numbered=numbered))
    urlencoded = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()
    assert await form_of(json.dumps(tree).encode(), "application/json", piece=piece) == expected
    assert await form_of(urlencoded, URLENCODED, piece=piece) == expected
    assert await form_of(query=urlencoded) == expected
    assert await form_of(multipart(pairs), f"multipart/form-data; boundary={BOUNDARY}", piece=piece) == expected


content_types = st.sampled_from(
    ["application/json", URLENCODED, f"multipart/form-data; boundary={BOUNDARY}", "*/*", "", "text/plain", "image/png"]
)
fragments = st.sampled_from([
    b"[", b"]", b"{", b"}", b'"', b":", b",", b"\\u0000", b"\\ud800", b"\xff", b"\0", b"&", b"=", b"%", b"%00", b"%ff", b"a",
    b"status", b"poll", b"fields_attributes[]", b"[][name]", b"limit=", b"1e999", b"NaN", b"9" * 40, b"--" + BOUNDARY.encode(),
    b"\r\n", b'Content-Disposition: form-data; name="file"; filename="x"', b"\r\n\r\n", b"--",
])  # fmt: skip
bodies = st.one_of(st.binary(max_size=200), st.lists(fragments, max_size=30).map(b"".join))


@settings(max_examples=400, deadline=None)
@given(body=bodies, query=bodies, content_type=st.one_of(content_types, st.text(st.characters(codec="latin-1"), max_size=40)))
async def test_whatever_is_sent_gives_a_form_or_an_error_for_the_sender(
    body: bytes, query: bytes, content_type: str
) -> None:
    try:
        form = await form_of(body, content_type, query)
    except ProductError as error:
        assert error.message
    else:
        assert isinstance(form, StatusForm)


@pytest.mark.parametrize("sent", ["true", "True", "1", "on", "t", "yes", "TRUE"])
def test_a_boolean_has_many_spellings_for_true(sent: str) -> None:
    assert asked(f"sensitive={sent}").sensitive is True


@pytest.mark.parametrize("sent", ["false", "False", "0", "off", "f", "no"])
def test_a_boolean_has_many_spellings_for_false(sent: str) -> None:
    assert asked(f"sensitive={sent}").sensitive is False


def test_json_numbers_are_booleans_and_texts_too() -> None:
    form = convert(tree_of_json(b'{"sensitive": 1, "status": 12, "media_ids": [345, "6"], "limit": 3.0}'), StatusForm)
    assert (form.sensitive, form.status, form.media_ids, form.limit) == (True, "12", ["345", "6"], 3)


def test_a_single_value_is_a_list_of_one() -> None:
    assert asked("media_ids=1").media_ids == ["1"]
    assert asked("media_ids=1&media_ids=2").media_ids == ["1", "2"]
    assert asked("status=first&status=last").status == "last"


def test_a_hash_with_numeric_keys_is_a_list_in_their_order() -> None:
    expected = [ProfileLine("a", "1"), ProfileLine("b", "2")]
    query = "fields_attributes[10][name]=b&fields_attributes[10][value]=2&fields_attributes[2][name]=a"
    assert asked(query + "&fields_attributes[2][value]=1").fields_attributes == expected
    sent = b'{"fields_attributes": {"1": {"name": "b", "value": "2"}, "0": {"name": "a", "value": "1"}}}'
    assert convert(tree_of_json(sent), StatusForm).fields_attributes == expected


def test_a_repeated_name_begins_the_next_hash_of_a_list() -> None:
    query = "fields_attributes[][name]=a&fields_attributes[][name]=b&fields_attributes[][value]=2"
    assert asked(query).fields_attributes == [ProfileLine("a", ""), ProfileLine("b", "2")]


def test_an_empty_text_clears_and_is_not_the_same_as_absent() -> None:
    assert asked("spoiler_text=").spoiler_text == ""
    assert asked("").spoiler_text is UNSET
    assert convert(tree_of_json(b'{"spoiler_text": null}'), StatusForm).spoiler_text is None


def test_an_empty_value_counts_as_absent_where_no_text_is_expected() -> None:
    assert asked("limit=&sensitive=&scheduled_at=&poll=") == StatusForm()


async def test_the_body_wins_over_the_query() -> None:
    form = await form_of(b'{"status": "body"}', "application/json", b"status=query&limit=3")
    assert (form.status, form.limit) == ("body", 3)


@pytest.mark.parametrize("content_type", ["", "*/*", "text/plain;charset=UTF-8", URLENCODED])
async def test_json_is_recognised_under_a_wrong_type(content_type: str) -> None:
    assert (await form_of(b' {"status": "a&b=c"}', content_type)).status == "a&b=c"


async def test_urlencoded_is_recognised_without_a_type() -> None:
    assert (await form_of(b"status=a+b%26")).status == "a b&"


async def test_a_body_that_is_no_form_is_ignored() -> None:
    assert await form_of(b"\xff\xd8\xff", "image/jpeg", b"limit=3") == StatusForm(limit=3)


async def test_a_file_named_like_its_field_arrives_whole() -> None:
    picture = bytes(range(256)) * 2048
    assert len(picture) > MEMORY_BYTES_MAX
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n'
        f"Content-Type: image/png\r\n\r\n"
    ).encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()  # fmt: skip
    parameters = await parameters_of(body, f"multipart/form-data; boundary={BOUNDARY}", piece=1000)
    upload = convert(parameters.tree, StatusForm).file
    assert upload is not None
    assert (upload.filename, upload.content_type, upload.size) == ("file", "image/png", len(picture))
    assert upload.file.read() == picture
    parameters.close()
    assert upload.file.closed


async def test_a_small_text_file_is_a_text_where_one_is_expected() -> None:
    body = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="status"; filename="status"\r\n\r\nhé\r\n--{BOUNDARY}--'
    assert (await form_of(body.encode(), f"multipart/form-data; boundary={BOUNDARY}")).status == "hé"


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("limit=abc", "limit", "must be a whole number"),
        ("limit=9223372036854775808", "limit", "is too large a number"),
        ("limit=" + "9" * 400, "limit", "must be a whole number"),
        ("sensitive=perhaps", "sensitive", "must be true or false"),
        ("status=a%00b", "status", "must not contain NUL characters"),
        ("status[a]=b", "status", "must be text"),
        ("ratio=NaN", "ratio", "must be a number"),
        ("ratio=1e999", "ratio", "must be a number"),
        ("scheduled_at=soon", "scheduled_at", "must be a date and time in ISO 8601"),
        ("numbers[]=1&numbers[]=x", "numbers.1", "must be a whole number"),
        ("fields_attributes[0][name][x]=1", "fields_attributes.0.name", "must be text"),
        ("poll=yes", "poll", "must be a set of named values"),
        ("file=name.png", "file", "must be a file"),
        ("visibility=secret", "visibility", "is invalid: Invalid enum value 'secret'"),
        ("anything[a][]=x%00", "anything", "must not contain NUL characters"),
    ],
)
def test_a_wrong_value_is_named_with_its_field(query: str, field: str, sentence: str) -> None:
    with pytest.raises(Invalid) as caught:
        asked(query)
    assert {name: [one.description for one in problems] for name, problems in caught.value.details.items()} == {
        field: [sentence]
    }
    assert {one.code for problems in caught.value.details.values() for one in problems} == {"ERR_INVALID"}


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        asked("limit=x&sensitive=perhaps&status=fine")
    assert set(caught.value.details) == {"limit", "sensitive"}


def test_a_required_field_that_is_missing_is_named() -> None:
    class Needs(Form):
        name: str

    with pytest.raises(Invalid, match="name can't be blank"):
        convert({}, Needs)


def test_moments_are_understood_with_and_without_a_zone() -> None:
    moment = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert asked("scheduled_at=2026-03-04T06:06:07%2B01:00").scheduled_at == moment
    assert asked("scheduled_at=2026-03-04T05:06:07.000Z").scheduled_at == moment
    assert asked("scheduled_at=2026-03-04+05:06:07").scheduled_at == moment


@pytest.mark.parametrize(
    "body",
    [b"{", b"[1]", b'"text"', b"12", b'{"a": NaN}', b'{"a": 1e999}', b'{"a": "\xff"}', b'{"a": "\\ud800"}',
     b'{"a":' * 5000 + b"1" + b"}" * 5000, b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}",
     b'{"a":' * (DEPTH_MAX + 1) + b"1" + b"}" * (DEPTH_MAX + 1)],
)  # fmt: skip
def test_json_that_cannot_be_read_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        tree_of_json(body)


@pytest.mark.parametrize(
    "query",
    ["a=%ff", "%ff=a", "a" + "[x]" * DEPTH_MAX + "=1", "a" + "[]" * 200 + "=1", "a=1&a[b]=2", "a[]=1&a[b]=2", "a[b]=1&a[]=2"],
)
def test_parameters_that_cannot_be_read_are_malformed(query: str) -> None:
    with pytest.raises(Malformed):
        tree_of_text(query.encode())


def test_too_many_or_too_long_names_are_too_large() -> None:
    for query in ("&".join(f"a{n}=1" for n in range(PARAMETERS_MAX + 1)), "a" * 600 + "=1"):
        with pytest.raises(TooLarge):
            tree_of_text(query.encode())
    for tree in ({"a": list(range(PARAMETERS_MAX + 1))}, {"a" * 600: 1}):
        with pytest.raises(TooLarge):
            tree_of_json(json.dumps(tree).encode())


async def test_a_body_over_its_limit_is_refused_and_never_kept() -> None:
    seen: list[int] = []

    async def receive() -> dict[str, Any]:
        seen.append(1)
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    kept = bytearray()
    with pytest.raises(TooLarge):
        await BodyReader(receive, length=None, bytes_max=5000).feed(kept.extend)
    assert len(kept) <= 5000
    assert len(seen) < 20_000, "an endless body is not read for ever"


async def test_a_body_announced_as_too_large_is_not_kept_at_all() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x", "more_body": False}

    kept = bytearray()
    with pytest.raises(TooLarge):
        await BodyReader(receive, length="5001", bytes_max=5000).feed(kept.extend)
    assert not kept


async def test_a_client_that_goes_away_in_mid_body_ends_the_request() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    with pytest.raises(Malformed):
        await read_parameters(b"", "application/json", BodyReader(receive, length=None, bytes_max=10))


@pytest.mark.parametrize(
    "body",
    [
        multipart([("status", "x")])[:-8],
        b"",
        b"not multipart",
        b'--' + BOUNDARY.encode() + b'\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nabc',
        multipart([("status", "x")]).replace(b"x\r", b"\xff\r"),
    ],
)  # fmt: skip
async def test_multipart_that_cannot_be_read_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        await parameters_of(body, f"multipart/form-data; boundary={BOUNDARY}")


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=" + "b" * 300])
async def test_multipart_without_a_usable_boundary_is_malformed(content_type: str) -> None:
    with pytest.raises(Malformed):
        await parameters_of(multipart([("status", "x")]), content_type)


async def test_multipart_with_too_many_parts_is_too_large() -> None:
    with pytest.raises(TooLarge):
        await parameters_of(
            multipart([("a", "1")] * (PARAMETERS_MAX + 1)), f"multipart/form-data; boundary={BOUNDARY}"
        )
