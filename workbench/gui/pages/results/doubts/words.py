"""Doubted labels in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from workbench.core.corrections import Correction
from workbench.core.doubts import TRUSTED
from workbench.core.text import percent
from workbench.gui.numbers import count
from workbench.gui.pages.results.doubts.document import Doubt, TaskDoubts


def _tr(text: str) -> str:
    return QCoreApplication.translate("Doubts", text)


def caption(doubt: Doubt, correction: Correction | None) -> str:
    """The line under a picture."""
    if correction is None:
        said = f"{doubt.label} → {doubt.suggestion}"
        return said if doubt.sure is None else f"{said}, {percent(doubt.sure)}"
    return decision(correction, doubt.label)


def decision(correction: Correction, label: str) -> str:
    """What was decided."""
    if correction.aside:
        return _tr("set aside")
    if correction.keep:
        return _tr("kept: {0}").format(label)
    return _tr("relabelled: {0}").format(correction.label)


def summary(task: TaskDoubts) -> str:
    """How far the doubts of a task can be believed, and how many there are."""
    clear, whole = count(task.clear), count(task.pictures)
    if task.agreement is None:
        return _tr("{0} of {1} numbers are far from what the probe expects.").format(clear, whole)
    said = _tr("The probe agrees with {0} of {1} labels and clearly doubts {2}.")
    said = said.format(percent(task.agreement), whole, clear)
    return (
        said if task.agreement >= TRUSTED else f"{said} {_tr('It is often wrong itself here: look before you decide.')}"
    )


def leaks(pairs: int) -> str:
    """That near-identical pictures lie in training and where it is judged."""
    if pairs == 1:
        return _tr(
            "1 pair of near-identical pictures is split between training and a part that judges: too good scores."
        )
    said = _tr(
        "{0} pairs of near-identical pictures are split between training and a part that judges: too good scores."
    )
    return said.format(count(pairs))


def part(name: str) -> str:
    """A part for people."""
    parts = {"train": _tr("training"), "validation": _tr("validation"), "test": _tr("test")}
    return parts.get(name, name)


def refusal(kind: str, classes: list[str], separator: str, label: str) -> str:
    """Why a label cannot be given to a picture; empty where it can."""
    if not label.strip():
        return _tr("Choose the right label first.")
    if kind == "number":
        try:
            float(label)
        except ValueError:
            return _tr("{0} is no number.").format(label)
    elif kind == "multi-label":
        strange = [each.strip() for each in label.split(separator or "|") if each.strip() not in ("", *classes)]
        if strange:
            return _tr("{0} is no label of this task. Write labels with {1} between them.").format(
                strange[0], separator or "|"
            )
    return ""
