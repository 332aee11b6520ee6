"""HTTP/1.1 connections as uvicorn serves them, but the head of a request has a limit, and refusals are JSON."""

from http import HTTPStatus
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from linnet.api.answers import JSON, json_answer

HEAD_BYTES_MAX: Final = 64 * 1024
"""Request line and headers together; more than any proxy passes on. One read more may come in before it is noticed.

Neither httptools nor uvicorn has a limit: one connection whose header never ends would fill the memory.
"""


class BoundedHttp(HttpToolsProtocol):
    """A connection on which a request's head, and the trailers after its body, are at most `HEAD_BYTES_MAX` long."""

    _unfinished_bytes = 0
    _has_progressed = False

    def data_received(self, data: bytes) -> None:
        """Parse what came; refuse a head that goes on and on."""
        super().data_received(data)
        if self._has_progressed:
            self._has_progressed = False
            self._unfinished_bytes = 0
            return
        self._unfinished_bytes += len(data)
        if self._unfinished_bytes > HEAD_BYTES_MAX:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers of this request are too large")

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        self._has_progressed = True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass a piece of the body on."""
        self._has_progressed = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the request is whole."""
        self._has_progressed = True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP; `msg` is uvicorn's sentence."""
        self._refuse(HTTPStatus.BAD_REQUEST, msg)

    def _refuse(self, status: HTTPStatus, sentence: str) -> None:
        """Say so and hang up; in the middle of an answer, which nothing may be put into, only hang up."""
        if self.cycle and not self.cycle.response_complete:
            if self.cycle.response_started:
                self.transport.abort()
                return
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        answer = json_answer({"error": sentence}, status=status)
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: {JSON}\r\n"
            f"content-length: {len(answer.body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + answer.body)
        self.transport.close()
