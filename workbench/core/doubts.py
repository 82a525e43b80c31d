"""Labels that are doubted: how many are listed, and where the list lies."""

from __future__ import annotations

from pathlib import Path

TOP = 100
"""Doubted labels of a task that are listed."""
MOST_PICTURES = 20_000
"""That are looked at."""

TRUSTED = 0.8
"""Share of a task's labels that the probe must agree with for its doubts to mean much by themselves."""


def doubts_file(project_dir: Path) -> Path:
    """Where the latest list of doubted labels lies."""
    return project_dir / "doubts" / "doubts.json"
