"""`/api/v2/filters`: what one does not want to read."""

from typing import Literal

import msgspec

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.filters import actions, reads
from linnet.features.filters.models import Action, Context, FilterChanges, KeywordChange
from linnet.mastodon.entities.filter import Filter, FilterKeyword, FilterStatus
from linnet.mastodon.presenters.filters import present_filter, present_filtered_status, present_keyword
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.ids import parse_id

ContextName = Literal["home", "notifications", "public", "thread", "account"]
ActionName = Literal["warn", "hide", "blur"]


class KeywordAttributes(msgspec.Struct):
    """One keyword of a filter: with an id it is changed, or removed; without one it is new."""

    id: str | None = None
    keyword: str | None = None
    whole_word: bool | None = None
    destroy: bool = msgspec.field(default=False, name="_destroy")


class FilterForm(Form):
    """A filter; an edit changes what it names. `expires_in` is seconds from now, and null for a filter without end."""

    title: str | None = None
    context: list[ContextName] | None = None
    filter_action: ActionName | None = None
    expires_in: int | msgspec.UnsetType | None = msgspec.UNSET
    keywords_attributes: list[KeywordAttributes] = []

    @property
    def changes(self) -> FilterChanges:
        """What to ask of the feature."""
        return FilterChanges(
            title=self.title,
            contexts=None if self.context is None else tuple(Context(one) for one in self.context),
            action=Action(self.filter_action) if self.filter_action else None,
            expires_in_s=self.expires_in if isinstance(self.expires_in, int) else None,
            endless=self.expires_in is None,
            keywords=tuple(
                KeywordChange(_id(one.id), one.keyword, one.whole_word, one.destroy) for one in self.keywords_attributes
            ),
        )


class KeywordForm(Form):
    """Words to look for."""

    keyword: str = ""
    whole_word: bool | None = None


class FilteredStatusForm(Form):
    """A single post."""

    status_id: str = ""


def _id(text: str | None) -> int | None:
    """A keyword's id; none at all is a new keyword's."""
    if not text:
        return None
    found = parse_id(text)
    if found is None:
        raise NotFound
    return found


@endpoint("GET", "/api/v2/filters", scope="read:filters")
async def list_filters(call: Call) -> list[Filter]:
    """List one's filters."""
    return [present_filter(one) for one in await reads.all_of(call.engines, call.me)]


@endpoint("POST", "/api/v2/filters", scope="write:filters")
async def create_filter(call: Call, form: FilterForm) -> Filter:
    """Make a filter, with keywords if any are given."""
    return present_filter(await actions.create(call.engines, call.me, form.changes))


@endpoint("GET", "/api/v2/filters/{filter_id}", scope="read:filters")
async def show_filter(call: Call, filter_id: int) -> Filter:
    """Show one filter."""
    return present_filter(await reads.show(call.engines.db, call.me, filter_id))


@endpoint("PUT", "/api/v2/filters/{filter_id}", scope="write:filters")
async def edit_filter(call: Call, filter_id: int, form: FilterForm) -> Filter:
    """Change a filter: what is not named stays as it is."""
    return present_filter(await actions.edit(call.engines, call.me, filter_id, form.changes))


@endpoint("DELETE", "/api/v2/filters/{filter_id}", scope="write:filters")
async def delete_filter(call: Call, filter_id: int) -> None:
    """Remove a filter."""
    await actions.delete(call.engines, call.me, filter_id)


@endpoint("GET", "/api/v2/filters/{filter_id}/keywords", scope="read:filters")
async def list_keywords(call: Call, filter_id: int) -> list[FilterKeyword]:
    """List the keywords of a filter."""
    return [present_keyword(one) for one in (await reads.show(call.engines.db, call.me, filter_id)).keywords]


@endpoint("POST", "/api/v2/filters/{filter_id}/keywords", scope="write:filters")
async def add_keyword(call: Call, filter_id: int, form: KeywordForm) -> FilterKeyword:
    """Add a keyword to a filter; a whole word, unless told otherwise."""
    whole_word = form.whole_word is not False
    return present_keyword(
        await actions.add_keyword(call.engines, call.me, filter_id, form.keyword, whole_word=whole_word)
    )


@endpoint("GET", "/api/v2/filters/keywords/{keyword_id}", scope="read:filters")
async def show_keyword(call: Call, keyword_id: int) -> FilterKeyword:
    """Show one keyword."""
    return present_keyword((await reads.keyword(call.engines.db, call.me, keyword_id))[1])


@endpoint("PUT", "/api/v2/filters/keywords/{keyword_id}", scope="write:filters")
async def edit_keyword(call: Call, keyword_id: int, form: KeywordForm) -> FilterKeyword:
    """Give a keyword other words."""
    return present_keyword(
        await actions.edit_keyword(call.engines, call.me, keyword_id, form.keyword, whole_word=form.whole_word)
    )


@endpoint("DELETE", "/api/v2/filters/keywords/{keyword_id}", scope="write:filters")
async def remove_keyword(call: Call, keyword_id: int) -> None:
    """Remove a keyword."""
    await actions.remove_keyword(call.engines, call.me, keyword_id)


@endpoint("GET", "/api/v2/filters/{filter_id}/statuses", scope="read:filters")
async def list_filtered_statuses(call: Call, filter_id: int) -> list[FilterStatus]:
    """List the single posts of a filter."""
    return [present_filtered_status(one) for one in (await reads.show(call.engines.db, call.me, filter_id)).statuses]


@endpoint("POST", "/api/v2/filters/{filter_id}/statuses", scope="write:filters")
async def add_filtered_status(call: Call, filter_id: int, form: FilteredStatusForm) -> FilterStatus:
    """Add a single post to a filter."""
    status_id = parse_id(form.status_id)
    if status_id is None:
        raise Invalid("Say which post by `status_id`.")
    return present_filtered_status(await actions.add_status(call.engines, call.me, filter_id, status_id))


@endpoint("GET", "/api/v2/filters/statuses/{row_id}", scope="read:filters")
async def show_filtered_status(call: Call, row_id: int) -> FilterStatus:
    """Show one post of a filter."""
    return present_filtered_status((await reads.filtered_status(call.engines.db, call.me, row_id))[1])


@endpoint("DELETE", "/api/v2/filters/statuses/{row_id}", scope="write:filters")
async def remove_filtered_status(call: Call, row_id: int) -> FilterStatus:
    """Take a single post out of the filter it is in; the answer is what was taken out."""
    return present_filtered_status(await actions.remove_status(call.engines, call.me, row_id))
