"""A form with a field of every kind, and the ways in which a request may carry it."""

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from linnet.api.forms import Form, convert
from linnet.api.parameters import BODY_BYTES_MAX, BodyReader, Parameters, read_parameters, tree_of_text
from linnet.api.uploads import Upload

URLENCODED = "application/x-www-form-urlencoded"
BOUNDARY = "----edge"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


class ProfileLine(msgspec.Struct):
    name: str = ""
    value: str = ""


class Poll(msgspec.Struct):
    options: list[str] = msgspec.field(default_factory=list[str])
    multiple: bool = False
    expires_in: int | None = None


class StatusForm(Form):
    status: str = ""
    spoiler_text: str | UnsetType | None = UNSET
    sensitive: bool | None = None
    limit: int = 20
    ratio: float | None = None
    visibility: Literal["public", "private"] | None = None
    scheduled_at: datetime | None = None
    media_ids: list[str] = msgspec.field(default_factory=list[str])
    numbers: list[int] = msgspec.field(default_factory=list[int])
    fields_attributes: list[ProfileLine] = msgspec.field(default_factory=list[ProfileLine])
    poll: Poll | None = None
    file: Upload | None = None
    anything: object = None


async def parameters_of(
    body: bytes = b"",
    content_type: str = "",
    query: bytes = b"",
    *,
    piece: int = 65536,
    bytes_max: int = BODY_BYTES_MAX,
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
        await parameters.close()


def asked(query: str) -> StatusForm:
    """The form that a query string carries."""
    return convert(tree_of_text(query.encode()), StatusForm)


def multipart(pairs: list[tuple[str, str]]) -> bytes:
    """Text parts, as a browser sends them."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in pairs
    ]
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()
