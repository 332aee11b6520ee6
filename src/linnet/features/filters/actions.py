"""What people do with their filters: each verb checks, acts in one transaction and records one event."""

from datetime import datetime, timedelta

from linnet.features.accounts.models import Viewer
from linnet.features.filters import reads
from linnet.features.filters.events import FiltersChanged
from linnet.features.filters.models import (
    EXPIRES_IN_S_MAX,
    FILTERS_MAX,
    KEYWORD_LENGTH_MAX,
    KEYWORDS_MAX,
    STATUSES_MAX,
    TITLE_LENGTH_MAX,
    Action,
    Filter,
    FilterChanges,
    FilteredStatus,
    Keyword,
    KeywordChange,
)
from linnet.features.filters.store import writing
from linnet.features.statuses import reads as statuses
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Invalid, NotFound, Problem
from linnet.platform.live import Live


async def create(engines: Engines, viewer: Viewer, wanted: FilterChanges) -> Filter:
    """Make a filter; `Invalid` without a title or a context, or when there are too many."""
    title, contexts = (wanted.title or "").strip(), tuple(dict.fromkeys(wanted.contexts or ()))
    _check(title, has_contexts=bool(contexts))
    async with engines.transaction() as tx:
        filters, _, _ = await writing.count(tx, viewer.account_id)
        if filters >= FILTERS_MAX:
            raise Invalid(f"You can have at most {FILTERS_MAX} filters.")
        filter_id = await writing.add(
            tx,
            viewer.account_id,
            title=title,
            contexts=contexts,
            action=wanted.action or Action.WARN,
            expires_at=_end(engines, wanted.expires_in_s),
            at=engines.clock.now(),
        )
        await _change_keywords(tx, viewer, Filter(filter_id, title, contexts, Action.WARN, None), wanted.keywords)
        await _changed(tx, viewer)
        return await reads.show(tx, viewer, filter_id)


async def edit(engines: Engines, viewer: Viewer, filter_id: int, wanted: FilterChanges) -> Filter:
    """Change one of the viewer's filters and keywords in it; `NotFound` when it is not theirs."""
    async with engines.transaction() as tx:
        await writing.count(tx, viewer.account_id)  # edits follow one another
        before = await reads.show(tx, viewer, filter_id)
        await _revise(engines, tx, viewer, before, wanted)
        await _changed(tx, viewer)
        return await reads.show(tx, viewer, filter_id)


async def _revise(engines: Engines, tx: Transaction, viewer: Viewer, before: Filter, wanted: FilterChanges) -> None:
    title = before.title if wanted.title is None else wanted.title.strip()
    contexts = before.contexts if wanted.contexts is None else tuple(dict.fromkeys(wanted.contexts))
    _check(title, has_contexts=bool(contexts))
    if wanted.endless or wanted.expires_in_s is not None:
        expires_at = _end(engines, wanted.expires_in_s)
    else:
        expires_at = before.expires_at
    await writing.revise(
        tx,
        viewer.account_id,
        before.id,
        title=title,
        contexts=contexts,
        action=wanted.action or before.action,
        expires_at=expires_at,
    )
    await _change_keywords(tx, viewer, before, wanted.keywords)


async def delete(engines: Engines, viewer: Viewer, filter_id: int) -> None:
    """Remove one of the viewer's filters; `NotFound` when it is not theirs."""
    async with engines.transaction() as tx:
        if not await writing.remove(tx, viewer.account_id, filter_id):
            raise NotFound
        await _changed(tx, viewer)


async def add_keyword(engines: Engines, viewer: Viewer, filter_id: int, text: str, *, whole_word: bool) -> Keyword:
    """Add a keyword to one of the viewer's filters."""
    async with engines.transaction() as tx:
        before = await reads.show(tx, viewer, filter_id)
        [keyword_id] = await _change_keywords(tx, viewer, before, [KeywordChange(text=text, whole_word=whole_word)])
        await _changed(tx, viewer)
        return (await reads.keyword(tx, viewer, keyword_id))[1]


async def edit_keyword(
    engines: Engines, viewer: Viewer, keyword_id: int, text: str, *, whole_word: bool | None
) -> Keyword:
    """Give one of the viewer's keywords other words."""
    async with engines.transaction() as tx:
        before, _ = await reads.keyword(tx, viewer, keyword_id)
        await _change_keywords(tx, viewer, before, [KeywordChange(keyword_id, text, whole_word)])
        await _changed(tx, viewer)
        return (await reads.keyword(tx, viewer, keyword_id))[1]


async def remove_keyword(engines: Engines, viewer: Viewer, keyword_id: int) -> None:
    """Remove one of the viewer's keywords."""
    async with engines.transaction() as tx:
        await reads.keyword(tx, viewer, keyword_id)
        await writing.remove_keyword(tx, viewer.account_id, keyword_id)
        await _changed(tx, viewer)


