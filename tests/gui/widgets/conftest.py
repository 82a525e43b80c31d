"""Pictures and a loader for the tests of widgets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.qt_libraries import MISSING_LIBRARY

COLOURS = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30)]


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    """Eight small pictures, each of one colour, wider than high."""
    paths = []
    for index in range(8):
        path = tmp_path / f"Bild {index} ü.png"
        Image.new("RGB", (60, 40), COLOURS[index % 4]).save(path)
        paths.append(str(path))
    return paths


if not MISSING_LIBRARY:
    from workbench.gui.widgets.thumbnails import ThumbnailLoader

    @pytest.fixture
    def loader(dressed: object) -> Iterator[ThumbnailLoader]:
        """A loader whose threads have ended after the test."""
        result = ThumbnailLoader()
        yield result
        result.close()
