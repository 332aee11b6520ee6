"""`/api/v1/apps`: apps introduce themselves."""

from linnet.api.auth import access_of
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.sessions import apps, reads
from linnet.mastodon.entities.application import CredentialApplication, RegisteredApplication
from linnet.mastodon.presenters.apps import present_app, present_new_app
from linnet.platform.errors import Forbidden
from linnet.platform.vapid import VapidKey


class AppForm(Form):
    """What an app says of itself."""

    client_name: str = ""
    redirect_uris: list[str] = []
    """One or more; a single text may hold several, divided by line breaks."""
    scopes: str | None = None
    """Divided by spaces; `read` when absent."""
    website: str | None = None


@endpoint("POST", "/api/v1/apps", viewer="none")
async def create(call: Call, form: AppForm) -> CredentialApplication:
    """Register an app, which gets its id and its secret."""
    app, secret = await apps.register_app(
        call.engines,
        name=form.client_name,
        redirect_uris=form.redirect_uris,
        scopes=form.scopes,
        website=form.website,
    )
    call.answer_headers.append(("Cache-Control", "no-store"))
    return present_new_app(app, secret=secret, vapid_key=call.engines.config(VapidKey).public_text)


@endpoint("GET", "/api/v1/apps/verify_credentials", viewer="app")
async def verify_credentials(call: Call) -> RegisteredApplication:
    """Show the app whose token this is."""
    app_id = access_of(call).app_id
    app = await reads.app(call.engines, app_id) if app_id is not None else None
    if app is None:
        raise Forbidden("This token was not given to an app")
    return present_app(app, vapid_key=call.engines.config(VapidKey).public_text)
