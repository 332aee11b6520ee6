"""Who may see a status, for those that this process keeps: the same rule as `store/visible.py` says in SQL. Pure."""

from collections.abc import Collection

from linnet.features.relationships.models import Circle
from linnet.features.statuses.models import Status, Visibility

OPEN = frozenset({Visibility.PUBLIC, Visibility.UNLISTED})


def is_visible(status: Status, mentioned: Collection[int], viewer_id: int, circle: Circle) -> bool:
    """Whether the viewer with this circle may see a status of an author who is neither deleted nor suspended.

    `mentioned` are all whom any of its wordings mentioned.
    """
    author_id = status.account_id
    if author_id in circle.blockers:
        return False
    if status.withheld and author_id != viewer_id:
        return False
    if status.visibility in OPEN or author_id == viewer_id or viewer_id in mentioned:
        return True
    return status.visibility is Visibility.PRIVATE and circle.is_following(author_id)
