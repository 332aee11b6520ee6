"""Pictures that the server draws itself: default avatars and headers, and its own logo.

Each depends on its argument alone and is remembered. The first drawing takes a core about 10 ms for an avatar and 50 ms
for a header, most of it in Pillow, which lets other threads run: call it in one.
"""

from linnet.api.pictures.avatars import AVATAR_SIZE, avatar_png
from linnet.api.pictures.headers import HEADER_SIZE, header_png
from linnet.api.pictures.logo import logo_png, logo_svg

__all__ = ["AVATAR_SIZE", "HEADER_SIZE", "avatar_png", "header_png", "logo_png", "logo_svg"]
