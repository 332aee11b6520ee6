"""Settings of how much one person may do in a while, by tier (docs/reputation.md). Part of `settings.py`.

Each is four numbers, for members who are new, ordinary, trusted and in trouble, and the time in which they may: a span
that moves along, not one that begins anew at every full hour.
"""

from typing import Annotated

from msgspec import Meta

from linnet.settings_media import MediaSettings


class RateSettings(MediaSettings, frozen=True, kw_only=True):
    """What people may do, new/ordinary/trusted/poor in a time."""

    rate_posts: Annotated[
        str,
        Meta(
            description="Posts and boosts of one person, by tier: new/ordinary/trusted/poor in a time. This and the "
            "next five hold unless LINNET_RATE_LIMITS is off."
        ),
    ] = "100/300/600/20 in 3h"
    rate_follows: Annotated[str, Meta(description="People that one person begins to follow, or asks to; likewise.")] = (
        "200/400/800/20 in 1d"
    )
    rate_strangers: Annotated[
        str,
        Meta(description="People who do not follow them that one person mentions or writes to; likewise."),
    ] = "60/300/600/10 in 1d"
    rate_messages: Annotated[str, Meta(description="Private messages of one person; likewise.")] = "60/300/600/20 in 1h"
    rate_links: Annotated[str, Meta(description="Links in posts and messages of one person; likewise.")] = (
        "40/300/600/5 in 1d"
    )
    rate_media: Annotated[
        str,
        Meta(description="Pictures, videos and sounds in posts and messages of one person; likewise."),
    ] = "100/400/800/20 in 1d"
