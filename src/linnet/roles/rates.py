"""From settings to what one person may do in a while."""

import re
from datetime import timedelta
from typing import Final

from linnet.features.moderation.rates import MOST_MAX, Allowed, RateRules
from linnet.settings import PREFIX, BadSetting, Settings, seconds

_FORM: Final = re.compile(r"(\d+)/(\d+)/(\d+)/(\d+) in (\d+[smhd])")


def rate_rules(settings: Settings) -> RateRules:
    """The limits by tier; raises `BadSetting`."""
    return RateRules(
        posts=allowed("rate_posts", settings.rate_posts),
        follows=allowed("rate_follows", settings.rate_follows),
        strangers=allowed("rate_strangers", settings.rate_strangers),
        messages=allowed("rate_messages", settings.rate_messages),
        links=allowed("rate_links", settings.rate_links),
        media=allowed("rate_media", settings.rate_media),
        are_on=settings.rate_limits,
    )


def allowed(name: str, text: str) -> Allowed:
    """What `100/300/600/20 in 3h` allows; raises `BadSetting`."""
    found = _FORM.fullmatch(text.strip())
    if found is None or any(int(number) > MOST_MAX for number in found.groups()[:4]):
        raise BadSetting(
            f"{PREFIX}{name.upper()}={text!r} must be four numbers up to {MOST_MAX}, for members who are new, "
            "ordinary, trusted and in trouble, and a time, such as 100/300/600/20 in 3h."
        )
    new, ordinary, trusted, poor = (int(number) for number in found.groups()[:4])
    within = timedelta(seconds=seconds(name, found[5]))
    return Allowed(within, new=new, ordinary=ordinary, trusted=trusted, poor=poor)
