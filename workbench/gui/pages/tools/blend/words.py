"""Scores of models that were made of others, in words."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from workbench.core.text import signed
from workbench.gui.numbers import count, percent
from workbench.gui.pages.results.metric_words import metric_text
from workbench.gui.pages.tools.blend.document import Scores, TaskScore
from workbench.gui.pages.tools.domain.score_grid import Said
from workbench.project.way_back import WayBack

_NAMED_TASKS = 3
"""Tasks that a sentence names at most."""
TONES = {"better": "good", "worse": "bad", "noise": "secondary"}


def tr(text: str) -> str:
    return QCoreApplication.translate("Blend", text)


def hindrance(way: WayBack) -> str:
    """Why nothing can be blended; empty where something can."""
    if way.against == "heads" and not way.epoch:
        text = tr("Run {0} has the pretrained backbone still, so there is nothing in between to blend.")
        return text.format(way.run)
    return {
        "": "",
        "random": tr("Run {0} began with random weights, so there is nothing to blend it with."),
        "heads": tr(
            "Run {0} was best at epoch {1}, when only its heads had trained. Its backbone is the pretrained one still, "
            "so there is nothing in between to blend."
        ),
    }[way.against].format(way.run, way.epoch)


def where_title(where: str) -> str:
    """What pictures are called."""
    return {"validation": tr("validation"), "data": tr("other pictures")}.get(where, where)


def share_text(share: float) -> str:
    """60 % trained."""
    return tr("{0} trained").format(percent(share, 0))


def score_text(task: TaskScore) -> str:
    """91.2 % (86.0 to 95.1)."""
    if task.score is None:
        return "–"
    text = metric_text(task.metric, task.score)
    if task.interval is None:
        return text
    low, high = (metric_text(task.metric, end).removesuffix(" %") for end in task.interval)
    return tr("{0} ({1} to {2})").format(text, low, high)


def difference_cell(task: TaskScore) -> Said:
    """+1.2 points, within noise; of a task whose pictures are not compared by the metric beside it, of what."""
    if task.difference is None:
        return Said("")
    if task.difference == 0:
        return Said(tr("the same"), "secondary")
    if task.kind == "number":
        said = tr("mean error {0} smaller") if task.difference > 0 else tr("mean error {0} larger")
        said = said.format(f"{abs(task.difference):.3g}")
    else:
        said = tr("labels right {0} points") if task.kind == "multi-label" else tr("{0} points")
        said = said.format(signed(100 * task.difference))
    worth = {"better": tr("better"), "worse": tr("worse"), "noise": tr("within noise")}[task.conclusion]
    return Said(f"{said}, {worth}", TONES[task.conclusion])


def on_pictures(task: TaskScore) -> str:
    """on 48 pictures."""
    return tr("on 1 picture") if task.count == 1 else tr("on {0} pictures").format(count(task.count))


def best_sentence(points: Mapping[float, Scores], where: str) -> str:
    """Which share scores highest, and what that is worth; empty until the trained end and another are known."""
    known = {share: found for share, found in points.items() if found.score is not None}
    if 1.0 not in known or len(known) < 2:
        return ""
    top = max(sorted(known), key=lambda share: (known[share].score or 0.0, share))
    if top == 1.0:
        return tr("On {0} no blend scored so far is better than the trained model.").format(where_title(where))
    better = [name for name, task in known[top].tasks.items() if task.conclusion == "better"]
    text = tr("On {0} the highest is {1}: {2} against {3}, {4}.")
    named = ", ".join(better)
    if len(better) > _NAMED_TASKS:
        named = tr("{0} of {1} tasks").format(len(better), len(known[top].tasks))
    worth = tr("beyond noise in {0}").format(named) if better else tr("which is within noise")
    scores = (percent(known[share].score) for share in (top, 1.0))
    return text.format(where_title(where), share_text(top), *scores, worth)
