"""A folder of bookmarks: our own addition, which Mastodon does not know."""

import msgspec


class BookmarkFolder(msgspec.Struct):
    """Where one keeps some of one's bookmarks."""

    id: str
    title: str
