"""What comes along with words that somebody posts, whether as a status or as a message."""

from linnet.api.endpoint import Call
from linnet.features.statuses.models import IDEMPOTENCY_KEY_LENGTH_MAX, Application
from linnet.platform.errors import Invalid


def idempotency_key_of(call: Call) -> str | None:
    """The `Idempotency-Key` header; `Invalid` when it is too long."""
    key = call.headers.get("idempotency-key")
    if key and len(key) > IDEMPOTENCY_KEY_LENGTH_MAX:
        raise Invalid(f"Idempotency-Key may have at most {IDEMPOTENCY_KEY_LENGTH_MAX} characters.")
    return key or None


def application_of(call: Call) -> Application | None:
    """The app whose token came with the request."""
    name = getattr(call.grant, "app_name", None)
    return Application(name, getattr(call.grant, "app_website", None)) if name else None
