"""`/api/proofs`: proofs of who somebody is elsewhere, which Mastodon gave up in 3.5."""

from linnet.api.endpoint import Call, endpoint


@endpoint("GET", "/api/proofs", viewer="none")
async def list_proofs(call: Call) -> list[dict[str, str]]:  # noqa: ARG001 -- a handler's shape
    """List proofs that a service asks about: there are none, nor services that would ask."""
    return []
