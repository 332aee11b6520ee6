"""From what went wrong to its HTTP answer, always JSON in Mastodon's shape."""

import structlog

from linnet.api.answers import Answer, Headers, json_answer
from linnet.features.moderation.judging import Refused
from linnet.mastodon.presenters.moderation import present_refusal
from linnet.platform.errors import (
    EngineDown,
    Invalid,
    Problem,
    ProductError,
    TooLarge,
    TooMany,
    Unauthenticated,
    status_of,
)

__all__ = ["answer_of", "answer_to_bug", "overloaded", "status_of"]

log = structlog.get_logger()


def answer_of(error: ProductError) -> Answer:
    """The answer to an error that the caller can act on."""
    body: dict[str, object] = {"error": error.message}
    if error.code is not None:
        body["error_code"] = error.code
    if isinstance(error, Invalid) and error.details:
        body["details"] = {
            name: [_detail_of(problem) for problem in problems] for name, problems in error.details.items()
        }
    if isinstance(error, Refused):
        body["moderation"] = present_refusal(error)
    return json_answer(body, status=status_of(error), headers=_headers_of(error))


def _detail_of(problem: Problem) -> dict[str, object]:
    detail: dict[str, object] = {"error": problem.code, "description": problem.description}
    return detail if problem.offset is None else {**detail, "offset": problem.offset}


def answer_to_bug(error: Exception, *, request_id: str) -> Answer:
    """The answer to a mistake of ours, which is logged with its traceback; the request id lets an operator find it."""
    log.error("request failed", request_id=request_id, exc_info=error)
    sentence = f"Something went wrong on our side. If it happens again, tell the operator this number: {request_id}"
    return json_answer({"error": sentence}, status=500)


def overloaded(sentence: str, *, retry_after_s: int) -> Answer:
    """503: not now, but soon."""
    headers = (("Retry-After", str(retry_after_s)),)
    return json_answer({"error": sentence}, status=503, headers=headers)


def _headers_of(error: ProductError) -> Headers:
    match error:
        case Unauthenticated():
            return (("WWW-Authenticate", 'Bearer realm="Linnet", error="invalid_token"'),)
        case TooMany() | EngineDown():
            return (("Retry-After", str(error.retry_after_s)),)
        case TooLarge():
            return (("Connection", "close"),)
        case _:
            return ()
