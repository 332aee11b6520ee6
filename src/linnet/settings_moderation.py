"""Settings of moderation. Part of `settings.py`."""

from typing import Annotated

from msgspec import Meta

from linnet.settings_rates import RateSettings


class ModerationSettings(RateSettings, frozen=True, kw_only=True):
    """What is remembered of texts, to know again what many say."""

    moderation_window_posts: Annotated[
        int,
        Meta(
            description="Posts of everyone that near-duplicates are looked for among, rounded up to a power of two: "
            "135 bytes each of Valkey's memory. 0: nobody looks, and campaigns of many accounts are not recognised.",
            ge=0,
            le=4_194_304,
        ),
    ] = 262_144
    moderation_window_hours: Annotated[
        int,
        Meta(description="Hours after which a post is not looked for any more, however few there are.", ge=1, le=168),
    ] = 6
