"""`/.well-known/oauth-authorization-server`: what a client can know before it knows anything."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.oauth_rules import CHALLENGE_METHODS, CLIENT_AUTH_METHODS, GRANT_TYPES
from linnet.features.sessions.scopes import KNOWN
from linnet.mastodon.entities.oauth_server import OAuthServer


@endpoint("GET", "/.well-known/oauth-authorization-server", viewer="none")
async def show(call: Call) -> OAuthServer:
    """Show the OAuth endpoints and what they support (RFC 8414)."""
    return OAuthServer(
        issuer=f"{call.public_url}/",
        authorization_endpoint=call.address_of("/oauth/authorize"),
        token_endpoint=call.address_of("/oauth/token"),
        revocation_endpoint=call.address_of("/oauth/revoke"),
        userinfo_endpoint=call.address_of("/oauth/userinfo"),
        app_registration_endpoint=call.address_of("/api/v1/apps"),
        service_documentation=call.address_of("/docs/api"),
        scopes_supported=list(KNOWN),
        response_types_supported=["code"],
        response_modes_supported=["query"],
        grant_types_supported=list(GRANT_TYPES),
        token_endpoint_auth_methods_supported=list(CLIENT_AUTH_METHODS),
        revocation_endpoint_auth_methods_supported=list(CLIENT_AUTH_METHODS),
        code_challenge_methods_supported=list(CHALLENGE_METHODS),
    )
