"""Filter and its parts, as on the wire (https://docs.joinmastodon.org/entities/Filter/)."""

import msgspec


class FilterKeyword(msgspec.Struct):
    """Words that a filter looks for."""

    id: str
    keyword: str
    whole_word: bool


class FilterStatus(msgspec.Struct):
    """A single post that a filter matches."""

    id: str
    status_id: str


class Filter(msgspec.Struct):
    """What somebody does not want to read; in a `FilterResult` without its keywords and posts."""

    id: str
    title: str
    context: list[str]
    expires_at: str | None
    filter_action: str
    keywords: list[FilterKeyword] | msgspec.UnsetType = msgspec.UNSET
    statuses: list[FilterStatus] | msgspec.UnsetType = msgspec.UNSET


class FilterResult(msgspec.Struct):
    """A filter that a status matches, and by what."""

    filter: Filter
    keyword_matches: list[str] | None
    status_matches: list[str] | None


class V1Filter(msgspec.Struct):
    """One keyword, as clients from before 4.0 know filters (https://docs.joinmastodon.org/entities/V1_Filter/)."""

    id: str
    phrase: str
    context: list[str]
    whole_word: bool
    expires_at: str | None
    irreversible: bool
