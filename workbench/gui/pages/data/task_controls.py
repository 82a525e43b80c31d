"""What can be set of a task on its card: kind, head, weight, and what only some kinds have."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from workbench.core.kinds import HEADS
from workbench.core.project import Task
from workbench.gui.pages.data.facts import Report
from workbench.gui.pages.data.kind_chooser import KindChooser, refusals
from workbench.gui.pages.data.words import head_help, head_title
from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.theme import GRID, grown
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.inputs import ComboBox, DoubleSpinBox
from workbench.gui.widgets.label import Label

_SEPARATOR = 56  # px
_WEIGHT = 96  # px


class TaskControls(FlowRow):
    """Says what the user wants; decides nothing.

    Signals:
        set_requested(str, object): setting and value.
        masks_requested(): other folders of pictures and masks are wanted.
    """

    set_requested = Signal(str, object)
    masks_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._separator = ""
        self.kind = KindChooser(self)
        self.kind.setAccessibleName(self.tr("Kind of the task"))
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.head = ComboBox(self)
        self.head.setAccessibleName(self.tr("Head of the task"))
        self.head.currentIndexChanged.connect(self._on_head)
        self.weight = self._make_weight()
        self.separator = self._make_separator()
        self.masks = Button(self.tr("Change the folders…"), "folder", clicked=self.masks_requested.emit, parent=self)
        self.masks.setAccessibleName(self.tr("Change the folders of pictures and masks"))
        self._head_pair = labelled(self.tr("Head"), self.head)
        self._separator_pair = labelled(self.tr("Separator"), self.separator)
        for widget in (
            labelled(self.tr("Answers with"), self.kind),
            self._separator_pair,
            self._head_pair,
            labelled(self.tr("Weight"), self.weight),
            self.masks,
        ):
            self.flow.addWidget(widget)

    def show_task(self, task: Task, report: Report | None) -> None:
        """Show how a task is set; what does not fit its kind is not shown."""
        self.kind.show_kind(task.kind, refusals(task, report))
        self._show_head(task)
        with QSignalBlocker(self.weight):
            self.weight.setValue(task.weight)
        self._separator = task.separator
        self.separator.setText(task.separator)
        self._separator_pair.setVisible(task.kind == "multi-label" and task.source_form == "column")
        self.masks.setVisible(task.kind == "mask")
        self.refit()

    def _show_head(self, task: Task) -> None:
        heads = HEADS[task.kind]
        offer_heads(self.head, heads, task.head)
        self.head.setToolTip(head_help(task.head))
        self._head_pair.setVisible(len(heads) > 1)

    def _make_weight(self) -> DoubleSpinBox:
        weight = DoubleSpinBox(self)
        weight.setAccessibleName(self.tr("Weight of the task"))
        weight.setToolTip(self.tr("How much this task counts beside the others; 1 is equal, 0 is not at all."))
        weight.setRange(0.0, 1000.0)
        weight.setFixedWidth(grown(_WEIGHT))
        weight.valueChanged.connect(self._on_weight)
        return weight

    def _make_separator(self) -> QLineEdit:
        separator = QLineEdit(self)
        separator.setAccessibleName(self.tr("What stands between two labels"))
        separator.setToolTip(self.tr("What stands between the labels in a cell, such as | in RBC|WBC."))
        separator.setFixedWidth(grown(_SEPARATOR))
        separator.editingFinished.connect(self._on_separator)
        return separator

    def _on_kind(self, index: int) -> None:
        self.set_requested.emit("kind", self.kind.itemData(index))

    def _on_head(self, index: int) -> None:
        self.set_requested.emit("head", self.head.itemData(index))

    def _on_weight(self, value: float) -> None:
        self.set_requested.emit("weight", value)

    def _on_separator(self) -> None:
        text = self.separator.text()
        if not text:
            self.separator.setText(self._separator)
        elif text != self._separator:
            self._separator = text  # leaving the field after Enter must not tell it again
            self.set_requested.emit("separator", text)


def offer_heads(combo: ComboBox, heads: tuple[str, ...], chosen: str) -> None:
    """Offer heads by their titles, with their sentences as tooltips; no signal tells of it."""
    combo.set_choices([(head_title(head), head) for head in heads], chosen)
    for row, head in enumerate(heads):
        for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            combo.setItemData(row, head_help(head), role)
    if chosen not in heads:  # it does not fit the task's kind: none stands there
        with QSignalBlocker(combo):
            combo.setCurrentIndex(-1)


def labelled(text: str, field: QWidget) -> QWidget:
    """A field with its name before it."""
    pair = QWidget()
    layout = QHBoxLayout(pair)
    layout.setContentsMargins(0, 0, GRID, 0)
    layout.setSpacing(GRID)
    label = Label(text, "body", "secondary")
    label.setBuddy(field)
    layout.addWidget(label)
    layout.addWidget(field)
    return pair
