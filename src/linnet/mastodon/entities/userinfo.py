"""What `/oauth/userinfo` answers, by https://docs.joinmastodon.org/methods/oauth/#userinfo and OpenID Connect."""

import msgspec


class UserInfo(msgspec.Struct, kw_only=True):
    """An account by the names of OpenID Connect's standard claims."""

    iss: str
    sub: str
    name: str
    preferred_username: str
    profile: str
    picture: str
