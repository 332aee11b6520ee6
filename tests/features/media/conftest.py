"""A studio for the pictures that stand for films and sounds, one for all tests of a module."""

from collections.abc import AsyncGenerator

import pytest

from linnet.features.media.processing.pictures.studio import Studio


@pytest.fixture(scope="module")
async def studio() -> AsyncGenerator[Studio]:
    studio = Studio(pixels_max=33_177_600)
    yield studio
    await studio.close()
