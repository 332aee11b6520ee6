"""People in browsers: the cookie of their session, forms that only our own pages can send, paths to go on to."""

import functools
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from linnet.api import auth
from linnet.api.answers import Redirect
from linnet.api.endpoint import Call
from linnet.api.errors import status_of
from linnet.api.pages import render
from linnet.features.sessions import reads
from linnet.features.sessions.models import Access, Origin, SecondStep, WebSession
from linnet.features.sessions.tokens import TokenRules
from linnet.platform.errors import Forbidden, ProductError
from linnet.platform.site import Site

THEN_CHARS_MAX: Final = 8000
STALE_FORM: Final = "This page was open for too long, or your browser keeps no cookies. Please try once more."

_SESSION: Final = "linnet"
_FORM: Final = "linnet-form"
_DEVICE: Final = "linnet-device"
_STEP: Final = "linnet-step"
_DEVICE_AGE_S: Final = 400 * 86_400
"""As long as browsers keep a cookie at most."""

_NONCE_CHARS: Final = 22

PageHandler = Callable[..., Awaitable[object]]


def page(handler: PageHandler) -> PageHandler:
    """Let a handler's product errors be pages instead of JSON; goes below `@endpoint`."""

    @functools.wraps(handler)
    async def answer(call: Call, **arguments: object) -> object:
        try:
            return await handler(call, **arguments)
        except reads.Unconfirmed:
            return Redirect(f"/confirm?{urlencode({'then': _here(call)})}", 303)
        except ProductError as error:
            site = call.engines.config(Site)
            return render(site, "problem", status=status_of(error), title="That did not work", sentence=error.message)

    return answer


def _here(call: Call) -> str:
    """Where a person who is sent elsewhere first comes back to; not to what a form did."""
    query = call.query.decode("latin-1")
    return "/" if call.endpoint.method != "GET" else safe_path(f"{call.path}?{query}" if query else call.path)


async def signed_in(call: Call, *, unconfirmed: bool = False) -> Access | None:
    """Who this browser is signed in as, by its cookie, or None; who has not confirmed an address yet only if asked."""
    cookie = session_cookie(call)
    access = None if cookie is None else await reads.web_access_of(call.engines, cookie, unconfirmed=unconfirmed)
    if access is not None:
        auth.see(call, access)
    return access


def session_cookie(call: Call) -> str | None:
    """The secret of the browser's session, as sent."""
    return call.cookies.get(_name(call, _SESSION))


def keep_session(call: Call, session: WebSession) -> None:
    """Give the browser the cookie of its new session, and the one by which the account knows it the next time."""
    _set_cookie(call, _SESSION, session.cookie, max_age_s=session.expires_in_s)
    if session.device_token:
        keep_device(call, session.device_token)


def keep_device(call: Call, device_token: str) -> None:
    """Give the browser the cookie by which an account knows it, signed in or not."""
    _set_cookie(call, _DEVICE, device_token, max_age_s=_DEVICE_AGE_S)


def keep_step(call: Call, step: SecondStep) -> None:
    """Have the browser remember the second step of a sign-in, for `/signin/second`."""
    _set_cookie(call, _STEP, step.token, max_age_s=step.expires_in_s)


def step_cookie(call: Call) -> str | None:
    """The secret of the second step that this browser is at."""
    return call.cookies.get(_name(call, _STEP)) or None


def drop_step(call: Call) -> None:
    """Take that back."""
    _set_cookie(call, _STEP, "", max_age_s=0)


def origin_of(call: Call) -> Origin:
    """Where the call comes from, with what the browser was given at an earlier sign-in."""
    return replace(auth.origin_of(call), device_token=call.cookies.get(_name(call, _DEVICE), ""))


def drop_session(call: Call) -> None:
    """Take the cookie back."""
    _set_cookie(call, _SESSION, "", max_age_s=0)


def form_token(call: Call) -> str:
    """What a form on the page carries to prove that it is ours, for this browser and whoever is signed in now.

    It is bound to a cookie that no other site can read or set (`__Host-` over TLS), and to the session's cookie.
    """
    nonce = call.cookies.get(_name(call, _FORM), "")
    if len(nonce) != _NONCE_CHARS:
        nonce = secrets.token_urlsafe(16)
        _set_cookie(call, _FORM, nonce, max_age_s=None)
    return _signed(call.engines.config(TokenRules).form_keys[0], nonce, session_cookie(call))


def check_form(call: Call, token: str) -> None:
    """Raise `Forbidden` unless the form came from a page of ours in this very browser."""
    nonce = call.cookies.get(_name(call, _FORM), "")
    cookie, sent = session_cookie(call), token.encode(errors="replace")
    keys = call.engines.config(TokenRules).form_keys
    ours = any(hmac.compare_digest(_signed(key, nonce, cookie).encode(), sent) for key in keys)
    if not nonce or not ours or _is_foreign(call):
        raise Forbidden(STALE_FORM)


def safe_path(then: str) -> str:
    """`then` when it is a path on this server, else `/`: nobody is sent elsewhere by a link to our sign-in page."""
    inside = then.startswith("/") and not then.startswith("//") and "\\" not in then
    plain = then.isascii() and then.isprintable() and len(then) <= THEN_CHARS_MAX
    return then if inside and plain else "/"


def sign_in_path(then: str) -> str:
    """Our sign-in page, which goes on to `then`, a path on this server."""
    return f"/signin?{urlencode({'then': then})}"


def _is_foreign(call: Call) -> bool:
    """Whether the browser says that another site's page sent this."""
    if call.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        return True
    origin = call.headers.get("origin")
    if origin is None or origin == call.public_url:
        return False
    host = call.headers.get("host")  # a browser's own word, when it came by another name than the public one
    return not host or origin not in {f"https://{host}", f"http://{host}"}


def _signed(key: bytes, nonce: str, cookie: str | None) -> str:
    return hmac.new(key, f"{nonce}\n{cookie or ''}".encode(), hashlib.sha256).hexdigest()


def _name(call: Call, name: str) -> str:
    """Over TLS browsers hold `__Host-` cookies to this host, its root path and a secure connection."""
    return f"__Host-{name}" if call.engines.config(Site).is_secure else name


def _set_cookie(call: Call, name: str, value: str, *, max_age_s: int | None) -> None:
    parts = [f"{_name(call, name)}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    if max_age_s is not None:
        parts.append(f"Max-Age={max_age_s}")
    if call.engines.config(Site).is_secure:
        parts.append("Secure")
    call.answer_headers.append(("Set-Cookie", "; ".join(parts)))
