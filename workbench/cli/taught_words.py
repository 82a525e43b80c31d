"""What a head that was taught says of itself in the terminal."""

from __future__ import annotations

from typing import Any

from workbench.cli.tables import aligned
from workbench.core.text import percent, several, signed

_OF = {"known": "pictures known before", "new": "pictures that came"}
_MEANS = {"better": "better beyond noise", "worse": "worse beyond noise", "noise": "within noise"}


def taught_lines(document: dict[str, Any]) -> list[str]:
    """Which run was made, what it learned, and how it answers beside the run that it was made of."""
    added = document["added"]
    learned = {label: parts["train"] for label, parts in added.items() if "train" in parts}
    aside = sum(parts.get("validation", 0) + parts.get("test", 0) for parts in added.values())
    words = ", ".join(f"{label} {count}" for label, count in learned.items())
    kept = f"; {several(aside, 'picture')} kept aside to judge by" if aside else ""
    lines = [f"Run {document['run']} knows more of {document['task']} than run {document['origin']}: {words}{kept}."]
    if document["new_classes"]:
        lines.append(f"New: {', '.join(document['new_classes'])}.")
    before, after = document["head"]["before"], document["head"]["after"]
    if before != after:
        lines.append(f"Its head is now {after}, worked out anew from all pictures; it was {before}, and trained.")
    return [*lines, *_scores(document["scores"])]


def _scores(scores: list[dict[str, Any]]) -> list[str]:
    judged = [each for each in scores if each["pictures"]]
    if not judged:
        return ["No picture is kept aside, so how good it is cannot be told."]
    rows = [["  right, of", "", "before", "after", "difference", "95 % interval", ""]]
    for each in judged:
        low, high = (signed(100 * end) for end in each["interval"])
        rows.append(
            [
                f"  {_OF[each['pictures_of']]}",
                str(each["pictures"]),
                percent(each["before"]["accuracy"]),
                percent(each["after"]["accuracy"]),
                f"{signed(100 * each['difference'])} points",
                f"{low} to {high}",
                _MEANS[each["conclusion"]],
            ]
        )
    return aligned(rows, left=1)
