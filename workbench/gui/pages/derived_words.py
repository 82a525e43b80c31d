"""Runs that were not trained but made of other runs, in words."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from workbench.core.adaptation import ADABN
from workbench.core.resolved import ADD_TASK, TEACH
from workbench.project.runs import RunInfo

_MADE = {
    "blend": QT_TRANSLATE_NOOP("DerivedWords", "blend of {0}"),
    "soup": QT_TRANSLATE_NOOP("DerivedWords", "average of {0}"),
    ADABN: QT_TRANSLATE_NOOP("DerivedWords", "{0} with other batch-norm statistics"),
    ADD_TASK: QT_TRANSLATE_NOOP("DerivedWords", "{0} with one more task"),
    TEACH: QT_TRANSLATE_NOOP("DerivedWords", "{0}, taught more pictures"),
}
_OTHER = QT_TRANSLATE_NOOP("DerivedWords", "made of {0}")


def derived_words(run: RunInfo) -> str:
    """What a run was made of, such as "blend of 002-balanced"; empty for one that was trained."""
    if not run.derived:
        return ""
    words = QCoreApplication.translate("DerivedWords", _MADE.get(run.derived, _OTHER))
    return words.format(", ".join(run.origins))


def without_curves(run: RunInfo) -> str:
    """Why a run has no curves, and where some are; empty for one that was trained."""
    if not run.derived:
        return ""
    lost = run.lost
    left = [name for name in run.origins if name not in lost]
    words = _tr("This run ({0}) was not trained itself, so it has no curves.").format(derived_words(run))
    if left:
        words += " " + _tr("For some choose {0} in the list.").format(", ".join(left))
    if lost:
        words += " " + _tr("Deleted since: {0}.").format(", ".join(lost))
    return words


def _tr(text: str) -> str:
    return QCoreApplication.translate("DerivedWords", text)
