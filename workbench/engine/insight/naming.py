"""How pictures are named in results: so that they are found again, wherever the project lies."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def picture_names(paths: Iterable[Path], project_dir: Path) -> list[str]:
    """Relative to the project, with forward slashes, where a picture lies inside it; else absolute."""
    base = os.path.abspath(project_dir) + os.sep
    return [text[len(base) :].replace(os.sep, "/") if (text := str(path)).startswith(base) else text for path in paths]
