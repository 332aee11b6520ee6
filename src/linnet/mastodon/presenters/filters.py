"""Filters for the wire, and what they match."""

from collections.abc import Iterable

import msgspec

from linnet.features.filters.matching import Matches
from linnet.features.filters.models import Action, Filter, FilteredStatus, Keyword
from linnet.mastodon import dates
from linnet.mastodon.entities import filter as entities

_encode = msgspec.json.Encoder().encode


def present_filter(filter_: Filter) -> entities.Filter:
    """A filter with everything in it."""
    presented = _head(filter_)
    presented.keywords = [present_keyword(one) for one in filter_.keywords]
    presented.statuses = [present_filtered_status(one) for one in filter_.statuses]
    return presented


def present_keyword(keyword: Keyword) -> entities.FilterKeyword:
    """One keyword."""
    return entities.FilterKeyword(str(keyword.id), keyword.text, keyword.whole_word)


def present_filtered_status(status: FilteredStatus) -> entities.FilterStatus:
    """One post of a filter."""
    return entities.FilterStatus(str(status.id), str(status.status_id))


def present_v1_filters(filters: Iterable[Filter]) -> list[entities.V1Filter]:
    """Every keyword as a filter of its own."""
    return [present_v1_filter(filter_, keyword) for filter_ in filters for keyword in filter_.keywords]


def present_v1_filter(filter_: Filter, keyword: Keyword) -> entities.V1Filter:
    """One keyword as a filter of its own."""
    return entities.V1Filter(
        id=str(keyword.id),
        phrase=keyword.text,
        context=[one.value for one in filter_.contexts],
        whole_word=keyword.whole_word,
        expires_at=dates.moment(filter_.expires_at) if filter_.expires_at else None,
        irreversible=filter_.action is Action.HIDE,
    )


def present_matches(matches: Matches) -> list[entities.FilterResult]:
    """What filters a status matches."""
    return [
        entities.FilterResult(
            _head(one.filter),
            list(one.keywords) or None,
            [str(status_id) for status_id in one.status_ids] or None,
        )
        for one in matches
    ]


def encoded_matches(matches: Matches) -> bytes:
    """The same as JSON."""
    return _encode(present_matches(matches))


def _head(filter_: Filter) -> entities.Filter:
    return entities.Filter(
        id=str(filter_.id),
        title=filter_.title,
        context=[one.value for one in filter_.contexts],
        expires_at=dates.moment(filter_.expires_at) if filter_.expires_at else None,
        filter_action=filter_.action.value,
    )
