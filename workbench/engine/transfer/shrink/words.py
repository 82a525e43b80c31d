"""What the table of models comes to, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.core.text import megabytes

_ENOUGH = 0.95
"""Share of answers that int8 should leave as they are."""
_SLOWER = 1.05


def sentences(models: Sequence[Mapping[str, Any]], comparison: Mapping[str, Any] | None) -> list[str]:
    """What is worth saying of the table.

    Args:
        models: its rows; the first is the one that the others are held against.
        comparison: of their scores, as `compare` gives it.
    """
    precisions = _precisions(models)
    if len(models) < 2:
        return precisions
    first = models[0]
    said = [_size(first, each) for each in models[1:]]
    said += _scores(comparison) + precisions
    whole, small = next((m for m in models if m["name"] in ("student", "run")), None), models[-1]
    if small["name"] == "int8" and whole is not None:
        said += _rounded(whole, small)
    return said


def _size(first: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    names = {"student": "The student", "int8": "In int8 it"}
    size, speed = first["bytes"] / other["bytes"], first["ms_one"] / other["ms_one"]
    pace = f"{speed:.1f} times as fast" if speed >= 1 else f"{1 / speed:.1f} times as slow"
    if pace.startswith("1.0 "):
        pace = "as fast"
    return (
        f"{names[other['name']]} takes {megabytes(other['bytes'])}, {size:.1f} times less, and is {pace} on a picture."
    )


def _scores(comparison: Mapping[str, Any] | None) -> list[str]:
    if comparison is None:
        return []
    said = []
    for name, task in comparison["tasks"].items():
        for pair in task["pairs"]:
            if pair["conclusion"] == "noise" or not pair["pictures"]:
                continue
            better, worse = ("second", "first") if pair["conclusion"] == "second" else ("first", "second")
            said.append(f"{name}: {pair[better]} is better than {pair[worse]} beyond noise.")
    return said or ["No difference of scores exceeds noise."]


def _precisions(models: Sequence[Mapping[str, Any]]) -> list[str]:
    """Which runs answer in another precision than their rows here, so that two scores of one run are no riddle."""
    own = {model["run"]: model["run_precision"] for model in models if model["run_precision"] != "fp32"}
    if not own:
        return []
    runs = " and ".join(f"{run} in {precision}" for run, precision in own.items())
    return [
        f"The list of runs has the scores of {runs}. Those here are of files, in fp32 or int8: "
        "they can differ by pictures of which a model is not sure."
    ]


def _rounded(whole: Mapping[str, Any], small: Mapping[str, Any]) -> list[str]:
    said = []
    for task, facts in small["tasks"].items():
        same = (facts.get("agreement_with_fp32") or {}).get("value")
        if same is not None and facts["kind"] != "number" and same < _ENOUGH:
            changed = f"{100 * (1 - same):.0f} % of the answers of {task}"
            said.append(f"Rounding to int8 changes {changed}: better keep the fp32 file.")
    if small["ms_one"] > _SLOWER * whole["ms_one"]:
        said.append("On this machine int8 is no faster than fp32 of the same network, only smaller.")
    return said
