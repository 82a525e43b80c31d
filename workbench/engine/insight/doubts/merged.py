"""A look at the labels of some tasks beside what was found before about the others."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from workbench.core.doubts import doubts_file


def read_before(project_dir: Path) -> Mapping[str, Any] | None:
    """The list that lies in a project; None where there is none that can be read: the new one takes its place."""
    try:
        document = json.loads(doubts_file(project_dir).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) and {"tasks", "leaks", "left_out"} <= document.keys() else None


def alike(document: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether both lists were found with the same backbone and weights."""
    return all(document[key] == before.get(key) for key in ("backbone", "weights"))


def merged(
    document: Mapping[str, Any], before: Mapping[str, Any], tasks: Collection[str], seen: Collection[str]
) -> dict[str, Any]:
    """A new list with what an older one says of tasks that were not looked at this time.

    Args:
        tasks: all of the project; what is said of others is dropped.
        seen: pictures that were looked at this time: pairs of them are known anew.
    """
    looked = {*document["tasks"], *document["left_out"]}
    kept = {
        key: {name: said for name, said in before[key].items() if name in tasks and name not in looked}
        for key in ("tasks", "left_out")
    }
    found = {**kept["tasks"], **document["tasks"]}
    return {
        **document,
        "tasks": {name: found[name] for name in tasks if name in found},
        "left_out": {**kept["left_out"], **document["left_out"]},
        "leaks": _leaks(document["leaks"], before["leaks"], seen) if kept["tasks"] else document["leaks"],
    }


def _leaks(now: Mapping[str, Any], before: Mapping[str, Any], seen: Collection[str]) -> dict[str, Any]:
    """All pairs that are found now, and those of before that have a picture which was not looked at."""
    others = [pair for pair in before["pairs"] if not all(each["image"] in seen for each in pair["pictures"])]
    return {"count": now["count"] + len(others), "pairs": [*now["pairs"], *others]}
