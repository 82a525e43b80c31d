"""What is told in the terminal of runs that followed each other."""

from __future__ import annotations

from typing import Any

from workbench.cli.tables import aligned
from workbench.core.text import percent, signed
from workbench.core.verdict import is_error


def forgetting_lines(document: dict[str, Any]) -> list[str]:
    """The matrix, its averages, and one sentence on them."""
    columns = document["columns"]
    head = ["  after run", *map(_title, columns), "average"]
    rows = [
        [f"  {run}", *map(_cell, columns, cells), _average(average)]
        for run, cells, average in zip(document["runs"], document["matrix"], document["average"], strict=True)
    ]
    lines = [f"What each run answers to the {document['part']} pictures that came with it and with those before it:"]
    lines += aligned([head, *rows], left=1)
    transfer = document["backward_transfer"]
    if transfer is not None:
        low, high = (signed(100 * end) for end in transfer["interval"])
        lines.append(f"Backward transfer: {signed(100 * transfer['value'])} points ({low} to {high}).")
    return [*lines, document["sentence"]]


def _title(column: dict[str, Any]) -> str:
    what = ", ".join(column["labels"][:3]) + (", …" if len(column["labels"]) > 3 else "")
    return f"{column['task']}{f': {what}' if what else ''} ({column['pictures']})"


def _cell(column: dict[str, Any], cell: dict[str, Any] | None) -> str:
    if cell is None:
        return "–"
    return f"{cell['score']:.4g}" if is_error(column["kind"]) else percent(cell["score"])


def _average(average: dict[str, Any] | None) -> str:
    if average is None:
        return "–"
    low, high = average["interval"]
    return f"{percent(average['value'])} ({100 * low:.1f} to {100 * high:.1f})"
