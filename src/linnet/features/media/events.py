"""What can have happened to uploads. `reactions.py` says what follows."""

from linnet.features.media.models import Lane, Purpose
from linnet.platform.jobs import Event


class MediaUploaded(Event, frozen=True):
    """A file has arrived whole, and is to be processed."""

    media_id: int
    account_id: int
    lane: Lane


class MediaReady(Event, frozen=True):
    """What was to be made of an upload is there."""

    media_id: int
    account_id: int
    purpose: Purpose


class MediaDropped(Event, frozen=True):
    """Uploads are gone, by the will of their owner or because nobody needs them; their files remain to be deleted."""

    media_ids: tuple[int, ...]
