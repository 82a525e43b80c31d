"""What a comparison takes and what its numbers mean, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from workbench.core import catalogue
from workbench.core.advice import weights_in_words
from workbench.core.errors import RequestError
from workbench.core.project import Project
from workbench.gui.numbers import amount, count, percent
from workbench.gui.pages.model.advice.document import Compared, TaskScore, Way


def _tr(text: str) -> str:
    return QCoreApplication.translate("AdviceWords", text)


def title(name: str) -> str:
    """A backbone's title; its name where it is not known."""
    try:
        return catalogue.get(name).title
    except RequestError:  # of another version of the program
        return name


def in_titles(text: str, names: Iterable[str]) -> str:
    """A sentence of the engine with backbones by their titles, as the window calls them, for their names."""
    known = sorted(set(names), key=len, reverse=True)  # resnet101 before resnet10
    if not known:
        return text
    pattern = r"(?<![\w/])(?:{})(?!\w)".format("|".join(map(re.escape, known)))
    return re.sub(pattern, lambda found: title(found[0]), text)


def weights_words(name: str, weights: str) -> str:
    """Weights in short: starter, IMAGENET1K_V1, a file's name."""
    if weights in ("default", "hub"):
        try:
            versions = catalogue.get(name).versions
        except RequestError:
            versions = ()
        return versions[0].name if versions else weights
    return _tr("random") if weights == "none" else weights_in_words(weights)


def estimate(backbones: int, pictures: int, seconds: float) -> str:
    """What will happen, and about how long it takes."""
    if not backbones:
        return _tr("Choose a backbone or more.")
    what = _tr("{0} backbones") if backbones > 1 else _tr("{0} backbone")
    words = _tr("{0} on {1} pictures: roughly {2}. Nothing is trained and nothing is downloaded.")
    return words.format(what.format(backbones), count(pictures), duration_words(seconds))


def duration_words(seconds: float) -> str:
    """40 s, 3 min, 2 h: no finer than a guess is."""
    if seconds < 90:
        return _tr("{0} s").format(max(5, 5 * round(seconds / 5)))
    if seconds < 90 * 60:
        return _tr("{0} min").format(round(seconds / 60))
    return _tr("{0} h").format(round(seconds / 3600))


def score_text(score: TaskScore | None, kind: str, way: Way = "probe") -> str:
    """86 % ± 2, or 0.86 ± 0.02 for a number's R², 0.410 for LogME; a dash where it was not measured."""
    value = None if score is None else score.by(way)
    if score is None or value is None:
        return "–"
    if way == "logme":
        return f"{value:.3f}"
    number = kind == "number"
    text = f"{value:.2f}" if number else percent(value, 0)
    if way == "knn":
        return text
    return f"{text} ± {score.doubt(way):.2f}" if number else f"{text} ± {score.doubt(way) * 100:.0f}"


def score_help(task: str, score: TaskScore | None, kind: str) -> str:
    """All that was measured of a task, a line each."""
    if score is None or score.probe is None:
        return _tr("{0} could not be measured: it needs two pictures or more of each class.").format(task)
    lines = [_tr("{0}: {1} {2}").format(task, measure(kind), score_text(score, kind))]
    if score.knn is not None:
        lines.append(_tr("nearest neighbours: {0}").format(score_text(score, kind, "knn")))
    if score.logme is not None:
        lines.append(_tr("LogME: {0}").format(score_text(score, kind, "logme")))
    return "\n".join(lines)


WAYS: dict[Way, tuple[str, str]] = {
    "probe": (
        QT_TRANSLATE_NOOP("AdviceWords", "linear probe"),
        QT_TRANSLATE_NOOP("AdviceWords", "{0}: {1} of a quick linear probe, ± its standard error"),
    ),
    "knn": (
        QT_TRANSLATE_NOOP("AdviceWords", "nearest neighbours"),
        QT_TRANSLATE_NOOP("AdviceWords", "{0}: {1} of the most similar pictures' answers"),
    ),
    "logme": (
        QT_TRANSLATE_NOOP("AdviceWords", "LogME"),
        QT_TRANSLATE_NOOP("AdviceWords", "{0}: evidence of a linear model on the features (LogME); more is better"),
    ),
}
"""What each way is called, and what the column of a task says of it."""


def way_title(way: Way) -> str:
    """What a way of asking is called."""
    return _tr(WAYS[way][0])


def way_help(task: str, kind: str, way: Way) -> str:
    """What a task's column shows."""
    return _tr(WAYS[way][1]).format(task, measure(kind))


_MEASURES = {
    "single-label": QT_TRANSLATE_NOOP("AdviceWords", "accuracy"),
    "multi-label": QT_TRANSLATE_NOOP("AdviceWords", "mean average precision"),
    "number": QT_TRANSLATE_NOOP("AdviceWords", "R²"),
}


def measure(kind: str) -> str:
    """What a probe is scored by."""
    return _tr(_MEASURES.get(kind, "accuracy"))


def facts_help(row: Compared) -> list[str]:
    """What is known of a backbone beside its scores, a sentence each."""
    kind, _, path = row.weights.partition(":")
    weights = path if kind == "file" else weights_words(row.name, row.weights)
    size = _tr("{0}, {1}: {2} parameters, {3} MACs.")
    lines = [size.format(title(row.name), weights, amount(row.parameters), amount(row.macs))]
    if row.images:
        lines.append(_tr("Measured on {0} pictures.").format(count(row.images)))
    if row.tied:
        lines.append(_tr("Within noise of the best on these pictures."))
    return [*lines, row.reason] if row.reason else lines


def left_out(project: Project) -> str:
    """Which tasks are not compared; empty where all are."""
    masks = [task.name for task in project.tasks if task.kind == "mask"]
    if not masks:
        return ""
    return _tr("Not compared: {0}. A mask cannot be told from one vector for the whole picture.").format(listed(masks))


def listed(names: Sequence[str], most: int = 4) -> str:
    """Names in a row, the first few of many."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else _tr("{0} and {1} more").format(shown, len(names) - most)
