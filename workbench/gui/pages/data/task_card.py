"""A task as a card: some of its pictures, its classes and their counts, its problems, and what can be set."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from workbench.core.kinds import HEADS, KINDS
from workbench.core.project import Task
from workbench.gui.numbers import count
from workbench.gui.pages.data.facts import Problem, counts_by_part, remedy
from workbench.gui.pages.data.name_field import NameField
from workbench.gui.pages.data.words import meaning, plain
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.button import IconButton
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.class_bars import ClassBars
from workbench.gui.widgets.flow_layout import FlowLayout
from workbench.gui.widgets.inputs import ComboBox, DoubleSpinBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.widgets.thumbnail_strip import ThumbnailStrip
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_SWATCH = 12  # px


@dataclass(frozen=True)
class TaskFacts:
    """What is known of a task's pictures; `report` is None until they have been read."""

    report: dict[str, Any] | None
    problems: tuple[Problem, ...]
    shared: str
    reading: bool


class TaskCard(Card):
    """Says what the user wants; decides nothing.

    Signals:
        renamed(str, str): from the old name to the new one.
        set_requested(str, str, object): task, setting, value.
        removed(str), folder_requested(str), unreadable_requested(str): of the task of that name.
        remedy_requested(str, object): a setting of the recipe and its value, to mend a problem.
        picture_activated(str): a thumbnail was chosen.
    """

    renamed = Signal(str, str)
    set_requested = Signal(str, str, object)
    removed = Signal(str)
    folder_requested = Signal(str)
    unreadable_requested = Signal(str)
    remedy_requested = Signal(str, object)
    picture_activated = Signal(str)

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._task = ""
        self.swatch = QLabel(self)
        self.name = NameField(self)
        self.name.renamed.connect(self._on_renamed)
        self.figures = Label("", "body", "secondary", figures=True)
        self.source = Label("", "caption", "secondary", wrap=True)
        self.strip = ThumbnailStrip(loader, 64, self)
        self.strip.activated.connect(self.picture_activated)
        self.bars = ClassBars(self)
        self.notices = QVBoxLayout()
        self.notices.setSpacing(GRID // 2)
        self.kind, self.head, self.weight = self._make_controls()
        self.more = self._make_menu()
        self._lay_out()

    def show_task(self, task: Task, index: int, facts: TaskFacts) -> None:
        """Show a task, the `index`-th of the project, and what is known of it."""
        self._task = task.name
        self.setAccessibleName(self.tr("Task {0}").format(task.name))
        self.name.set_name(task.name)
        colour = theme().task_colour(index)
        swatch = QPixmap(_SWATCH, _SWATCH)
        swatch.fill(colour)
        self.swatch.setPixmap(swatch)
        self.bars.set_colour(colour)
        self._show_controls(task)
        self._show_facts(task, facts)

    def _show_facts(self, task: Task, facts: TaskFacts) -> None:
        report = facts.report
        known = report is not None and bool(report.get("count"))
        if report is not None and known:
            classes = self.tr("{0} classes").format(count(len(report["classes"])))
            pictures = self.tr("{0} pictures").format(count(report["count"]))
            self.figures.setText(f"{classes} · {pictures}")
            self.strip.set_paths(report.get("first", []))
            self.bars.set_counts(counts_by_part(report))
        else:
            self.figures.setText(self.tr("reading…") if facts.reading else "")
        self.strip.setVisible(known)
        self.bars.setVisible(known)
        self.source.setText(" · ".join(part for part in (task.source_text, facts.shared) if part))
        self._show_problems(facts)

    def _show_problems(self, facts: TaskFacts) -> None:
        while (item := self.notices.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        unreadable = len(facts.report.get("unreadable", [])) if facts.report else 0
        if unreadable:
            one = self.tr("1 picture could not be read and is left out.")
            text = one if unreadable == 1 else self.tr("{0} pictures could not be read and are left out.")
            bar = NoticeBar("caution", text.format(count(unreadable)))
            bar.add_action(self.tr("Show them"), self._ask_unreadable)
            self.notices.addWidget(bar)
        for problem in facts.problems:
            if unreadable and "cannot be read, such as" in problem.text:
                continue  # the notice above says it, with the list behind it
            level = "bad" if problem.level == "error" else "caution"
            bar = NoticeBar(level, f"{problem.text} {problem.fix}".strip())  # type: ignore[arg-type]
            if "class_weights" in problem.fix and not self._balance.isChecked():
                bar.add_action(self.tr("Balance classes"), self._balance.trigger)
            cure = remedy(problem)
            if cure is not None:
                bar.add_action(cure.text, partial(self.remedy_requested.emit, cure.setting, cure.value))
            self.notices.addWidget(bar)

    def _show_controls(self, task: Task) -> None:
        with QSignalBlocker(self.kind), QSignalBlocker(self.head), QSignalBlocker(self.weight):
            self.kind.setCurrentIndex(self.kind.findData(task.kind))
            if [self.head.itemData(at) for at in range(self.head.count())] != list(HEADS[task.kind]):
                self.head.clear()
                _fill(self.head, HEADS[task.kind])
            self.head.setCurrentIndex(self.head.findData(task.head))
            self.weight.setValue(task.weight)
        self.kind.setToolTip(meaning(task.kind))
        self.head.setToolTip(meaning(task.head))
        with QSignalBlocker(self._balance):
            self._balance.setChecked(task.class_weights)

    def _make_controls(self) -> tuple[ComboBox, ComboBox, DoubleSpinBox]:
        kind, head, weight = ComboBox(self), ComboBox(self), DoubleSpinBox(self)
        kind.setAccessibleName(self.tr("Kind of the task"))
        head.setAccessibleName(self.tr("Head of the task"))
        weight.setAccessibleName(self.tr("Weight of the task"))
        weight.setToolTip(self.tr("How much this task counts beside the others; 1 is equal, 0 is not at all."))
        weight.setRange(0.0, 1000.0)
        weight.setFixedWidth(96)
        _fill(kind, KINDS)
        kind.currentIndexChanged.connect(self._on_kind)
        head.currentIndexChanged.connect(self._on_head)
        weight.valueChanged.connect(self._on_weight)
        return kind, head, weight

    def _make_menu(self) -> IconButton:
        button = IconButton("more", self.tr("More for this task"), parent=self)
        menu = QMenu(button)
        self.rename = QAction(self.tr("Rename…"), self)
        self.rename.setShortcut(QKeySequence("F2"))
        self.rename.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.rename.triggered.connect(self.name.edit)
        self.addAction(self.rename)
        self._balance = QAction(self.tr("Balance classes"), self)
        self._balance.setCheckable(True)
        self._balance.setToolTip(self.tr("Rare classes count more, in proportion to how rare they are."))
        self._balance.toggled.connect(self._on_balance)
        folder = QAction(self.tr("Show the folder"), self)
        folder.triggered.connect(self._ask_folder)
        self.remove = QAction(self.tr("Remove the task"), self)
        self.remove.triggered.connect(self._ask_remove)
        menu.setToolTipsVisible(True)
        menu.addActions([self.rename, self._balance, folder])
        menu.addSeparator()
        menu.addAction(self.remove)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self.swatch)
        top.addWidget(self.name, 1)
        top.addWidget(self.figures)
        top.addWidget(self.more)
        self.add(top)
        self.add(self.source)
        self.add(self.strip)
        self.add(self.bars)
        self.add(self.notices)
        settings = FlowLayout(gap=GRID)
        pairs = ((self.tr("Answers with"), self.kind), (self.tr("Head"), self.head), (self.tr("Weight"), self.weight))
        for text, field in pairs:
            settings.addWidget(_labelled(text, field))
        self.add(settings)

    def _on_renamed(self, name: str) -> None:
        self.renamed.emit(self._task, name)

    def _on_kind(self, index: int) -> None:
        self.set_requested.emit(self._task, "kind", self.kind.itemData(index))

    def _on_head(self, index: int) -> None:
        self.set_requested.emit(self._task, "head", self.head.itemData(index))

    def _on_weight(self, value: float) -> None:
        self.set_requested.emit(self._task, "weight", value)

    def _on_balance(self, on: bool) -> None:
        self.set_requested.emit(self._task, "class_weights", on)

    def _ask_unreadable(self) -> None:
        self.unreadable_requested.emit(self._task)

    def _ask_folder(self) -> None:
        self.folder_requested.emit(self._task)

    def _ask_remove(self) -> None:
        self.removed.emit(self._task)


def _fill(combo: ComboBox, names: tuple[str, ...]) -> None:
    for name in names:
        combo.addItem(plain(name), name)
        combo.setItemData(combo.count() - 1, meaning(name), Qt.ItemDataRole.ToolTipRole)


def _labelled(text: str, field: QWidget) -> QWidget:
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
