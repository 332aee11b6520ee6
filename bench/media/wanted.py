"""What is to be made of a photo, told to both programs alike."""

import msgspec


class Wanted(msgspec.Struct, frozen=True):
    """Sizes and qualities, as Linnet has them."""

    large_pixels: int
    widths: tuple[int, ...]
    small_side: int
    placeholder_side: int
    jpeg_quality: int
    webp_quality: int
    webp_effort: int
