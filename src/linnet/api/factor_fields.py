"""Second factors in forms of HTML: one field for whatever code there is, and a passkey's answer as a text of JSON."""

from typing import Any

import msgspec

from linnet.api.endpoint import Call
from linnet.api.errors import status_of
from linnet.features.sessions.factors.models import Answer, Json
from linnet.features.sessions.factors.totp import DIGITS
from linnet.platform.errors import ProductError, TooMany

_decoder = msgspec.json.Decoder(dict[str, Any])


def answer_of(code: str, credential: str, password: str = "") -> Answer:
    """What a person answered with: six digits are an app's code, anything else is a recovery code."""
    if credential:
        return Answer(passkey=credential_of(credential))
    plain = "".join(code.split())
    if len(plain) == DIGITS and plain.isdecimal():
        return Answer(totp=plain, password=password)
    return Answer(recovery_code=code, password=password)


def credential_of(text: str) -> Json:
    """What the page's script put into the field; an empty one, which nothing accepts, when it is no JSON."""
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return {}


def status_beside(call: Call, error: ProductError | None) -> int:
    """The status of a page that asks again because of `error`; says when to come back where that is too early now."""
    if isinstance(error, TooMany):
        call.answer_headers.append(("Retry-After", str(error.retry_after_s)))
        return status_of(error)
    return 422 if error is not None else 200


def options_text(options: Json | None) -> str:
    """What the page's script hands to the browser; empty for nothing."""
    return "" if options is None else msgspec.json.encode(options).decode()
