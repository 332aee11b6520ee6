"""The parameters of a request as one tree, from its query string and a body in any encoding that clients use.

Which encoding a body has, by its Content-Type:

- `multipart/form-data`: multipart.
- `application/json` and `…+json`: a JSON object; an empty body or `null` is none at all, anything else malformed.
- anything else that is text, no type, or `*/*`: JSON when it begins with `{`, else urlencoded. This includes
  `application/x-www-form-urlencoded`, for no parameter's name begins with `{` and shell scripts forget the type.
- any other type: not parameters, and ignored.

Names nest as in Rails: `poll[options][]=a` is a list, `media_attributes[][id]=1` a list of hashes in which a repeated
name begins the next hash, `fields_attributes[0][name]=x` a hash that `forms` reads as a list. A body wins over the
query, name by name at the top. A plain name that is repeated is a list where one is expected; elsewhere the last one
counts.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final, cast
from urllib.parse import unquote_to_bytes

import msgspec

from linnet.api.uploads import FileLimit, Land, Multipart, Upload
from linnet.platform.errors import Malformed, ProductError, TooLarge

BODY_BYTES_MAX: Final = 1024 * 1024
"""A body without files; an endpoint that takes files raises it for itself."""

DRAINED_BYTES_MAX: Final = 16 * 1024 * 1024
"""How much of a body over its limit is read and thrown away, so that the sender lives to see the answer."""

PARAMETERS_MAX: Final = 1000
DEPTH_MAX: Final = 16
NAME_CHARS_MAX: Final = 512

Tree = dict[str, object]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class Repeated(list[object]):
    """The values of a plain name that was sent several times, as in `id=1&id=2`."""


_NESTED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_IGNORED_TYPES = ("image/", "video/", "audio/", "font/", "application/octet-stream", "application/zip")


@dataclass(slots=True)
class Parameters:
    """The tree, and what must be closed when the request is over."""

    tree: Tree = field(default_factory=dict[str, object])
    multipart: Multipart | None = None

    async def close(self) -> None:
        """Drop the files that came with the body and that nobody took."""
        if self.multipart is not None:
            await self.multipart.close()


class BodyReader:
    """A request's body, piece by piece, never more than `bytes_max` of it."""

    def __init__(self, receive: Receive, *, length: str | None, bytes_max: int) -> None:
        self._receive = receive
        self._bytes_max = bytes_max
        self._length = int(length) if length and length.isascii() and length.isdigit() and len(length) < 20 else 0  # noqa: PLR2004

    async def feed(self, take: Callable[[bytes], None], settle: Callable[[], Awaitable[None]] | None = None) -> None:
        """Give every piece to `take`, and wait for `settle` before the next.

        Raises `TooLarge` past the limit, and `Malformed` when the client went away. What is refused, by its size or by
        either of them, is read on for a while, so that whoever sends it hears of it; not where its length says that
        there is no end to it in sight.
        """
        refused = self._too_large() if self._length > self._bytes_max else None
        size = left = 0
        if self._length > self._bytes_max + DRAINED_BYTES_MAX:
            raise self._too_large()
        while left <= DRAINED_BYTES_MAX:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Malformed("The request ended before its body did")
            piece = cast("bytes", message.get("body", b""))
            size += len(piece)
            if refused is None and piece:
                try:
                    self._pass_on(piece, size, take)
                    if settle is not None:
                        await settle()
                except ProductError as error:
                    refused = error
            elif refused is not None:
                left += len(piece)
            if not message.get("more_body", False):
                break
        if refused is not None:
            raise refused

    def _pass_on(self, piece: bytes, size: int, take: Callable[[bytes], None]) -> None:
        if size > self._bytes_max:
            raise self._too_large()
        take(piece)

    def _too_large(self) -> TooLarge:
        return TooLarge(f"The request is larger than {self._bytes_max} bytes")


async def read_parameters(
    query: bytes,
    content_type: str,
    body: BodyReader,
    file_rule: FileLimit | None = None,
    land: Land | None = None,
) -> Parameters:
    """Query and body as one tree; `Malformed` when they cannot be read, `TooLarge` past a limit."""
    found = Parameters(tree_of_text(query))
    mime = content_type.partition(";")[0].strip().lower()
    if mime == "multipart/form-data":
        found.multipart = Multipart(content_type, file_rule, land)
        try:
            await body.feed(found.multipart.feed, found.multipart.settle)
            found.multipart.end()
            found.tree.update(tree_of(found.multipart.pairs))
        except BaseException:
            await found.close()
            raise
        return found
    raw = bytearray()
    await body.feed(raw.extend)
    found.tree.update(_tree_of_body(mime, bytes(raw)))
    return found


