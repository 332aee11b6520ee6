"""Token, as https://docs.joinmastodon.org/entities/Token/ has it."""

import msgspec


class Token(msgspec.Struct, kw_only=True):
    """An OAuth token. It does not expire, so nothing here says when; `created_at` is in Unix seconds."""

    access_token: str
    token_type: str
    scope: str
    created_at: int
