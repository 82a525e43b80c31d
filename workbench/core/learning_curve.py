"""How good answers get with the number of training pictures: where it is kept, and what is made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

CURVE_FILE = "learning-curve.json"
SIZES = 6
"""Numbers of training pictures that are tried at most, each half of the next."""
CHOICES = 5
"""Choices of pictures that are tried of each number but the whole."""
AHEAD = (2, 4)
"""How many times as many pictures are projected."""
NOTICED = 0.01
"""A gain in score, by twice as many pictures, that is worth collecting them: one percentage point."""

Conclusion = Literal["help", "hardly", "unclear"]


def conclude(low: float, high: float) -> Conclusion:
    """What a gain by twice as many pictures means, from the ends of its 95 % interval."""
    if low >= NOTICED:
        return "help"
    return "hardly" if high < NOTICED else "unclear"


def curve_file(run_dir: Path) -> Path:
    """Where the latest learning curve of a run lies."""
    return run_dir / "results" / CURVE_FILE
