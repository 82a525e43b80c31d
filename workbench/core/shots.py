"""Accuracy against pictures a class: how much is tried, and where the answer is kept."""

from __future__ import annotations

from pathlib import Path

SHOTS = (1, 2, 5, 10, 20)
"""Pictures a class that are tried, as far as the classes reach."""
DRAWS = 20
"""Choices of pictures of each number."""
FEWEST_DRAWS, MOST_DRAWS = 2, 200
_FILE = "few-shot.json"


def shots_file(project_dir: Path, run_dir: Path | None) -> Path:
    """Where the latest answer lies: in a run's results, or in the project's advice for its backbone as it is."""
    return run_dir / "results" / _FILE if run_dir is not None else project_dir / "advice" / _FILE
