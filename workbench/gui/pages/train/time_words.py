"""Where the time of steps goes, in words and shares, and what could be done about it; no widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from workbench.core.step_times import Part, shares, waits_much
from workbench.gui.colours import mix
from workbench.gui.theme import theme
from workbench.gui.widgets.shares_bar import Share
from workbench.project.history import RunHistory


def _tr(text: str) -> str:
    return QCoreApplication.translate("TimeWords", text)


def shares_of(seconds: dict[str, float] | None) -> list[Share]:
    """The parts of the time with their shares; empty where nothing was measured."""
    found = shares(seconds)
    if found is None:
        return []
    colours = theme().colours()
    named: dict[Part, str] = {
        "data": colours.caution,
        "forward": colours.accent,
        "backward": mix(colours.surface, colours.accent, 0.5),
        "rest": colours.control_border,
    }
    return [
        Share(name, found[part], QColor(named[part]), help)
        for part, (name, help) in _parts().items()
    ]


def _parts() -> dict[Part, tuple[str, str]]:
    """What each part is called, and what is in it."""
    return {
        "data": (_tr("Waiting for data"), _tr("The pictures are not there yet, and the device has nothing to do")),
        "forward": (_tr("Forward"), _tr("Varying the pictures, the network's answers, and their losses")),
        "backward": (_tr("Backward"), _tr("The gradients of all weights that train")),
        "rest": (_tr("Rest"), _tr("Changing the weights, balancing the tasks, and the log")),
    }


def advice(seconds: dict[str, float] | None, history: RunHistory) -> str:
    """What is to be said of the waiting; empty where there is little of it."""
    if not waits_much(seconds):
        return ""
    phase = history.phases[-1] if history.phases else None
    first = phase is not None and not any(epoch.epoch >= phase.first_epoch for epoch in history.epochs)
    if first and history.ended is None:
        return _tr("Pictures are being read for the first time. From the next epoch on they come from the cache.")
    return _tr("The device often waits for pictures. A smaller picture size or a faster disk would let it wait less.")
