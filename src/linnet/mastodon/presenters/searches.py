"""Kept searches for the wire: no statement at all."""

from collections.abc import Iterable

from linnet.features.search import models
from linnet.mastodon import dates
from linnet.mastodon.entities.saved_search import SavedSearch


def present_search(one: models.SavedSearch) -> SavedSearch:
    """One kept search."""
    return SavedSearch(str(one.id), one.title, one.query, dates.moment(one.created_at))


def present_searches(searches: Iterable[models.SavedSearch]) -> list[SavedSearch]:
    """Kept searches in their order."""
    return [present_search(one) for one in searches]
