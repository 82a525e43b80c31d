"""Tables for people."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.core.text import percent


def aligned(rows: Sequence[Sequence[str]], left: int = 3) -> list[str]:
    """Lines of cells in columns: the first `left` begin at the left, the others end at the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if at < left else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def with_doubt(value: float | None, standard_error: float | None) -> str:
    """A score with its standard error."""
    doubt = "" if value is None or standard_error is None else f" ±{100 * standard_error:.1f}"
    return percent(value) + doubt
