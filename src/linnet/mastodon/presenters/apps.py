"""Apps and their tokens for the wire."""

from linnet.features.sessions.models import App, IssuedToken
from linnet.mastodon.entities.application import CredentialApplication, RegisteredApplication
from linnet.mastodon.entities.token import Token


def present_app(app: App, *, vapid_key: str) -> RegisteredApplication:
    """An app, to itself."""
    return RegisteredApplication(
        id=str(app.id),
        name=app.name,
        website=app.website,
        scopes=list(app.scopes),
        redirect_uri="\n".join(app.redirect_uris),
        redirect_uris=list(app.redirect_uris),
        vapid_key=vapid_key,
    )


def present_new_app(app: App, *, secret: str, vapid_key: str) -> CredentialApplication:
    """An app that has just been registered, with its secret."""
    return CredentialApplication(
        id=str(app.id),
        name=app.name,
        website=app.website,
        scopes=list(app.scopes),
        redirect_uri="\n".join(app.redirect_uris),
        redirect_uris=list(app.redirect_uris),
        vapid_key=vapid_key,
        client_id=app.client_id,
        client_secret=secret,
        client_secret_expires_at=0,
    )


def present_token(issued: IssuedToken) -> Token:
    """A new token; the only time it is shown."""
    return Token(
        access_token=issued.token,
        token_type="Bearer",  # noqa: S106 -- the name of a scheme
        scope=" ".join(issued.scopes),
        created_at=int(issued.created_at.timestamp()),
    )
