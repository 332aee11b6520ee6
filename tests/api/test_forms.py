"""Parameters: every encoding that clients use gives the same form, and nothing they send breaks the decoder.

Each run tries other examples. For many at once:

    FORM_EXAMPLES=10000 python -m pytest tests/api/test_forms.py
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import quote_plus

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from sent_forms import BOUNDARY, MULTIPART, URLENCODED, ProfileLine, StatusForm, asked, form_of, multipart

from linnet.api.forms import Form, convert
from linnet.api.parameters import tree_of_json
from linnet.platform.errors import Invalid, ProductError

EXAMPLES = int(os.environ.get("FORM_EXAMPLES", "200"))

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
trees: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
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
            yield from flat(cast("dict[str, Any]", value), numbered=numbered, below=name)
        elif isinstance(value, list):
            for number, item in enumerate(cast("list[Any]", value)):
                if isinstance(item, dict):
                    yield from flat(
                        cast("dict[str, Any]", item), numbered=numbered, below=f"{name}[{number if numbered else ''}]"
                    )
                else:
                    yield f"{name}[]", spelled(item)
        else:
            yield name, spelled(value)


def spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@settings(max_examples=EXAMPLES // 2, deadline=None)
@given(tree=trees, numbered=st.booleans(), piece=st.integers(1, 400))
async def test_every_encoding_of_a_form_gives_the_same_form(
    *, tree: dict[str, Any], numbered: bool, piece: int
) -> None:
    expected = msgspec.convert(tree, StatusForm)
    pairs = list(flat(tree, numbered=numbered))
    urlencoded = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()
    assert await form_of(json.dumps(tree).encode(), "application/json", piece=piece) == expected
    assert await form_of(urlencoded, URLENCODED, piece=piece) == expected
    assert await form_of(query=urlencoded) == expected
    assert await form_of(multipart(pairs), MULTIPART, piece=piece) == expected


content_types = st.sampled_from(["application/json", URLENCODED, MULTIPART, "*/*", "", "text/plain", "image/png"])
fragments = st.sampled_from(
    [
        *(bytes([byte]) for byte in b'[]{}":,&=%a\0\xff'),
        *(b"\\u0000", b"\\ud800", b"%00", b"%ff", b"status", b"poll", b"fields_attributes[]", b"[][name]", b"limit="),
        *(b"1e999", b"NaN", b"9" * 40, b"\r\n", b"\r\n\r\n", b"--", b"--" + BOUNDARY.encode()),
        b'Content-Disposition: form-data; name="file"; filename="x"',
    ]
)
bodies = st.one_of(st.binary(max_size=200), st.lists(fragments, max_size=30).map(b"".join))


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    body=bodies,
    query=bodies,
    content_type=st.one_of(content_types, st.text(st.characters(codec="latin-1"), max_size=40)),
)
async def test_whatever_is_sent_gives_a_form_or_an_error_for_the_sender(
    body: bytes, query: bytes, content_type: str
) -> None:
    try:
        answer: object = await form_of(body, content_type, query)
    except ProductError as error:
        answer = error
    assert isinstance(answer, StatusForm | ProductError)


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


async def test_a_small_text_file_is_a_text_where_one_is_expected() -> None:
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="status"; filename="status"\r\n\r\nhé\r\n--{BOUNDARY}--'
    )
    assert (await form_of(body.encode(), MULTIPART)).status == "hé"


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

    with pytest.raises(Invalid, match="name can't be blank") as caught:
        convert({}, Needs)
    assert [one.code for one in caught.value.details["name"]] == ["ERR_BLANK"]


def test_moments_are_understood_with_and_without_a_zone() -> None:
    moment = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert asked("scheduled_at=2026-03-04T06:06:07%2B01:00").scheduled_at == moment
    assert asked("scheduled_at=2026-03-04T05:06:07.000Z").scheduled_at == moment
    assert asked("scheduled_at=2026-03-04+05:06:07").scheduled_at == moment
