"""`/api/v1/media/usage`: how much of the store one has; an endpoint of our own."""

from linnet.api.endpoint import Call, endpoint
from linnet.features.media import quotas, reads
from linnet.mastodon.entities.media_usage import MediaUsage, MediaUsageOfKind


@endpoint("GET", "/api/v1/media/usage", scope="read:accounts")
async def show_usage(call: Call) -> MediaUsage:
    """Show how much one's media take, by kind, and how much they may."""
    kinds = await reads.usage_by_kind(call.engines, call.me)
    return MediaUsage(
        count=sum(one.uploads for one in kinds),
        bytes=sum(one.bytes for one in kinds),
        bytes_coming=await quotas.bytes_coming(call.engines, call.me),
        bytes_max=quotas.bytes_max(call.engines),
        kinds=[MediaUsageOfKind(type=one.kind, count=one.uploads, bytes=one.bytes) for one in kinds],
    )
