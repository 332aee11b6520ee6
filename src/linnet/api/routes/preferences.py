"""`/api/v1/preferences`: how one likes to post and to read."""

from linnet.api.endpoint import Call, endpoint
from linnet.features.accounts import reads
from linnet.mastodon.entities.preferences import Preferences


@endpoint("GET", "/api/v1/preferences", scope="read:accounts")
async def show_preferences(call: Call) -> Preferences:
    """How one likes to post and to read."""
    chosen = await reads.preferences(call.engines.db, call.me)
    return Preferences(
        posting__default__visibility=chosen.visibility,
        posting__default__sensitive=chosen.sensitive,
        posting__default__language=chosen.language,
        posting__default__quote_policy=chosen.quote_policy,
    )
