"""`/api/v1/profile`: one's own profile as one typed it (https://docs.joinmastodon.org/methods/profile/)."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.routes.accounts import PROFILE_BYTES_MAX, ProfileForm, update_profile
from linnet.features.accounts.models import NO_PORTRAIT, ProfileChanges
from linnet.features.media import portraits
from linnet.mastodon.entities.account import CredentialAccount
from linnet.mastodon.entities.profile import Profile
from linnet.mastodon.presenters.accounts import present_credentials, present_profile


@endpoint("GET", "/api/v1/profile", scope="profile")
async def show_profile(call: Call) -> Profile:
    """What one's own profile says, in plain text; pictures are null while drawn ones are shown."""
    return await present_profile(call.engines, call.me)


@endpoint("PATCH", "/api/v1/profile", scope="write:accounts", body_bytes_max=PROFILE_BYTES_MAX)
async def change_profile(call: Call, form: ProfileForm) -> Profile:
    """Change one's own profile; what is absent stays as it is."""
    await update_profile(call, form)
    return await present_profile(call.engines, call.me)


@endpoint("DELETE", "/api/v1/profile/avatar", scope="write:accounts")
async def delete_avatar(call: Call) -> CredentialAccount:
    """Go back to the avatar that is drawn for the account."""
    await portraits.update_profile(call.engines, call.me, ProfileChanges(avatar=NO_PORTRAIT), {})
    return await present_credentials(call.engines, call.me)


@endpoint("DELETE", "/api/v1/profile/header", scope="write:accounts")
async def delete_header(call: Call) -> CredentialAccount:
    """Go back to the header that is drawn for the account."""
    await portraits.update_profile(call.engines, call.me, ProfileChanges(header=NO_PORTRAIT), {})
    return await present_credentials(call.engines, call.me)
