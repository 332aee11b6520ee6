"""An upload in parts, as its owner sees it; an extension of ours, beside the headers of tus."""

import msgspec


class ResumableUpload(msgspec.Struct, kw_only=True):
    """How far an upload is. `media_id` is what `GET /api/v1/media/:id` goes on with, once all of it is here."""

    id: str
    offset: int
    length: int | None
    filename: str
    media_id: str | None
    created_at: str
    expires_at: str