async def add_status(engines: Engines, viewer: Viewer, filter_id: int, status_id: int) -> FilteredStatus:
    """Add a single post that the viewer may see to one of their filters; of a reblog, the original."""
    async with engines.transaction() as tx:
        await reads.show(tx, viewer, filter_id)
        status = await statuses.subject(tx, viewer, status_id)
        _, _, posts = await writing.count(tx, viewer.account_id)
        if posts >= STATUSES_MAX:
            raise Invalid(f"You can filter at most {STATUSES_MAX} single posts.")
        row_id = await writing.add_status(tx, viewer.account_id, filter_id, status.id)
        await _changed(tx, viewer)
        return FilteredStatus(row_id, status.id)


async def remove_status(engines: Engines, viewer: Viewer, row_id: int) -> FilteredStatus:
    """Take a single post out of the filter it is in; what was taken out."""
    async with engines.transaction() as tx:
        _, status = await reads.filtered_status(tx, viewer, row_id)
        await writing.remove_status(tx, viewer.account_id, row_id)
        await _changed(tx, viewer)
    return status


async def edit_by_keyword(engines: Engines, viewer: Viewer, keyword_id: int, wanted: FilterChanges) -> Filter:
    """What older clients mean by editing a filter: one keyword, with the filter around it; the filter.

    `Invalid` when anything but the keyword would change for others that are in the same filter.
    """
    async with engines.transaction() as tx:
        await writing.count(tx, viewer.account_id)
        before, _ = await reads.keyword(tx, viewer, keyword_id)
        contexts = before.contexts if wanted.contexts is None else tuple(dict.fromkeys(wanted.contexts))
        same = set(contexts) == set(before.contexts) and wanted.action in {None, before.action}
        same = same and not (wanted.expires_in_s is not None or (wanted.endless and before.expires_at))
        if len(before.keywords) > 1 and not same:
            raise Invalid("This filter has several keywords, so this app can only change its words.")
        await _revise(engines, tx, viewer, before, wanted)
        await _changed(tx, viewer)
        return await reads.show(tx, viewer, before.id)


async def remove_by_keyword(engines: Engines, viewer: Viewer, keyword_id: int) -> None:
    """What older clients mean by deleting a filter: one keyword, and the filter when nothing else is in it."""
    async with engines.transaction() as tx:
        before, _ = await reads.keyword(tx, viewer, keyword_id)
        await writing.remove_keyword(tx, viewer.account_id, keyword_id)
        if len(before.keywords) == 1 and not before.statuses:
            await writing.remove(tx, viewer.account_id, before.id)
        await _changed(tx, viewer)


async def _change_keywords(
    tx: Transaction, viewer: Viewer, before: Filter, changes: list[KeywordChange] | tuple[KeywordChange, ...]
) -> list[int]:
    """Add, change and remove keywords of a filter; the ids of those added."""
    known, added = {one.id: one for one in before.keywords}, list[int]()
    new = sum(one.id is None and not one.removed for one in changes)
    if new and (await writing.count(tx, viewer.account_id))[1] + new > KEYWORDS_MAX:
        raise Invalid(f"You can filter at most {KEYWORDS_MAX} keywords.")
    for one in changes:
        if one.id is None:
            if not one.removed:
                whole_word = one.whole_word is not False
                text = _keyword(one.text or "")
                added.append(await writing.add_keyword(tx, viewer.account_id, before.id, text, whole_word=whole_word))
            continue
        if one.id not in known:
            raise NotFound
        if one.removed:
            await writing.remove_keyword(tx, viewer.account_id, one.id)
            continue
        text = known[one.id].text if one.text is None else _keyword(one.text)
        whole_word = known[one.id].whole_word if one.whole_word is None else one.whole_word
        await writing.revise_keyword(tx, viewer.account_id, one.id, text, whole_word=whole_word)
    return added


async def _changed(tx: Transaction, viewer: Viewer) -> None:
    tx.changed(Kind.FILTERS, viewer.account_id)
    tx.live(Live.FILTERS_CHANGED, viewer.account_id)
    await tx.record(FiltersChanged(account_id=viewer.account_id))


def _end(engines: Engines, expires_in_s: int | None) -> datetime | None:
    if expires_in_s is None or expires_in_s > EXPIRES_IN_S_MAX:
        return None
    return engines.clock.now() + timedelta(seconds=max(expires_in_s, 0))


def _check(title: str, *, has_contexts: bool) -> None:
    problems: dict[str, list[Problem]] = {}
    if not title:
        problems["title"] = [Problem("ERR_BLANK", "can't be blank")]
    elif len(title) > TITLE_LENGTH_MAX:
        problems["title"] = [Problem("ERR_TOO_LONG", f"is too long (maximum is {TITLE_LENGTH_MAX} characters)")]
    if not has_contexts:
        problems["context"] = [Problem("ERR_BLANK", "can't be blank")]
    if problems:
        raise Invalid.of(problems)


def _keyword(text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid.of({"keyword": [Problem("ERR_BLANK", "can't be blank")]})
    if len(text) > KEYWORD_LENGTH_MAX:
        too_long = f"is too long (maximum is {KEYWORD_LENGTH_MAX} characters)"
        raise Invalid.of({"keyword": [Problem("ERR_TOO_LONG", too_long)]})
    return text
