"""How people edit what they have posted."""

from dataclasses import replace

from linnet.features.accounts.models import Viewer
from linnet.features.media.attachments import actions as attachments
from linnet.features.media.models import Media
from linnet.features.moderation import judging
from linnet.features.moderation.judging import Weighed
from linnet.features.statuses import drafts, judged, policies, reads, spending, wording
from linnet.features.statuses import text as texts
from linnet.features.statuses.events import StatusEdited
from linnet.features.statuses.models import Revision, Status, Visibility
from linnet.features.statuses.polls import asking
from linnet.features.statuses.polls.models import settled
from linnet.features.statuses.store import edits, hashtags
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.live import Live
from linnet.platform.postgres import Queries


async def edit(engines: Engines, viewer: Viewer, status_id: int, revision: Revision) -> None:
    """Give one's own status a new wording; the old one stays in its history. Saying the same again changes nothing.

    Raises `NotFound`, `Invalid`, and `TooOften` for more links, strangers or media than one may add.
    """
    revision = replace(revision, text=texts.clean(revision.text), spoiler_text=texts.clean(revision.spoiler_text))
    weighed = await _weighed(engines, viewer, status_id, revision)
    async with engines.transaction() as tx:
        await edits.lock(tx, status_id)
        before = await _own(tx, viewer, status_id)
        sensitive = revision.sensitive or bool(revision.spoiler_text)
        language = drafts.language(revision.language) or before.language
        asked = settled(revision.poll) if revision.poll else None
        media = await _shown(engines, tx, before, revision)
        await policies.set_on(tx, before, revision.quote_policy, revision.reply_policy)
        wanted = (revision.text, revision.spoiler_text, sensitive, language)
        same = wanted == (before.text, before.spoiler_text, before.sensitive, before.language)
        if same and media == before.media and before.poll is None and asked is None:
            return
        words = await wording.parse(engines, tx, revision.text)
        await spending.spend_edit(engines, tx, before, revision.text, words.mention_ids, len(media))
        now = engines.clock.now()
        poll_id = await asking.revise(tx, before.poll, asked, status_id=status_id, account_id=viewer.account_id, at=now)
        await edits.revise(
            tx,
            before,
            text=revision.text,
            html=words.html,
            spoiler_text=revision.spoiler_text,
            sensitive=sensitive,
            language=language,
            mention_ids=words.mention_ids,
            tags=words.tag_names,
            poll_id=poll_id,
            media_count=len(media),
            at=now,
        )
        if weighed is not None:
            moderated = before.moderated is not None
            await judged.keep_written(tx, weighed, status_id, now, was_moderated=moderated)
        tags = await hashtags.tag(tx, status_id, words.tag_names, words.tag_display_names)
        quiet = (weighed is not None and judged.is_quiet(weighed)) or before.withheld or before.limited
        tag_ids = tuple(tags) if before.visibility is Visibility.PUBLIC and not quiet else ()
        newly_mentioned = tuple(sorted(set(words.mention_ids) - set(before.mention_ids)))
        tx.changed(Kind.STATUS, status_id)
        tx.changed(Kind.WRITER, viewer.account_id)
        for tag_id in tag_ids:
            if tags[tag_id]:
                tx.changed(Kind.TAGGED, tag_id, status_id)
        tx.live(Live.EDITED, status_id)
        links = before.card is not None or wording.may_link(revision.text)
        await tx.record(StatusEdited(status_id, viewer.account_id, newly_mentioned, tag_ids, links))


async def _weighed(engines: Engines, viewer: Viewer, status_id: int, revision: Revision) -> Weighed | None:
    """What the engine says of a new wording; None of words that are there already. Raises as `judging.stop` does.

    `Invalid` for words that break a rule, and for a boost, which has none.
    """
    before = await _own(engines.db, viewer, status_id)
    if before.reblog_of_id is not None:
        raise Invalid("A boost has no words of its own to edit.")
    shows = before.quoted_id is not None or bool(revision.media_ids)
    wording.check(revision.text, revision.spoiler_text, shows=shows)
    options = revision.poll.options if revision.poll else ()
    said = before.spoiler_text, before.text, before.poll.options if before.poll else ()
    if said == (revision.spoiler_text, revision.text, options):
        return None
    words = await wording.parse(engines, engines.db, revision.text)
    weighed = await judged.weigh(
        engines,
        viewer,
        spoiler_text=revision.spoiler_text,
        text=revision.text,
        language=drafts.language(revision.language) or before.language,
        answered_account_id=before.in_reply_to_account_id,
        mention_ids=words.mention_ids,
        options=options,
        edits=True,
    )
    await judging.stop(engines, weighed)
    return weighed


async def _shown(engines: Engines, tx: Transaction, before: Status, revision: Revision) -> tuple[Media, ...]:
    """What the status shows from now on; most statuses do not show anything, and cost no statement."""
    if not revision.media_ids and not before.media:
        return ()
    drafts.check_company(revision.media_ids, asks=revision.poll is not None)
    return await attachments.revise(
        engines,
        tx,
        before.media,
        account_id=before.account_id,
        status_id=before.id,
        media_ids=revision.media_ids,
        captions=revision.captions,
    )


async def _own(db: Queries, viewer: Viewer, status_id: int) -> Status:
    status = await reads.visible(db, viewer, status_id)
    if status.account_id != viewer.account_id:
        raise NotFound
    return status
