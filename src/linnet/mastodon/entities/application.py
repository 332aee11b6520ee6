"""Application and CredentialApplication, as https://docs.joinmastodon.org/entities/Application/ has them."""

import msgspec


class RegisteredApplication(msgspec.Struct, kw_only=True):
    """An app that was registered. `redirect_uri` is all of `redirect_uris`, divided by line breaks."""

    id: str
    name: str
    website: str | None
    scopes: list[str]
    redirect_uri: str
    redirect_uris: list[str]
    vapid_key: str


class CredentialApplication(RegisteredApplication, kw_only=True):
    """An app as it learns of itself, once: its secret is not kept in clear."""

    client_id: str
    client_secret: str
    client_secret_expires_at: int
    """Always 0: never."""
