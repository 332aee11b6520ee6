"""`/api/v2/suggestions`: whom one might follow."""

from typing import Final

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.relationships import suggestions
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.suggestion import Suggestion
from linnet.mastodon.presenters.accounts import present_accounts, present_in_order

LIMIT: Final = 40
LIMIT_MAX: Final = 80


class SuggestionsForm(Form):
    """How many."""

    limit: int = LIMIT


@endpoint("GET", "/api/v2/suggestions", scope="read")
async def list_suggestions(call: Call, form: SuggestionsForm) -> list[Suggestion]:
    """Whom one might follow, and why: whom those one follows follow first."""
    found = await suggestions.suggested(call.engines, call.me, limit=min(max(form.limit, 1), LIMIT_MAX))
    presented = await present_accounts(call.engines, [one.account_id for one in found])
    return [
        Suggestion(presented[one.account_id], [source.value for source in one.sources], LEGACY[one.sources[0]])
        for one in found
        if one.account_id in presented
    ]


LEGACY: Final = {suggestions.Source.FRIENDS: "past_interactions", suggestions.Source.FOLLOWED: "global"}
"""What clients of Mastodon before 4.3 know of each source."""


@endpoint("GET", "/api/v1/suggestions", scope="read")
async def list_v1_suggestions(call: Call, form: SuggestionsForm) -> list[Account]:
    """The same, as older clients ask for it."""
    found = await suggestions.suggested(call.engines, call.me, limit=min(max(form.limit, 1), LIMIT_MAX))
    return await present_in_order(call.engines, [one.account_id for one in found])


@endpoint("DELETE", "/api/v1/suggestions/{account_id}", scope="write:accounts")
async def dismiss_suggestion(call: Call, account_id: int) -> dict[str, str]:
    """Never have an account suggested again."""
    await suggestions.dismiss(call.engines, call.me, account_id)
    return {}
