"""`/api/v1/filters`: one's keywords, as clients from before 4.0 know filters: each is one by itself."""

import msgspec

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.routes.filters import ContextName
from linnet.features.filters import actions, reads
from linnet.features.filters.models import TITLE_LENGTH_MAX, Action, Context, FilterChanges, KeywordChange
from linnet.mastodon.entities.filter import V1Filter
from linnet.mastodon.presenters.filters import present_v1_filter, present_v1_filters


class V1FilterForm(Form):
    """One keyword and where it applies; `irreversible` leaves posts out instead of warning of them."""

    phrase: str | None = None
    context: list[ContextName] | None = None
    irreversible: bool | None = None
    whole_word: bool | None = None
    expires_in: int | msgspec.UnsetType | None = msgspec.UNSET

    def changes(self, keyword: KeywordChange, title: str | None) -> FilterChanges:
        """What to ask of the feature."""
        action = None if self.irreversible is None else Action.HIDE if self.irreversible else Action.WARN
        return FilterChanges(
            title=title,
            contexts=None if self.context is None else tuple(Context(one) for one in self.context),
            action=action,
            expires_in_s=self.expires_in if isinstance(self.expires_in, int) else None,
            endless=self.expires_in is None,
            keywords=(keyword,),
        )


@endpoint("GET", "/api/v1/filters", scope="read:filters")
async def list_v1_filters(call: Call) -> list[V1Filter]:
    """List one's keywords."""
    return present_v1_filters(await reads.all_of(call.engines, call.me))


@endpoint("POST", "/api/v1/filters", scope="write:filters")
async def create_v1_filter(call: Call, form: V1FilterForm) -> V1Filter:
    """Make a filter of one keyword, which also finds parts of words unless told otherwise."""
    phrase = form.phrase or ""
    title = phrase.strip()[:TITLE_LENGTH_MAX] or "Filter"  # no phrase is refused as none
    wanted = form.changes(KeywordChange(text=phrase, whole_word=bool(form.whole_word)), title)
    made = await actions.create(call.engines, call.me, wanted)
    return present_v1_filter(made, made.keywords[0])


@endpoint("GET", "/api/v1/filters/{keyword_id}", scope="read:filters")
async def show_v1_filter(call: Call, keyword_id: int) -> V1Filter:
    """Show one keyword."""
    return present_v1_filter(*await reads.keyword(call.engines.db, call.me, keyword_id))


@endpoint("PUT", "/api/v1/filters/{keyword_id}", scope="write:filters")
async def edit_v1_filter(call: Call, keyword_id: int, form: V1FilterForm) -> V1Filter:
    """Change a keyword and where it applies. Where several share a filter only the words can be changed."""
    wanted = form.changes(KeywordChange(keyword_id, form.phrase, form.whole_word), title=None)
    changed = await actions.edit_by_keyword(call.engines, call.me, keyword_id, wanted)
    return present_v1_filter(changed, next(one for one in changed.keywords if one.id == keyword_id))


@endpoint("DELETE", "/api/v1/filters/{keyword_id}", scope="write:filters")
async def delete_v1_filter(call: Call, keyword_id: int) -> None:
    """Remove a keyword, and its filter when nothing else is in it."""
    await actions.remove_by_keyword(call.engines, call.me, keyword_id)
