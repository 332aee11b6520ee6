"""Bodies: what cannot be read is malformed, what is over its limit is refused, and files arrive whole."""

import json
from typing import Any

import pytest
from sent_forms import BOUNDARY, MULTIPART, StatusForm, multipart, parameters_of

from linnet.api.forms import convert
from linnet.api.parameters import DEPTH_MAX, PARAMETERS_MAX, BodyReader, read_parameters, tree_of_json, tree_of_text
from linnet.api.uploads import MEMORY_BYTES_MAX
from linnet.platform.errors import Malformed, TooLarge


async def test_a_file_named_like_its_field_arrives_whole() -> None:
    picture = bytes(range(256)) * 2048
    assert len(picture) > MEMORY_BYTES_MAX
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n'
        f"Content-Type: image/png\r\n\r\n"
    ).encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()  # fmt: skip
    parameters = await parameters_of(body, MULTIPART, piece=1000)
    upload = convert(parameters.tree, StatusForm).file
    assert upload is not None
    assert (upload.filename, upload.content_type, upload.size) == ("file", "image/png", len(picture))
    assert upload.file.read() == picture
    await parameters.close()
    assert upload.file.closed


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
    [
        "a=%ff",
        "%ff=a",
        "a" + "[x]" * DEPTH_MAX + "=1",
        "a" + "[]" * 200 + "=1",
        "a=1&a[b]=2",
        "a[]=1&a[b]=2",
        "a[b]=1&a[]=2",
    ],
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
        multipart([("file", "abc")]).replace(b'"file"', b'"file"; filename="f"')[:-30],
        multipart([("status", "x")]).replace(b"x\r", b"\xff\r"),
    ],
)  # fmt: skip
async def test_multipart_that_cannot_be_read_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        await parameters_of(body, MULTIPART)


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=" + "b" * 300])
async def test_multipart_without_a_usable_boundary_is_malformed(content_type: str) -> None:
    with pytest.raises(Malformed):
        await parameters_of(multipart([("status", "x")]), content_type)


async def test_multipart_with_too_many_parts_is_too_large() -> None:
    with pytest.raises(TooLarge):
        await parameters_of(multipart([("a", "1")] * (PARAMETERS_MAX + 1)), MULTIPART)
