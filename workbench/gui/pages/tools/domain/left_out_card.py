"""Several labelled domains, each left out in turn: what to expect of one that is still to come."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.numbers import count, percent
from workbench.gui.pages.asking import Asking
from workbench.gui.pages.data.folder_field import FolderField
from workbench.gui.pages.sideways import Sideways
from workbench.gui.pages.tools.domain.document import LeaveOneOut, parse_left_out
from workbench.gui.pages.tools.domain.score_grid import Said, ScoreGrid
from workbench.gui.pages.tools.domain.words import score_text, verdict
from workbench.gui.pages.tools.fields import fields
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.workspace import Workspace

_KIND = "single-label"


class LeftOutCard(Card):
    """Which domains there are, how they are trained on, and the table of scores."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Leave one domain out"), parent=parent, wrap_title=True)
        self.set_caption(
            self.tr(
                "Where you have labelled pictures of several places or cameras: each is left out in turn, and answered "
                "by what the others teach. The only honest forecast for one that is still to come."
            )
        )
        self._workspace = workspace
        self._asked: list[str] = []
        self._asking = Asking(
            workspace,
            self,
            bar=self.tr("How much of leaving out is done"),
            cancel=self.tr("Stop leaving domains out"),
            parse=parse_left_out,
        )
        self.problem, self.working = self._asking.problem, self._asking.working
        self.folder = FolderField(
            self.tr("The folder whose folders are the domains"), self.tr("Choose the folder of the domains"), self
        )
        self.folder.line.setPlaceholderText(self.tr("A folder that holds one folder of class folders for each domain"))
        self.task, self.how = ComboBox(self), ComboBox(self)
        self.task.setAccessibleName(self.tr("The task that is answered"))
        self.how.setAccessibleName(self.tr("How the other domains are trained on"))
        self.how.addItem(self.tr("A probe on the untouched backbone: seconds"), "probe")
        self.how.addItem(self.tr("The project's recipe, a run for each domain"), "runs")
        self.ask = Button(self.tr("Leave out"), "play", clicked=self._on_ask, parent=self)
        self.ask.setAccessibleName(self.tr("Leave each domain out in turn"))
        self.add_action(self.ask)
        named = [(self.tr("Domains in"), self.folder), (self.tr("Task"), self.task), (self.tr("By"), self.how)]
        self.add(fields(named))
        self.sentence = Label("", bold=True, wrap=True)
        self.table = ScoreGrid(self.tr("Scores on each domain that was left out"), self)
        self.room = Sideways(self.table, self)
        for widget in (self.problem, self.working, self.sentence, self.room):
            self.add(widget)
        self._asking.answered.connect(self._on_answered)
        self._asking.changed.connect(self._on_changed)
        self.folder.changed.connect(self._on_question)
        self.task.currentIndexChanged.connect(self._on_question)
        self.how.currentIndexChanged.connect(self._on_question)
        workspace.opened.connect(self._on_opened)
        workspace.project_changed.connect(self._on_project)
        workspace.run_state_changed.connect(self._on_changed)
        self._on_opened()

    @Slot()
    def _on_opened(self) -> None:
        self._asking.give_up()
        self.folder.set_path(None)
        self.sentence.hide()
        self.room.hide()
        self._on_project()

    @Slot()
    def _on_project(self) -> None:
        project = self._workspace.project
        self.task.set_choices([task.name for task in project.tasks if task.kind == _KIND] if project else [])
        self._on_question()

    @Slot()
    def _on_question(self) -> None:
        """An answer to another question goes."""
        if self._words() != self._asked:
            self._asking.give_up()
            self.problem.hide()
            self.sentence.hide()
            self.room.hide()
        self._on_changed()

    def _words(self) -> list[str]:
        words = ["--task", self.task.currentText(), "--in", str(self.folder.path() or "")]
        return [*words, "--how", str(self.how.currentData())]

    @Slot()
    def _on_changed(self) -> None:
        path = self.folder.path()
        self._asking.swap(self.ask)
        there = path is not None and path.is_dir() and self.task.count() > 0
        idle = self._workspace.run_state == "idle"
        self.ask.setEnabled(idle and there and not self._asking.open)
        gone = path is not None and not path.is_dir()
        against = self.tr("There is no folder {0}.").format(path) if gone else ""
        self.ask.setToolTip(against if idle else self.tr("A run is training; this can begin when it has ended."))

    @Slot()
    def _on_ask(self) -> None:
        folder = self._workspace.folder
        if folder is None or self.folder.path() is None:
            return
        self._asked = self._words()
        self._asking.ask(["leave-one-out", str(folder), *self._asked])

    @Slot(object)
    def _on_answered(self, found: LeaveOneOut) -> None:
        interval = found.interval
        doubt = self.tr(" ({0} to {1})").format(*(percent(end, 0) for end in interval)) if interval else ""
        words = self.tr("On a domain that was not seen, expect {0} right{1}: the mean of {2} domains.")
        self.sentence.setText(words.format(percent(found.mean), doubt, len(found.domains)))
        titles = [
            self.tr("Left out"),
            self.tr("Pictures"),
            self.tr("Trained on the others"),
            self.tr("Trained on its own"),
            "",
        ]
        rows = [
            [
                Said(each.name, bold=True),
                Said(count(each.pictures), "secondary"),
                Said(score_text(_KIND, each.left_out)),
                Said(score_text(_KIND, each.own) if each.own else "–"),
                verdict(each.conclusion),
            ]
            for each in found.domains
        ]
        self.table.set_rows(titles, rows)
        self.sentence.show()
        self.room.show()
