"""An upload in parts becomes one file, and the file a media as any other."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Final

from linnet.features.media import actions as media
from linnet.features.media.actions import Words
from linnet.features.media.models import Purpose, Source, source_name
from linnet.features.media.resumable import store
from linnet.features.media.resumable.models import Piece, Resumable
from linnet.platform.engines import Engines
