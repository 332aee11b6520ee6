"""Who may quote: an author decides for a post beforehand, and afterwards for each quote of it."""

from linnet.features.accounts.models import Viewer
from linnet.features.relationships import reads as relationships
from linnet.features.statuses import reads
from linnet.features.statuses.events import QuoteRevoked
from linnet.features.statuses.models import QuotePolicy, Visibility
from linnet.features.statuses.store import posts
from linnet.features.statuses.store import quotes as store
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.live import Live
from linnet.platform.postgres import Queries


def allowed(visibility: Visibility, wanted: QuotePolicy) -> QuotePolicy:
    """The policy of a post: what few may see, nobody may quote."""
    return QuotePolicy.NOBODY if visibility in {Visibility.PRIVATE, Visibility.DIRECT} else wanted


async def quotable(db: Queries, viewer: Viewer, status_id: int) -> int:
    """The id of what a draft quotes (of a reblog, the original); `Invalid` when its author does not allow that."""
    quoted = await reads.subject(db, viewer, status_id)
    if quoted.account_id == viewer.account_id and quoted.visibility is not Visibility.DIRECT:
        return quoted.id
    if quoted.quote_policy is QuotePolicy.PUBLIC and quoted.visibility in {Visibility.PUBLIC, Visibility.UNLISTED}:
        return quoted.id
    if quoted.quote_policy is QuotePolicy.FOLLOWERS and quoted.visibility in {Visibility.PUBLIC, Visibility.UNLISTED}:
        known = await relationships.load(db, viewer, [quoted.account_id])
        if known[quoted.account_id].following:
            return quoted.id
    raise Invalid("The author of this post does not allow you to quote it.")


async def revoke(engines: Engines, viewer: Viewer, status_id: int, quoting_id: int) -> int:
    """Take one's post out of a post that quotes it, for good; the quoting post's id. Twice is once.

    Raises `NotFound` when the one is not the viewer's, or the other does not quote it, or the viewer may not see it.
    """
    async with engines.transaction() as tx:
        await posts.hold(tx, quoting_id)
        quoted, quote = await reads.visible(tx, viewer, status_id), await reads.visible(tx, viewer, quoting_id)
        if quoted.account_id != viewer.account_id or quote.quoted_id != quoted.id:
            raise NotFound
        if await store.revoke(tx, quote.id, engines.clock.now()):
            for changed_id in (quote.id, quoted.id):
                tx.changed(Kind.STATUS, changed_id)
            tx.live(Live.EDITED, quote.id)
            await tx.record(QuoteRevoked(status_id=quote.id, quoted_id=quoted.id, account_id=viewer.account_id))
    return quote.id
