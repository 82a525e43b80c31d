"""A verdict in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from workbench.core.text import signed
from workbench.core.verdict import is_error
from workbench.gui.numbers import count, duration, figure, percent
from workbench.gui.pages.results.details import part_title
from workbench.gui.pages.results.runs_panel import when
from workbench.project.trials import TrialsInfo

Document = Mapping[str, Any]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Verdict", text)


def headline(document: Document) -> str:
    """The verdict in a word or a few."""
    return {
        "together": _tr("Together"),
        "apart": _tr("Apart"),
        "no difference": _tr("No difference that exceeds noise"),
    }[document["conclusion"]]


def explained(document: Document) -> str:
    """What the headline rests on, with the tasks named."""
    better, worse = listed(document["better"]), listed(document["worse"])
    if worse and better:
        return _tr("Trained together, worse beyond noise: {0}. But better together: {1}.").format(worse, better)
    if worse:
        return _tr("Trained together, worse beyond noise: {0}.").format(worse)
    if document["conclusion"] == "together":
        return _tr("Over all tasks together is better beyond noise, and no task is worse.")
    if better:
        return _tr("Over all tasks the difference is within noise, but better together: {0}.").format(better)
    return _tr("What differs is no more than chance in pictures and seeds would bring about.")


def listed(names: Sequence[str]) -> str:
    """Names between commas."""
    return ", ".join(names)


def score(row: Mapping[str, Any], side: str) -> str:
    """A mean score, alone or together."""
    value = row[side]
    if value is None:
        return "–"
    return figure(value) if is_error(row["kind"]) else percent(value)


def score_name(kind: str) -> str:
    """What is compared, by kind of task."""
    return {
        "single-label": _tr("Right answers"),
        "multi-label": _tr("Labels right"),
        "number": _tr("Mean error"),
        "mask": _tr("Mean overlap of a picture"),
    }.get(kind, kind)


def difference(row: Mapping[str, Any]) -> str:
    """+2.1 points (−0.4 to +4.6), or in a number's own unit; positive where together is better."""
    if is_error(row["kind"]):
        doubt = [signed(end, ".3g") for end in row["interval"] or ()]
        text = signed(row["difference"], ".3g")
    else:
        doubt = [signed(100 * end) for end in row["interval"] or ()]
        text = _tr("{0} points").format(signed(100 * row["difference"]))
    return text + (f" ({_tr('{0} to {1}').format(*doubt)})" if doubt else "")


def conclusion(row: Mapping[str, Any]) -> str:
    """What a task's interval says."""
    return {
        "together": _tr("better together"),
        "apart": _tr("better alone"),
        "no difference": _tr("within noise"),
    }[row["conclusion"]]


def change(value: float, ends: Sequence[float] | None) -> str:
    """+1.2 % (−0.3 to +2.6)."""
    doubt = f" ({_tr('{0} to {1}').format(*(signed(end) for end in ends))})" if ends else ""
    return f"{signed(value)} %{doubt}"


def cost(document: Document) -> str:
    """One model instead of four, trained 2.6 times as fast."""
    facts = document["cost"]
    if not facts["times"]:
        return ""
    words = _tr("One model instead of {0}: trained in {1} instead of {2}, {3} times as fast.").format(
        len(document["tasks"]), duration(facts["together_s"]), duration(facts["alone_s"]), f"{facts['times']:.1f}"
    )
    joint, alone = facts["together_pictures_per_s"], facts["alone_pictures_per_s"]
    if joint and alone:
        rates = _tr("{0} pictures a second together, each for all its tasks; {1} alone.")
        words += " " + rates.format(count(round(joint)), count(round(alone)))
    return words


def basis(document: Document) -> str:
    """On what the verdict rests: pictures, seeds, and what the intervals promise."""
    parts = {row["part"] for row in document["tasks"].values()}
    pictures = " / ".join(part_title(part).lower() for part in sorted(parts))
    words = [
        _tr("Scored on pictures of this part: {0}; every run keeps its last epoch, so none of them chose it.").format(
            pictures
        ),
        _tr("{0} seeds; the intervals hold for all tasks at once with {1}.").format(
            len(document["seeds"]), percent(document["level"], 0)
        ),
    ]
    return " ".join(words)


def name(info: TrialsInfo) -> str:
    """A verdict in a list: 002 · 25 Nov 04:10 · 4 tasks, 3 seeds."""
    facts = _tr("{0} tasks, {1} seeds").format(len(info.plan.get("tasks", [])), len(info.plan.get("seeds", [])))
    return " · ".join(part for part in (f"{info.number:03d}", when(info.plan.get("started", "")), facts) if part)
