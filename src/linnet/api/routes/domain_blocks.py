"""`/api/v1/domain_blocks`: other servers one has blocked, of which there are none."""

from linnet.api.endpoint import Call, endpoint


@endpoint("GET", "/api/v1/domain_blocks", scope="read:blocks")
async def list_domain_blocks(call: Call) -> list[str]:  # noqa: ARG001 -- every handler takes the call
    """Domains one has blocked: this server talks to no other, so always none."""
    return []
