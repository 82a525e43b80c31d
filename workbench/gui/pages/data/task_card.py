"""A task as a card: some of its pictures, what is known of its answers, its problems, and what can be set."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeySequence, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from workbench.core.parsing import task_settings
from workbench.core.project import Task
from workbench.gui.numbers import count
from workbench.gui.pages.data.facts import Problem, Report, remedy, task_remedy
from workbench.gui.pages.data.kinds import VIEWS, KindView, Loaders
from workbench.gui.pages.data.name_field import NameField
from workbench.gui.pages.data.task_controls import TaskControls
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.button import IconButton
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar

_SWATCH = 12  # px
_LEFT_OUT = ("cannot be read, such as", "cannot be used, such as")
"""How sentences of the check go that the notice with the list behind it says, too."""


@dataclass(frozen=True)
class TaskFacts:
    """What is known of a task's pictures; `report` is None until they have been read."""

    report: Report | None
    problems: tuple[Problem, ...]
    shared: str
    reading: bool


class TaskCard(Card):
    """Says what the user wants; decides nothing.

    Signals:
        renamed(str, str): from the old name to the new one.
        set_requested(str, str, object): task, setting, value.
        removed(str), folder_requested(str), unreadable_requested(str), masks_requested(str): of the task of that name.
        mend_requested(str, dict): task, and the settings of it that mend a problem.
        remedy_requested(str, object): a setting of the recipe and its value, to mend a problem.
        picture_activated(str): a thumbnail was chosen.
    """

    renamed = Signal(str, str)
    set_requested = Signal(str, str, object)
    removed = Signal(str)
    folder_requested = Signal(str)
    unreadable_requested = Signal(str)
    masks_requested = Signal(str)
    mend_requested = Signal(str, dict)
    remedy_requested = Signal(str, object)
    picture_activated = Signal(str)

    def __init__(self, loaders: Loaders, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._task = ""
        self._loaders = loaders
        self._kind = ""
        self.view: KindView | None = None
        self.swatch = QLabel(self)
        self.name = NameField(self)
        self.name.renamed.connect(self._on_renamed)
        self.figures = Label("", "body", "secondary", figures=True)
        self.source = Label("", "caption", "secondary", wrap=True)
        self._view_place = QVBoxLayout()
        self.notices = QVBoxLayout()
        self.notices.setSpacing(GRID // 2)
        self.controls = TaskControls(self)
        self.controls.set_requested.connect(self._on_set)
        self.controls.masks_requested.connect(self._ask_masks)
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
        self.controls.show_task(task, facts.report)
        self._balance.setVisible(task_settings()["class_weights"].fits(task.kind))
        with QSignalBlocker(self._balance):
            self._balance.setChecked(task.class_weights)
        self._show_facts(task, facts, colour)

    def _show_facts(self, task: Task, facts: TaskFacts, colour: QColor) -> None:
        report = facts.report
        known = report is not None and bool(report.get("count")) and report.get("kind") == task.kind
        if report is not None and known:
            view = self._view_of(task.kind)
            view.set_colour(colour)
            view.show_report(report)
            self.figures.setText(view.figures(report))
        else:
            self.figures.setText(self.tr("reading…") if facts.reading else "")
        if self.view is not None:
            self.view.setVisible(known)
        self.source.setText(" · ".join(part for part in (*self._sources(task), facts.shared) if part))
        self._show_problems(facts)

    def _sources(self, task: Task) -> tuple[str, str]:
        return task.source_text, self.tr("masks in {0}").format(task.masks) if task.kind == "mask" else ""

    def _view_of(self, kind: str) -> KindView:
        """The view of that kind, in the place of that of another kind."""
        if self.view is None or kind != self._kind:
            if self.view is not None:
                self._view_place.removeWidget(self.view)
                self.view.hide()
                self.view.deleteLater()
            self._kind = kind
            self.view = VIEWS[kind](self._loaders, self)
            self.view.activated.connect(self.picture_activated)
            self._view_place.addWidget(self.view)
        return self.view

    def _show_problems(self, facts: TaskFacts) -> None:
        while (item := self.notices.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        unreadable = len(facts.report.get("unreadable", [])) if facts.report else 0
        if unreadable:
            bar = NoticeBar("caution", self._left_out(facts, unreadable))
            bar.add_action(self.tr("Show them"), self._ask_unreadable)
            self.notices.addWidget(bar)
        for problem in facts.problems:
            if unreadable and any(said in problem.text for said in _LEFT_OUT):
                continue  # the notice above says it, with the list behind it
            level = "bad" if problem.level == "error" else "caution"
            bar = NoticeBar(level, f"{problem.text} {problem.fix}".strip())  # type: ignore[arg-type]
            if "class_weights" in problem.fix and not self._balance.isChecked():
                bar.add_action(self.tr("Balance classes"), self._balance.trigger)
            cure = remedy(problem)
            if cure is not None:
                bar.add_action(cure.text, partial(self.remedy_requested.emit, cure.setting, cure.value))
            mend = task_remedy(problem)
            if mend is not None:
                bar.add_action(mend.text, partial(self.mend_requested.emit, self._task, mend.values))
            self.notices.addWidget(bar)

    def _left_out(self, facts: TaskFacts, number: int) -> str:
        if facts.report is not None and facts.report.get("kind") == "mask":
            one = self.tr("1 picture or mask could not be used and is left out.")
            more = self.tr("{0} pictures or masks could not be used and are left out.")
        else:
            one = self.tr("1 picture could not be read and is left out.")
            more = self.tr("{0} pictures could not be read and are left out.")
        return one if number == 1 else more.format(count(number))

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
        self.add(self._view_place)
        self.add(self.notices)
        self.add(self.controls)

    def _on_renamed(self, name: str) -> None:
        self.renamed.emit(self._task, name)

    def _on_set(self, setting: str, value: object) -> None:
        self.set_requested.emit(self._task, setting, value)

    def _on_balance(self, on: bool) -> None:
        self.set_requested.emit(self._task, "class_weights", on)

    def _ask_unreadable(self) -> None:
        self.unreadable_requested.emit(self._task)

    def _ask_folder(self) -> None:
        self.folder_requested.emit(self._task)

    def _ask_masks(self) -> None:
        self.masks_requested.emit(self._task)

    def _ask_remove(self) -> None:
        self.removed.emit(self._task)
