"""`/api/v1/statuses/:id/translate`: there is no provider of translations, and this says so."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.statuses import reads
from linnet.platform.errors import NotFound


class TranslationForm(Form):
    """Into which language."""

    lang: str | None = None


@endpoint("POST", "/api/v1/statuses/{status_id}/translate", scope="read:statuses")
async def translate_status(call: Call, status_id: int, form: TranslationForm) -> None:  # noqa: ARG001 -- as documented
    """Translate a status: not on this server, as `configuration.translation.enabled` of the instance says."""
    await reads.visible(call.engines.db, call.me, status_id)
    raise NotFound("Translation is not available on this server")
