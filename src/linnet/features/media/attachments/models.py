"""The nouns of attachments. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from linnet.features.media.models import Media


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said anew of a medium that is shown; None leaves a part as it is."""

    media_id: int
    description: str | None = None
    focus: tuple[float, float] | None = None


def loosened(media: Iterable[Media]) -> tuple[Media, ...]:
    """Media as they are once nothing shows them any more."""
    return tuple(replace(one, status_id=None) for one in media)
