"""By what the points of a map are coloured: kinds with names, the most frequent first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from workbench.gui.colours import mix
from workbench.gui.numbers import figure
from workbench.gui.pages.results.details import part_title
from workbench.gui.pages.results.map.document import MapTask, PictureMap
from workbench.gui.theme import theme
from workbench.gui.widgets.point_canvas import Mark

NAMED = 10
"""Classes that have a colour of their own; the others share one."""
_PARTS = ("train", "validation", "test", "source", "target")
_STEPS = 5  # of a ramp for numbers
_RAMP = 0.15  # of the ramp's colour in its lightest step
_STYLES = 7  # that differ in colour


@dataclass(frozen=True)
class Kinds:
    """How n points are told apart.

    Attributes:
        names: of the kinds, in the order of the legend.
        of: (n,) the kind of each point.
        marks: how each kind is drawn.
    """

    names: list[str]
    of: NDArray[np.int64]
    marks: list[Mark]


def choices(found: PictureMap) -> list[tuple[str, str, str]]:
    """The ways to colour a map: key, task ("" for none) and words."""
    offered = []
    for name, task in found.tasks.items():
        offered.append(("label", name, _tr("Label: {0}").format(name)))
        offered.append(("answer", name, _tr("Said: {0}").format(name)))
        if task.kind != "number":
            offered.append(("right", name, _tr("Right or wrong: {0}").format(name)))
    offered.append(("part", "", _tr("Part")))
    if len(found.labelled) > 1:
        offered.append(("task", "", _tr("Task")))
    return offered


def kinds(found: PictureMap, way: str, task: str) -> Kinds:
    """The kinds of a map's points by one of its `choices`."""
    if way == "part":
        order = [part for part in _PARTS if part in found.part]
        return _frequent(found.part, order, {part: part_title(part) for part in order})
    if way == "task":
        return _by_task(found)
    told = found.tasks[task]
    if way == "right":
        return _by_right(told)
    texts = told.label if way == "label" else told.answer
    return _ramp(texts) if told.kind == "number" else _frequent(texts, told.classes)


def _frequent(texts: Sequence[str | None], order: Sequence[str], titles: dict[str, str] | None = None) -> Kinds:
    """A kind for each of the texts that occur most, in an order; where all fit, each keeps its colour in every way."""
    place = {name: at for at, name in enumerate(order)}
    index: dict[str | None, int] = {}
    of = np.fromiter((index.setdefault(text, len(index)) for text in texts), np.int64, len(texts))
    counts = np.bincount(of, minlength=len(index))
    there = [text for text in index if text is not None]
    most = sorted(there, key=lambda text: (-counts[index[text]], text))[:NAMED]
    styles = place if len(order) <= NAMED else {}  # of many classes the largest have the purest colours
    mark_of = {text: _mark(styles.get(text, len(styles) + rank)) for rank, text in enumerate(most)}
    most.sort(key=lambda text: (place.get(text, len(place)), text))
    marks = [mark_of[text] for text in most]
    turn = np.full(len(index) + 1, -1, np.int64)
    turn[[index[text] for text in most]] = np.arange(len(most))
    shown = [(titles or {}).get(text, text) for text in most]
    others = [index[text] for text in there if turn[index[text]] < 0]
    if others:
        turn[others] = len(shown)
        shown.append(_tr("{0} others").format(len(others)))
        marks.append(_quiet("o"))
    if None in index:
        turn[index[None]] = len(shown)
        shown.append(_tr("no label"))
        marks.append(_quiet("+"))
    return Kinds(shown, turn[of], marks)


def _by_task(found: PictureMap) -> Kinds:
    """By the one task that labels a picture, or that several do."""
    names = list(found.labelled)
    flags = np.stack([found.labelled[name] for name in names], axis=1)
    number, only = flags.sum(axis=1), flags.argmax(axis=1)
    of = np.where(number > 1, len(names), only)
    of[number == 0] = len(names) + 1
    shown = [*names, _tr("several tasks"), _tr("no label")]
    marks = [*(_mark(place) for place in range(len(names))), _quiet("d"), _quiet("+")]
    there = np.unique(of).tolist()
    turn = np.full(len(shown), -1, np.int64)
    turn[there] = np.arange(len(there))
    return Kinds([shown[at] for at in there], turn[of], [marks[at] for at in there])


def _by_right(task: MapTask) -> Kinds:
    colours = theme().colours()
    pairs = zip(task.label, task.answer, strict=True)
    of = np.array([2 if label is None else int(label != answer) for label, answer in pairs], np.int64)
    shown = [_tr("right"), _tr("wrong"), _tr("no label")]
    marks = [Mark(QColor(mix(colours.surface, colours.good, 0.75))), Mark(colours.colour("bad"), "x"), _quiet("+")]
    there = 3 if (of == 2).any() else 2
    return Kinds(shown[:there], of, marks[:there])


def _ramp(texts: Sequence[str | None]) -> Kinds:
    """Numbers in steps that hold equally many pictures, from pale to strong."""
    colours = theme().colours()
    values = np.array([np.nan if text is None else float(text) for text in texts])
    known = np.isfinite(values)
    of = np.full(len(values), -1, np.int64)
    shown: list[str] = []
    marks: list[Mark] = []
    if known.any():
        ends = np.unique(np.quantile(values[known], np.linspace(0, 1, _STEPS + 1)))
        steps = max(1, len(ends) - 1)
        of[known] = np.searchsorted(ends[1:-1], values[known], side="right")
        bounds = [(ends[at], ends[min(at + 1, len(ends) - 1)]) for at in range(steps)]
        shown = [_tr("{0} to {1}").format(figure(low), figure(high)) for low, high in bounds]
        shares = np.linspace(_RAMP, 1.0, steps) if steps > 1 else [1.0]
        ink = theme().task_style(0).colour
        marks = [Mark(QColor(mix(mix(colours.surface, colours.text, 0.15), ink, float(share)))) for share in shares]
    if not known.all():
        of[~known] = len(shown)
        shown.append(_tr("no label"))
        marks.append(_quiet("+"))
    return Kinds(shown, of, marks)


def _mark(place: int) -> Mark:
    """Of the class or task at a place: colours repeat half-way to the text's, with another marker."""
    style = theme().task_style(place)
    again = place // _STYLES
    colour = mix(style.colour, theme().colours().text, 0.45) if again % 2 else style.colour
    return Mark(QColor(colour), style.marker)


def _quiet(marker: str) -> Mark:
    colours = theme().colours()
    return Mark(QColor(mix(colours.surface, colours.secondary, 0.6)), marker)


def _tr(text: str) -> str:
    return QCoreApplication.translate("PictureMap", text)
