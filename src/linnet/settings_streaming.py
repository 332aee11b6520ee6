"""Settings of streams: how many processes, how much one reader may ask of them. Part of `settings.py`."""

from typing import Annotated

from msgspec import Meta

from linnet.settings_push import PushSettings


class StreamingSettings(PushSettings, frozen=True, kw_only=True):
    """What streaming processes are told, and what apps are told of where they are."""

    streaming_processes: Annotated[
        int, Meta(description="Streaming processes of `linnet serve`; 0: streams are elsewhere.", ge=0, le=64)
    ] = 1
    streaming_url: Annotated[
        str,
        Meta(
            description="wss://host under which apps reach the streams, if not under the public URL. Empty: the same "
            "host and port as everything."
        ),
    ] = ""
    streams_per_account: Annotated[
        int, Meta(description="Streams (sockets) of one account in one streaming process.", ge=1)
    ] = 50
    streams_per_address: Annotated[
        int,
        Meta(
            description="Streams from one address (IPv6: /64) in one streaming process, and attempts to open one in a "
            "minute.",
            ge=1,
        ),
    ] = 500
    stream_subscriptions: Annotated[int, Meta(description="Subscriptions of one WebSocket.", ge=1)] = 100
    stream_buffer: Annotated[
        int,
        Meta(description="KiB kept for a reader who does not read; one with more is hung up on.", ge=16, le=65_536),
    ] = 512
