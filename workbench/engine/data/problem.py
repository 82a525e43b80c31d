"""One thing that is wrong with a project's data."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Problem(NamedTuple):
    """An error keeps the project from being trained, a warning does not; `fix` is the way to mend it."""

    level: Literal["error", "warning"]
    text: str
    fix: str


def warning(text: str, fix: str) -> Problem:
    """A problem with which one can train."""
    return Problem("warning", text, fix)
