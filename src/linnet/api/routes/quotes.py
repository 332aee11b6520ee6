"""`/api/v1/statuses/…/quotes` and `…/interaction_policy`: who quotes one's statuses, who may quote and answer them."""

from linnet.api import direct
from linnet.api.direct import or_message
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.api.status_forms import QuotePolicyName, ReplyPolicyName
from linnet.features.filters.models import Context
from linnet.features.filters.reads import without_hidden
from linnet.features.statuses import policies, quoting, reads
from linnet.features.statuses.models import QuotePolicy, ReplyPolicy
from linnet.mastodon.entities.status import Status
from linnet.mastodon.presenters.statuses import present_status, present_statuses


class PolicyForm(Form):
    """Who may quote a status from now on, and (our own addition) who may answer it; what is not named stays."""

    quote_approval_policy: QuotePolicyName | None = None
    reply_policy: ReplyPolicyName | None = None


@endpoint("GET", "/api/v1/statuses/{status_id}/quotes", scope="read:statuses", viewer="optional")
@or_message(direct.quotes)
async def list_quotes(call: Call, status_id: int, form: PageForm) -> Page[Status]:
    """The statuses that quote one, the latest first."""
    page = await reads.quotes(call.engines, call.viewer, status_id, form.window)
    shown = await without_hidden(call.engines, call.viewer, page, Context.THREAD)
    presented = await present_statuses(call.engines, call.viewer, shown)
    return Page[Status].of(presented, page.row_ids, form.window)


@endpoint("POST", "/api/v1/statuses/{status_id}/quotes/{quoting_status_id}/revoke", scope="write:statuses")
async def revoke_quote(call: Call, status_id: int, quoting_status_id: int) -> Status:
    """Take one's own status out of one that quotes it, for good; the answer is the quoting one."""
    quoting_id = await quoting.revoke(call.engines, call.me, status_id, quoting_status_id)
    return await present_status(call.engines, call.me, quoting_id)


@endpoint("PUT", "/api/v1/statuses/{status_id}/interaction_policy", scope="write:statuses")
async def set_interaction_policy(call: Call, status_id: int, form: PolicyForm) -> Status:
    """Say who may quote and answer one's own status from now on, which is no edit of it."""
    await policies.set_policies(
        call.engines,
        call.me,
        status_id,
        quote_policy=QuotePolicy(form.quote_approval_policy) if form.quote_approval_policy else None,
        reply_policy=ReplyPolicy(form.reply_policy) if form.reply_policy else None,
    )
    return await present_status(call.engines, call.me, status_id)
