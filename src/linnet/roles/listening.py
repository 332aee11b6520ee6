"""The socket that API processes answer on; apart from `api.py`, so that a supervisor need not load the application."""

import socket

from linnet.settings import BadSetting, Settings

BACKLOG = 1024
"""Connections that wait to be accepted; with the bound on requests in flight this is the whole queue."""


def listen(settings: Settings) -> socket.socket:
    """The listening socket; raises `BadSetting` with a sentence when the address cannot be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise BadSetting(f"LINNET_HOST={settings.host!r} is no address of this machine: {error.strerror}.") from None
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
    except OSError as error:
        listening.close()
        raise BadSetting(
            f"Linnet cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
            "Stop what is running there, or set LINNET_PORT to another port."
        ) from None
    listening.listen(BACKLOG)
    return listening
