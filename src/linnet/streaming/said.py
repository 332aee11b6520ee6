"""What a client says on a socket: to which stream it wants to listen, or no more."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from linnet.platform.errors import Malformed
from linnet.streaming.asking import last_id_in


@dataclass(frozen=True, slots=True)
class Said:
    """One message."""

    kind: str
    """`subscribe` or `unsubscribe`."""
    stream: str
    parameters: Mapping[str, str]
    last_id: int | None = None


class _Form(msgspec.Struct):
    """As it comes; clients send ids as texts or as numbers."""

    type: str
    stream: str
    list: str | int = ""
    tag: str = ""
    search: str | int = ""
    last_event_id: str | int = ""


_decoder = msgspec.json.Decoder(_Form)


def said_in(text: bytes) -> Said:
    """What a message says; raises `Malformed`."""
    try:
        form = _decoder.decode(text)
    except msgspec.MsgspecError:
        raise Malformed("A message is JSON with a type and a stream") from None
    if form.type not in {"subscribe", "unsubscribe"}:
        raise Malformed("Unknown message type")
    said = {"list": form.list, "tag": form.tag, "search": form.search}
    parameters = {name: str(value) for name, value in said.items() if value != ""}
    return Said(form.type, form.stream, parameters, last_id_in(str(form.last_event_id)))
