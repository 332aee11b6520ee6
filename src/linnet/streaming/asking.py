"""A request for a stream as it comes, over either protocol: where the token is, what is asked for, from where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl

from linnet.platform.errors import Malformed
from linnet.platform.ids import parse_id
from linnet.platform.requests import Network, RequestHeaders, client_address

PARAMETERS_MAX = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at of it."""

    path: str
    parameters: Mapping[str, str]
    """Of the query; the first of several with one name."""
    headers: RequestHeaders
    address: str

    @classmethod
    def of(
        cls,
        path: str,
        query: str,
        raw_headers: Sequence[tuple[bytes, bytes]],
        client: Sequence[object] | None,
        trusted_proxies: Sequence[Network],
    ) -> Self:
        """From its parts; raises `Malformed` for a query that cannot be read."""
        try:
            pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=PARAMETERS_MAX)
        except ValueError:
            raise Malformed("The query cannot be read") from None
        headers = RequestHeaders(raw_headers)
        return cls(path, dict(reversed(pairs)), headers, client_address(client, headers, trusted_proxies))

    @property
    def token(self) -> str | None:
        """The access token: of `Authorization`, the query, or, as browsers send it, the WebSocket's subprotocol."""
        scheme, _, token = (self.headers.get("authorization") or "").partition(" ")
        if scheme.lower() == "bearer" and token.strip():
            return token.strip()
        named = self.parameters.get("access_token")
        if named:
            return named
        protocols = (self.headers.get("sec-websocket-protocol") or "").split(",")
        return protocols[0].strip() or None

    @property
    def last_id(self) -> int | None:
        """The id of the last status or notification that the reader has seen; None of who does not come back."""
        return last_id_in(self.headers.get("last-event-id") or self.parameters.get("last_event_id") or "")


def last_id_in(text: str) -> int | None:
    """An id that a client says it has seen; what is none counts as not said."""
    return parse_id(text.strip())
