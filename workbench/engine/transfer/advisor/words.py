"""What the numbers come to, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.core.advice import weights_in_words

_COUNTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}


def advice_sentence(rows: Sequence[dict[str, Any]]) -> str:
    """Which backbone to take, of rows as the document of `advise` holds them, and why."""
    measured = [row for row in rows if row["status"] == "measured"]
    if not measured:
        if any(row["status"] == "not here" for row in rows):
            return "None of these backbones has its weights on this computer: download some, and ask again."
        return "None of these backbones can be used in this project; the reason stands beside each."
    best = measured[0]
    if len(measured) == 1:
        return f"Only {_named(best, rows)} could be measured, so there is nothing to compare it with."
    tied = [row for row in measured if row["tied"]]
    if not tied:
        return f"Take {_named(best, rows)}: more can be read from its features than from any other's, beyond noise."
    fastest = max(tied, key=lambda row: row["images_per_s"])
    count = _COUNTS.get(len(tied), str(len(tied)))
    return f"Take {_named(fastest, rows)}: among the {count} that cannot be told apart it is the fastest."


def _named(row: dict[str, Any], rows: Sequence[dict[str, Any]]) -> str:
    """The backbone's name, with its weights where it stands there with several."""
    name: str = row["name"]
    if sum(other["name"] == name for other in rows) == 1:
        return name
    return f"{name} ({weights_in_words(row['weights'])})"
