"""What strict clients rely on in an answer beyond any schema; each rule names who breaks without it."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, cast

import httpx

MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
"""Ice Cubes takes a date and time in any other form for now, without a word."""
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d|\d{1,12}")
"""Of a last status a date, of a hashtag's history the day's first second since 1970."""
ID: Final = re.compile(r"[0-9]{1,19}|-99")
"""Ivory reads ids as numbers. -99 is the role of everybody, also in Mastodon."""
RESET: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
ADDRESS: Final = re.compile(r"https?://[^/\s]+(/\S*)?")

PICTURES: Final = ("avatar", "avatar_static", "header", "header_static")
BOOLEANS: Final = ("bot", "locked", "group", "sensitive", "indexable", "favourited", "reblogged", "bookmarked", "muted")
VISIBILITIES: Final = ("public", "unlisted", "private", "direct")
"""Tusky and Ice Cubes decode it into an enumeration and drop the status, or the page, when it is anything else."""
NEVER_NULL: Final = {
    "visibility": (
        "account", "content", "created_at", "emojis", "favourites_count", "id", "media_attachments", "mentions",
        "reblogs_count", "replies_count", "sensitive", "spoiler_text", "tags", "uri",
    ),
    "acct": ("id", "username"),
    "avatar": (
        "acct", "avatar_static", "bot", "created_at", "display_name", "emojis", "fields", "followers_count",
        "following_count", "group", "header", "header_static", "indexable", "locked", "note", "statuses_count", "uri",
        "url",
    ),
}  # fmt: skip
"""By the key that tells what an object is: a status, somebody's name, an account."""
OTHERS: Final = ("client_id", "client_secret_expires_at")
"""Names like those of ids and moments, for what is neither."""


def complaints(answer: httpx.Response) -> list[str]:
    """Everything about an answer of the API that would break some client, as sentences."""
    found = list(_of_headers(answer))
    if answer.status_code == 204:
        return found
    if not answer.headers.get("content-type", "").startswith(("application/json", "application/jrd+json")):
        return [*found, f"its type is {answer.headers.get('content-type')!r}"]
    if not answer.content:
        return [*found, "it is empty; masto.js throws at that"]
    body = answer.json()
    if answer.is_error and not isinstance(body.get("error"), str):
        found.append("an error has no sentence in `error`")
    is_token = isinstance(body, dict) and "access_token" in body
    return [*found, *([] if is_token else _of_value(body, ""))]


def _of_headers(answer: httpx.Response) -> Iterator[str]:
    for name in ("x-ratelimit-limit", "x-ratelimit-remaining"):
        if not answer.headers.get(name, "").isdigit():
            yield f"{name} is {answer.headers.get(name)!r}"
    if not RESET.fullmatch(answer.headers.get("x-ratelimit-reset", "")):
        yield f"x-ratelimit-reset is {answer.headers.get('x-ratelimit-reset')!r}"
    if answer.headers.get("access-control-allow-origin") != "*":
        yield "no page of another origin may read it"
    for link in filter(None, answer.headers.get("link", "").split(", ")):
        if not re.fullmatch(r'<https?://[^>]+[?&](max_id|min_id)=\d+>; rel="(next|prev)"', link):
            yield f"masto.js or Mastodon.py cannot read the link {link!r}"


def _of_value(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, list):
        for number, item in enumerate(cast("list[Any]", value)):
            yield from _of_value(item, f"{where}[{number}]")
    if not isinstance(value, dict):
        return
    thing = cast("dict[str, Any]", value)
    is_profile = {"show_media_replies", "attribution_domains"} <= thing.keys()
    for key, names in NEVER_NULL.items():
        if key in thing and not is_profile:
            yield from (f"{where}.{name} is missing or null" for name in names if thing.get(name) is None)
    for key, inner in thing.items():
        if key == "params":
            continue  # what a post for later is to be is no status yet, and its ids are Mastodon's numbers
        if is_profile and key in PICTURES and inner is None:
            continue  # one's own profile, for editing, says so when it has no picture of its own
        if (complaint := _of_member(key, inner)) is not None:
            yield f"{where}.{key} {complaint}: {inner!r}"
        yield from _of_value(inner, f"{where}.{key}")


def _of_member(key: str, value: Any) -> str | None:
    """What is wrong with one member of an object, as the rest of a sentence."""
    if value is None:
        return "is null" if key in PICTURES else None
    rule = next((rule for fits, rule in RULES if fits(key)), None)
    if rule is None:
        return None
    right, complaint = rule
    return None if right(value) else complaint


def _is(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


Rule = tuple[Callable[[Any], bool], str]
RULES: Final[Sequence[tuple[Callable[[str], bool], Rule]]] = (
    (lambda key: key in PICTURES, (_is(ADDRESS), "is no absolute address")),
    (lambda key: key in OTHERS, (lambda _: True, "")),
    (
        lambda key: key == "most_recent_notification_id",
        (lambda id_: isinstance(id_, int), "is no number, as Mastodon's"),
    ),
    (lambda key: key == "id" or key.endswith("_id"), (_is(ID), "is no decimal id in a string")),
    (lambda key: key in {"last_status_at", "day"}, (_is(DAY), "is no day")),
    (lambda key: key.endswith("_at"), (_is(MOMENT), "is no moment in milliseconds")),
    (lambda key: key in BOOLEANS, (lambda value: isinstance(value, bool), "is no boolean")),
    (lambda key: key == "url", (_is(ADDRESS), "is no absolute address")),
    (lambda key: key == "visibility", (lambda value: value in VISIBILITIES, "is none of the four")),
)
"""Which members a rule is for, what they must be, and what to say when they are not; the first that fits counts."""
