"""Lists for the wire: no statement at all."""

from collections.abc import Iterable

from linnet.features.timelines.lists.models import ListedTag, UserList
from linnet.mastodon.entities import user_list as entities
from linnet.platform.site import Site


def present_list(one: UserList) -> entities.UserList:
    """One list."""
    return entities.UserList(str(one.id), one.title, one.replies_policy.value, one.exclusive)


def present_lists(lists: Iterable[UserList]) -> list[entities.UserList]:
    """Lists in their order."""
    return [present_list(one) for one in lists]


def present_listed_tags(site: Site, tags: Iterable[ListedTag]) -> list[entities.ListedTag]:
    """The hashtags of a list in their order."""
    return [entities.ListedTag(str(tag.id), tag.name, site.tag_url(tag.name)) for tag in tags]
