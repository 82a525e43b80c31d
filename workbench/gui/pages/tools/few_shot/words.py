"""What a few pictures get one, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from workbench.gui.numbers import percent
from workbench.gui.pages.tools.few_shot.document import HeadCurve, Point, TaskShots


def tr(text: str) -> str:
    return QCoreApplication.translate("FewShot", text)


def head_title(head: str) -> str:
    """What a head is called."""
    return {
        "ridge": tr("ridge"),
        "centroid": tr("centroid"),
        "neighbours": tr("neighbours"),
        "discriminant": tr("discriminant"),
    }.get(head, head)


def shots_text(shots: int) -> str:
    """1 picture a class, 5 pictures a class."""
    return tr("1 picture a class") if shots == 1 else tr("{0} pictures a class").format(shots)


def score_text(point: Point) -> str:
    """72.4 % (68 to 76), with the ends of the interval: near 0 and 1 they lie unevenly."""
    if point.interval is None:
        return percent(point.score)
    low, high = (f"{100 * end:.0f}" for end in point.interval)
    return tr("{0} ({1} to {2})").format(percent(point.score), low, high)


def sentence(task: TaskShots) -> str:
    """The best head with the fewest and with the most pictures, and raw pixels beside it."""
    few, many = task.shots[0], task.shots[-1]
    parts = [_at(task, few)] + ([_at(task, many)] if many != few else [])
    return " ".join([*parts, _beside_pixels(task, many)])


def _at(task: TaskShots, shots: int) -> str:
    best = task.best(shots)
    text = tr("With {0} {1} is right in {2}.")
    return text.format(shots_text(shots), head_title(best.head), score_text(_point(best, shots)))


def _beside_pixels(task: TaskShots, shots: int) -> str:
    """Whether the backbone is worth anything: its best head beside the same on raw pixels, interval by interval."""
    best = task.best(shots)
    pixels = max((curve for curve in task.curves if curve.pixels), key=lambda curve: _point(curve, shots).score)
    own, raw = _point(best, shots), _point(pixels, shots)
    if own.interval is None or raw.interval is None:
        return tr("Raw pixels give {0}.").format(score_text(raw))
    if own.interval[0] > raw.interval[1]:
        return tr("Raw pixels give {0}: what the backbone sees helps.").format(score_text(raw))
    if own.interval[1] < raw.interval[0]:
        return tr("Raw pixels give {0}: this backbone does not suit these pictures.").format(score_text(raw))
    return tr("Raw pixels give {0}, which is within noise of that.").format(score_text(raw))


def basis(task: TaskShots, draws: int) -> str:
    """On what it rests."""
    judged = (
        tr("those that were not drawn")
        if task.judged_on is None
        else tr("{0} pictures outside of training").format(task.judged_on)
    )
    text = tr("Mean of {0} draws, judged on {1}; in brackets what holds it with 95 % certainty. Guessing gives {2}.")
    text = text.format(draws, judged, percent(task.chance))
    if task.short:
        shots = min(task.short)
        text += " " + tr("From {0} on, some classes give all the pictures they have.").format(shots_text(shots))
    return text


def _point(curve: HeadCurve, shots: int) -> Point:
    return next(point for point in curve.points if point.shots == shots)
