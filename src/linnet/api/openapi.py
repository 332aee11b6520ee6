"""The OpenAPI 3.1 document of the endpoint table, and the page to read it on."""

from collections.abc import Sequence

from linnet.api.endpoint import Endpoint


def api_pages(endpoints: Sequence[Endpoint], public_url: str) -> tuple[Endpoint, ...]:
    """The endpoints that serve the document and its page."""
    return ()
