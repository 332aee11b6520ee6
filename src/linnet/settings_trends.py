"""Settings of trends, a part of `settings.py`."""

from typing import Annotated

import msgspec
from msgspec import Meta


class TrendSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What trends are told."""

    trends_unreviewed: Annotated[
        bool, Meta(description="Whether trends show that no moderator has looked at; rejected ones never do.")
    ] = False
    trends_people: Annotated[
        int, Meta(description="People of the last 6 hours below which nothing trends; new accounts count less.", ge=1)
    ] = 3
    trends_account_days: Annotated[
        int, Meta(description="Days after which an account counts as a whole person for trends; 0: at once.", ge=0)
    ] = 7
