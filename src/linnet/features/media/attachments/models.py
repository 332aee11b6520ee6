"""The nouns of attachments. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said anew of a medium that is shown; None leaves a part as it is."""

    media_id: int
    description: str | None = None
    focus: tuple[float, float] | None = None
