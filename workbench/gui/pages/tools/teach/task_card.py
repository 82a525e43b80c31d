"""One more task for a run, on its backbone as it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from workbench.core.kinds import CLOSED_FORM, HEADS
from workbench.core.parsing import parse_task
from workbench.gui.pages.asking import Asking
from workbench.gui.pages.tools.teach import words
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace

_NEW = ""


class TaskCard(Card):
    """A task that comes later; old answers stay the same bit by bit, and that is checked.

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
        self._asked = self._kind = self._with_head = ""
        self.set_title(self.tr("One more task"))
        self.set_caption(
            self.tr(
                "The backbone stays as it is and gets one more head, so nothing can be forgotten. That the old answers "
                "are the same bit by bit is checked on stored pictures each time. For several labels or masks, add the "
                "task on the Data page first and choose it here."
            )
        )
        self.which = ComboBox(self)
        self.which.setAccessibleName(self.tr("The task that is added"))
        self.name, self.source = QLineEdit(self), QLineEdit(self)
        self.name.setPlaceholderText(self.tr("What it is called"))
        self.name.setAccessibleName(self.tr("Name of the new task"))
        self.source.setPlaceholderText(self.tr("A folder of class folders, or TABLE.csv:COLUMN"))
        self.source.setAccessibleName(self.tr("Pictures of the new task"))
        self.browse = Button(self.tr("Browse…"), "folder", clicked=self._on_browse, parent=self)
        self.head = ComboBox(self)
        self.head.setAccessibleName(self.tr("Head of the new task"))
        self.keeps = QCheckBox(self.tr("Give the project the task, too, so that later runs learn it"), self)
        self.keeps.setChecked(True)
        self.start = Button(self.tr("Add the task"), "play", "primary", clicked=self._on_start, parent=self)
        self._asking = Asking(
            workspace, self, bar=self.tr("How much of the task is learned"), cancel=self.tr("Stop adding the task")
        )
        self.done = NoticeBar("good", "", closable=True, parent=self)
        self._lay_out()
        self._connect()

    def set_run(self, run: str, tasks: Sequence[str]) -> None:
        """The run that gets the task, and the tasks that it has; none for no run."""
        self._run = run
        project = self._workspace.project
        with_source = [task.name for task in project.tasks if task.name not in tasks] if project is not None else []
        choices = [(self.tr("{0}, of this project").format(name), name) for name in with_source]
        self.which.set_choices([*choices, (self.tr("A new one"), _NEW)])
        self._on_which()

    def add_paths(self, paths: Sequence[Path]) -> bool:
        """Take a dropped folder or table as the new task's source."""
        if len(paths) != 1 or not (paths[0].is_dir() or paths[0].suffix.lower() == ".csv"):
            return False
        self.which.setCurrentIndex(self.which.findData(_NEW))
        self.source.setText(str(paths[0]))
        self.name.setText(self.name.text() or paths[0].stem)
        return True

    def forget(self) -> None:
        """Another project is open."""
        self._asking.give_up()
        self._asking.problem.hide()
        self.done.hide()
        self.name.clear()
        self.source.clear()

    def _lay_out(self) -> None:
        for head in HEADS["single-label"]:
            instant = self.tr("{0}, at once") if head in CLOSED_FORM else self.tr("{0}, trained in seconds")
            self.head.addItem(instant.format(head), head)
        self.head.setCurrentIndex(self.head.findData("ridge"))
        self._labels = [Label(text, "body", "secondary") for text in self._names()]
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID)
        grid.setColumnStretch(1, 1)
        for row, (label, widget) in enumerate(
            zip(self._labels, (self.which, self.name, self.source, self.head), strict=True)
        ):
            label.setBuddy(widget)
            grid.addWidget(label, row, 0)
            wide = widget in (self.name, self.source)
            grid.addWidget(widget, row, 1, Qt.AlignmentFlag(0) if wide else Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.browse, 2, 2)
        last = QHBoxLayout()
        last.addWidget(self.keeps)
        last.addStretch(1)
        last.addWidget(self.start)
        for item in (grid, last, self._asking.problem, self._asking.working, self.done):
            self.add(item)
        self.done.hide()
        self.done.add_action(self.tr("See its results"), self._on_results)

    def _names(self) -> list[str]:
        return [self.tr("Task"), self.tr("Name"), self.tr("Pictures"), self.tr("Head for classes")]

    def _connect(self) -> None:
        self.which.currentIndexChanged.connect(self._on_which)
        self.name.textChanged.connect(self._on_changed)
        self.source.textChanged.connect(self._on_changed)
        self._asking.answered.connect(self._on_answered)
        self._asking.changed.connect(self._on_asking)
        self._workspace.run_state_changed.connect(self._on_changed)

    @Slot()
    def _on_which(self) -> None:
        new = self.which.currentData() == _NEW
        for widget in (self.name, self.source, self.browse, self.head, self.keeps, *self._labels[1:]):
            widget.setVisible(new)
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        new = self.which.currentData() == _NEW
        whole = bool(self.name.text().strip() and self.source.text().strip()) if new else True
        table = ".csv" in self.source.text().lower()
        self.head.setEnabled(not table)
        self.head.setToolTip(self.tr("Of a table the column decides: ridge for classes") if table else "")
        idle = self._workspace.run_state == "idle"
        self.start.setEnabled(bool(self._run) and idle and whole and not self._asking.open)
        self.start.setToolTip("" if idle else self.tr("A run is training; this can begin when it has ended."))

    @Slot()
    def _on_start(self) -> None:
        folder = self._workspace.folder
        if folder is None:
            return
        self.done.hide()
        new = self.which.currentData() == _NEW
        task = f"{self.name.text().strip()}={self.source.text().strip()}" if new else str(self.which.currentData())
        options = ["--head", str(self.head.currentData())] if new and self.head.isEnabled() else []
        self._asked = task
        # The window itself gives the project the task, so that it can be taken back.
        self._asking.ask(["add-task", str(folder), task, "--run", self._run, "--only-the-run", *options])

    @Slot(object)
    def _on_answered(self, document: dict[str, Any]) -> None:
        self._made = document["run"]
        self._kind, self._with_head = document["kind"], document["head"]
        self.done.set_notice("good", words.proof_sentence(document))
        self.done.show()

    @Slot()
    def _on_asking(self) -> None:
        self._asking.swap(self.start)
        self._on_changed()
        if not self._asking.open and self._made:  # only now the run is whole
            made, self._made = self._made, ""
            if "=" in self._asked and self.keeps.isChecked():
                self._workspace.add_tasks([parse_task(self._asked, self._kind, self._with_head)])
            self.name.clear()
            self.source.clear()
            self._workspace.runs_changed.emit()
            self.made.emit(made)

    @Slot()
    def _on_results(self) -> None:
        self.page_requested.emit("results")

    @Slot()
    def _on_browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("A folder of class folders"))
        if chosen:
            self.add_paths([Path(chosen)])
