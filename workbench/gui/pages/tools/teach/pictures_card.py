"""More pictures or classes for a task of a run: which, in which way, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from workbench.core.specs import MEMORY
from workbench.gui.dropped import PICTURE_SUFFIXES
from workbench.gui.pages.asking import Asking
from workbench.gui.pages.run_list import ANSWERING
from workbench.gui.pages.tools.small_table import SmallTable
from workbench.gui.pages.tools.teach import words
from workbench.gui.pages.tools.teach.arrivals_list import ArrivalsList
from workbench.gui.pages.tools.teach.ways_box import WaysBox
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.inputs import ComboBox, SpinBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace
from workbench.project.ways import Learner

_MOST = 1000
"""Pictures of each class that can be remembered."""


class PicturesCard(Card):
    """Pictures that came later.

    Signals:
        page_requested(str): the user should be sent to another page.
        made(str): a run was made.
    """

    page_requested = Signal(str)
    made = Signal(str)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self._run, self._made = "", ""
        self._training = False
        self._learner: Learner | None = None
        self.set_title(self.tr("Pictures and classes"))
        self.set_caption(
            self.tr("Drop folders or pictures here, and say what they show. One picture of a new class is enough.")
        )
        self.task = ComboBox(self)
        self.task.setAccessibleName(self.tr("The task that learns"))
        self.arrivals = ArrivalsList(self)
        self.ways = WaysBox(self)
        self.folder = Button(self.tr("Add folder…"), "folder", clicked=self._on_folder, parent=self)
        self.pictures = Button(self.tr("Add pictures…"), "picture", clicked=self._on_pictures, parent=self)
        self.memory = SpinBox(self)
        self.memory.setRange(1, _MOST)
        self.memory.setValue(MEMORY)
        self.memory.setAccessibleName(self.tr("Pictures remembered of each class"))
        self.memory.setToolTip(self.tr("More of them hold the old knowledge better, and training takes longer"))
        self.start = Button(self.tr("Learn them"), "play", "primary", clicked=self._on_start, parent=self)
        self.hint = Label("", "body", "secondary", wrap=True)
        self._asking = Asking(
            workspace,
            self,
            bar=self.tr("How much of the pictures is learned"),
            cancel=self.tr("Stop learning"),
        )
        self.done = NoticeBar("good", "", closable=True, parent=self)
        self.scores = SmallTable(words.score_titles(), self.tr("Right answers before and after"), self)
        self.shown = SmallTable(words.shown_titles(), self.tr("What is said of pictures that came"), self)
        self._lay_out()
        self._connect()
        self._on_changed()

    def set_learner(self, run: str, learner: Learner | None) -> None:
        """The run that is to learn; None where none is chosen or it cannot be read."""
        self._run, self._learner = run, learner
        self.task.set_choices([task.name for task in learner.resolved.tasks] if learner is not None else [])
        self._task_name.setVisible(self.task.count() > 1)
        self.task.setVisible(self.task.count() > 1)
        self._on_task()

    def add_paths(self, paths: Sequence[Path]) -> bool:
        """Take dropped folders and pictures."""
        return self.arrivals.add(paths)

    def forget(self) -> None:
        """Another project is open."""
        self._asking.give_up()
        self._asking.problem.hide()
        self._training = False
        self.arrivals.clear()
        for widget in (self.done, self.scores, self.shown):
            widget.hide()

    def _lay_out(self) -> None:
        self._task_name = Label(self.tr("Task"), "body", "secondary")
        self._task_name.setBuddy(self.task)
        first, last = QHBoxLayout(), QHBoxLayout()
        for row in (first, last):
            row.setSpacing(GRID)
        for widget in (self.folder, self.pictures, self._task_name, self.task):
            first.addWidget(widget)
        first.addStretch(1)
        last.addWidget(self.hint, 1)
        last.addWidget(self.start)
        remembered = Label(self.tr("Pictures remembered of each class"), "body", "secondary")
        remembered.setBuddy(self.memory)
        self._memory = QWidget(self)
        row = QHBoxLayout(self._memory)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(remembered)
        row.addWidget(self.memory)
        row.addStretch(1)
        for item in (first, self.arrivals, self.ways, self._memory, last, self._asking.problem, self._asking.working):
            self.add(item)
        for widget in (self.done, self.scores, self.shown):
            self.add(widget)
            widget.hide()
        self.done.add_action(self.tr("See its results"), self._on_results)
        self.done.add_action(self.tr("Try it"), self._on_try)

    def _connect(self) -> None:
        self.task.currentIndexChanged.connect(self._on_task)
        self.arrivals.changed.connect(self._on_changed)
        self.ways.changed.connect(self._on_changed)
        self._asking.answered.connect(self._on_answered)
        self._asking.changed.connect(self._on_asking)
        self._workspace.run_state_changed.connect(self._on_run_state)

    @Slot()
    def _on_run_state(self) -> None:
        """What a run has learned is no longer to be added; of one that failed everything can be sent off again."""
        if self._training and self._workspace.run_state == "idle":
            self._training = False
            ended = self._workspace.history.ended
            if ended is not None and ended.status in ANSWERING:
                self.arrivals.clear()
        self._on_changed()

    @Slot()
    def _on_task(self) -> None:
        learner, task = self._learner, self.task.currentText()
        self.arrivals.set_classes(learner.resolved.task(task).classes if learner is not None and task else [])
        self.ways.set_ways(learner if task else None, task)

    @Slot()
    def _on_changed(self) -> None:
        idle = self._workspace.run_state == "idle"
        way = self.ways.current()
        self.start.setEnabled(idle and self.arrivals.ready and way is not None and not self._asking.open)
        trains = way in ("replay", "alone")
        self._memory.setVisible(way == "replay")
        self.start.setText(self.tr("Train on them") if trains else self.tr("Learn them"))
        if not idle:
            self.hint.setText(self.tr("A run is training. This can begin when it has ended."))
        elif self._learner is None:
            self.hint.setText(self.tr("There is no run yet that can learn. Train one first."))
        elif way is None:
            self.hint.setText(self.tr("There is no way for this task to learn more."))
        elif not self.arrivals.boxes:
            self.hint.setText(self.tr("Nothing is added yet."))
        elif not self.arrivals.ready:
            self.hint.setText(self.tr("Say which class each row shows."))
        else:
            self.hint.setText("")

    @Slot()
    def _on_start(self) -> None:
        folder, way = self._workspace.folder, self.ways.current()
        if folder is None or way is None:
            return
        options = [*self.arrivals.words(), "--run", self._run, "--task", self.task.currentText()]
        for widget in (self.done, self.scores, self.shown):
            widget.hide()
        if way in ("replay", "alone"):
            memory = str(self.memory.value()) if way == "replay" else "0"
            if self._workspace.train_by("extend", *options, "--memory", memory):
                self._training = True
                self.page_requested.emit("train")
            return
        self._asking.ask(["teach", str(folder), *options, *(["--head", "ridge"] if way == "changed" else [])])

    @Slot(object)
    def _on_answered(self, document: dict[str, Any]) -> None:
        self._made = document["run"]
        self.done.set_notice("good", words.taught_sentence(document))
        self.scores.set_rows(words.score_rows(document))
        self.shown.set_rows(words.shown_rows(document))
        for widget in (self.done, self.scores, self.shown):
            widget.show()
        self.arrivals.clear()

    @Slot()
    def _on_asking(self) -> None:
        self._asking.swap(self.start)
        self._on_changed()
        if not self._asking.open and self._made:  # only now the run is whole
            made, self._made = self._made, ""
            self._workspace.runs_changed.emit()
            self.made.emit(made)

    @Slot()
    def _on_results(self) -> None:
        self.page_requested.emit("results")

    @Slot()
    def _on_try(self) -> None:
        self.page_requested.emit("try")

    @Slot()
    def _on_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("A folder of pictures, or of class folders"))
        if chosen:
            self.arrivals.add([Path(chosen)])

    @Slot()
    def _on_pictures(self) -> None:
        kinds = self.tr("Pictures ({0})").format(" ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES)))
        chosen, _ = QFileDialog.getOpenFileNames(self, self.tr("Pictures of one class or several"), "", kinds)
        self.arrivals.add([Path(each) for each in chosen])
