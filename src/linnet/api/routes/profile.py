"""`/api/v1/profile`: taking one's own pictures away."""

from linnet.api.endpoint import Call, endpoint
from linnet.mastodon.entities.account import CredentialAccount
from linnet.mastodon.presenters.accounts import present_credentials


@endpoint("DELETE", "/api/v1/profile/avatar", scope="write:accounts")
async def delete_avatar(call: Call) -> CredentialAccount:
    """Go back to the avatar that is drawn for the account, which all accounts have until they can upload one."""
    return await present_credentials(call.engines, call.me)


@endpoint("DELETE", "/api/v1/profile/header", scope="write:accounts")
async def delete_header(call: Call) -> CredentialAccount:
    """Go back to the header that is drawn for the account, which all accounts have until they can upload one."""
    return await present_credentials(call.engines, call.me)
