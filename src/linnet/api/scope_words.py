"""Scopes in words, for the page on which a person decides whether to grant them."""

from collections.abc import Sequence
from typing import Final

_BROAD: Final = {
    "read": "See everything your account can see, your private posts and messages too",
    "write": "Post, follow, block and change your profile in your name",
    "follow": "Follow, block and mute people in your name",
    "push": "Send you notifications while you do something else",
    "profile": "See your name, picture and profile",
    "admin:read": "See what moderators see, such as reports and e-mail addresses",
    "admin:write": "Moderate in your name",
}
_READ: Final = {
    "accounts": "See your profile and settings",
    "blocks": "See whom you block",
    "bookmarks": "See your bookmarks",
    "collections": "See your collections",
    "favourites": "See your favourites",
    "filters": "See your filters",
    "follows": "See whom you follow",
    "lists": "See your lists",
    "mutes": "See whom you mute",
    "notifications": "See your notifications",
    "search": "Search for you",
    "statuses": "See your timelines and every post you can see",
}
_WRITE: Final = {
    "accounts": "Change your profile and settings",
    "blocks": "Block and unblock people",
    "bookmarks": "Add and remove bookmarks",
    "collections": "Change your collections",
    "conversations": "Mute and delete conversations",
    "favourites": "Favourite posts",
    "filters": "Change your filters",
    "follows": "Follow and unfollow people",
    "lists": "Change your lists",
    "media": "Upload pictures, videos and sounds",
    "mutes": "Mute people and conversations",
    "notifications": "Clear your notifications",
    "reports": "Report people to the moderators",
    "statuses": "Post, edit and delete posts in your name",
}
_ADMIN: Final = {
    "accounts": "accounts",
    "canonical_email_blocks": "blocked e-mail addresses",
    "domain_allows": "allowed servers",
    "domain_blocks": "blocked servers",
    "email_domain_blocks": "blocked mail providers",
    "ip_blocks": "blocked networks",
    "reports": "reports",
}


def in_words(scopes: Sequence[str]) -> list[tuple[str, str]]:
    """Each scope with the sentence that explains it, in the order given."""
    return [(scope, _sentence(scope)) for scope in scopes]


def _sentence(scope: str) -> str:
    if scope in _BROAD:
        return _BROAD[scope]
    verb, _, noun = scope.rpartition(":")
    match verb:
        case "read":
            return _READ[noun]
        case "write":
            return _WRITE[noun]
        case "admin:read":
            return f"See {_ADMIN[noun]}, as a moderator"
        case _:
            return f"Change {_ADMIN[noun]}, as a moderator"
