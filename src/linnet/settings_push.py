"""Settings of the ways out: what the server asks of others by itself, and through whom it notifies phones."""

from typing import Annotated

import msgspec
from msgspec import Meta


class PushSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The part of `Settings` about requests that this server makes."""

    outgoing_allowed: Annotated[
        str,
        Meta(
            description="Networks that link previews and push messages may reach although they are not the public "
            "internet, as 192.168.7.0/24. Empty: none, so that nobody can have this server ask its neighbours."
        ),
    ] = ""
