"""Authorization server metadata, as RFC 8414 and Mastodon name its parts."""

import msgspec


class OAuthServer(msgspec.Struct, kw_only=True):
    """Where this server's OAuth endpoints are and what they support."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    userinfo_endpoint: str
    app_registration_endpoint: str
    service_documentation: str
    scopes_supported: list[str]
    response_types_supported: list[str]
    response_modes_supported: list[str]
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    revocation_endpoint_auth_methods_supported: list[str]
    code_challenge_methods_supported: list[str]