def _tree_of_body(mime: str, raw: bytes) -> Tree:
    if mime == "application/json" or mime.endswith("+json") or mime == "text/json":
        return tree_of_json(raw)
    if not raw or mime.startswith(_IGNORED_TYPES):
        return {}
    return tree_of_json(raw) if raw.lstrip()[:1] == b"{" else tree_of_text(raw)


def tree_of_json(raw: bytes) -> Tree:
    """The object in a JSON text."""
    if not raw.strip():
        return {}
    try:
        value: object = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("The body is not valid JSON") from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Malformed("The body must be a JSON object")
    _measure(value)  # pyright: ignore[reportUnknownArgumentType] -- JSON may hold anything
    return cast("Tree", value)


def _measure(value: object) -> None:
    """Hold a decoded JSON value to the same depth, number and length of names as any other encoding."""
    level, seen = [value], 0
    for _ in range(DEPTH_MAX + 1):
        below: list[object] = []
        for node in level:
            if isinstance(node, dict):
                hash_ = cast("Tree", node)
                if any(len(name) > NAME_CHARS_MAX for name in hash_):
                    raise TooLarge("A name in the body is too long")
                below.extend(hash_.values())
            elif isinstance(node, list):
                below.extend(cast("list[object]", node))
        seen += len(below)
        if seen > PARAMETERS_MAX:
            raise TooLarge("The request has too many parameters")
        if not below:
            return
        level = below
    raise Malformed("The body is nested too deeply")


def tree_of_text(raw: bytes) -> Tree:
    """The tree of a urlencoded text, which must be UTF-8 below its percent signs."""
    if not raw:
        return {}
    if raw.count(b"&") >= PARAMETERS_MAX:
        raise TooLarge("The request has too many parameters")
    pairs: list[tuple[str, str | Upload]] = []
    for piece in raw.split(b"&"):
        if piece:
            name, _, value = piece.partition(b"=")
            pairs.append((_decoded(name), _decoded(value)))
    return tree_of(pairs)


def _decoded(raw: bytes) -> str:
    try:
        return unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError as error:
        raise Malformed("The parameters are not in UTF-8") from error


def tree_of(pairs: Iterable[tuple[str, str | Upload]]) -> Tree:
    """Nest pairs by the brackets in their names; a name that is not well formed stands for itself."""
    tree: Tree = {}
    for name, value in pairs:
        if len(name) > NAME_CHARS_MAX:
            raise TooLarge("A parameter's name is too long")
        match = _NESTED.fullmatch(name)
        if match is None or not match[2]:
            _put_plain(tree, name, value)
            continue
        keys = match[2][1:-1].split("][")
        below = [key for at, key in enumerate(keys) if key or at == 0 or keys[at - 1]]  # a[][] means a[]
        if len(keys) >= DEPTH_MAX:
            raise Malformed("A parameter is nested too deeply")
        _put(tree, match[1], below, value)
    return tree


def _put_plain(tree: Tree, name: str, value: object) -> None:
    """Set a name without brackets, keeping what the same name meant before for whoever expects a list."""
    before = tree.get(name)
    if isinstance(before, Repeated):
        before.append(value)
    else:
        tree[name] = Repeated([before, value]) if isinstance(before, str | Upload) else value


def _put(hash_: Tree, name: str, below: list[str], value: object) -> None:
    """Set what `name[below…]` means in `hash_`; an empty name below stands for the next place of a list."""
    if not below:
        hash_[name] = value
        return
    if below[0]:
        inner = hash_.setdefault(name, {})
        if not isinstance(inner, dict):
            raise Malformed(f"The parameter {name} is both a value and a set of values")
        _put(cast("Tree", inner), below[0], below[1:], value)
        return
    inner = hash_.setdefault(name, [])
    if not isinstance(inner, list):
        raise Malformed(f"The parameter {name} is both a list and something else")
    list_ = cast("list[object]", inner)
    rest = below[1:]
    if not rest:
        list_.append(value)
        return
    last = list_[-1] if list_ else None
    if not isinstance(last, dict) or _has(cast("Tree", last), rest):
        last = dict[str, object]()
        list_.append(last)
    _put(cast("Tree", last), rest[0], rest[1:], value)


def _has(hash_: Tree, names: list[str]) -> bool:
    """Whether the value at `names` is there already, so that one more begins the next hash of a list."""
    below = hash_.get(names[0])
    if len(names) > 1:
        return isinstance(below, dict) and _has(cast("Tree", below), names[1:])
    return bool(names[0]) and names[0] in hash_
