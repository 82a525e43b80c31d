"""Which kind a task is of; kinds that its source cannot be say why not."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QWidget

from workbench.core.kinds import KINDS
from workbench.core.numbers import number_reader
from workbench.core.project import Task
from workbench.gui.pages.data.facts import Report
from workbench.gui.pages.data.words import kind_help, kind_needs, kind_title
from workbench.gui.widgets.inputs import ComboBox

_TIP, _SPOKEN = Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole


class KindChooser(ComboBox):
    """The kinds by their titles; their sentences are tooltips."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for kind in KINDS:
            self.addItem(kind_title(kind), kind)

    def show_kind(self, kind: str, refusals: Mapping[str, str]) -> None:
        """Show a kind without telling of it; those in `refusals` cannot be chosen, for the reason that stands there."""
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for row, each in enumerate(KINDS):
            item = model.item(row)
            item.setEnabled(each not in refusals or each == kind)
            for role in (_TIP, _SPOKEN):
                item.setData(refusals.get(each) or kind_help(each), role)
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(kind))
        self.setToolTip(kind_help(kind))

    def refusal(self, kind: str) -> str:
        """Why a kind cannot be chosen; empty where it can."""
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        item = model.item(self.findData(kind))
        return "" if item.isEnabled() else str(item.data(_TIP))


def refusals(task: Task, report: Report | None) -> dict[str, str]:
    """The kinds that a task's source cannot be, each with the reason."""
    reasons = {kind: kind_needs(kind) for kind, facts in KINDS.items() if task.source_form not in facts.sources}
    if "number" not in reasons and report is not None and report.get("kind") != "number":
        words = _word_among(list(report.get("classes", {})))
        if words:
            more = QCoreApplication.translate("KindChooser", "Most of what stands in this one, such as {0}, is none.")
            reasons["number"] = f"{kind_needs('number')} {more.format(words)}"
    return reasons


def _word_among(texts: list[str]) -> str:
    """The first text that is no number, where most are none; else empty."""
    read = number_reader(texts)
    words = [text for text in texts if read(text) is None]
    return words[0] if 2 * len(words) > len(texts) else ""
