"""Accuracy against pictures a class: asked for, drawn, and told in a table.

Importing this module loads pyqtgraph.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.core.kinds import CLOSED_FORM
from workbench.gui.pages.asking import Asking
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.sideways import Sideways
from workbench.gui.pages.tools.domain.score_grid import Said, ScoreGrid
from workbench.gui.pages.tools.few_shot import words
from workbench.gui.pages.tools.few_shot.document import HeadCurve, Shots, TaskShots, parse_shots, read_shots
from workbench.gui.pages.tools.fields import fields
from workbench.gui.theme import grown
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.series_plot import Series, SeriesPlot
from workbench.gui.widgets.task_legend import TaskLegend
from workbench.gui.workspace import Workspace

_HEIGHT = 260  # px of the plot beside text of the usual size
_BACKBONE = "backbone"


class ShotsCard(Card):
    """What heads make of few pictures that are worked out at once."""

    def __init__(self, workspace: Workspace, runs: RunList, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("How far do a few pictures get?"), parent=parent, wrap_title=True)
        self.set_caption(
            self.tr(
                "Draws a few pictures of each class, works heads out from them in one go, and lets pictures outside "
                "of training judge; over and over. The backbone stands still, nothing trains."
            )
        )
        self._workspace, self._list = workspace, runs
        self._found: Shots | None = None
        self.source, self.task = ComboBox(self), ComboBox(self)
        self.source.setAccessibleName(self.tr("Which backbone sees the pictures"))
        self.task.setAccessibleName(self.tr("The task that is shown"))
        self.go = Button(self.tr("Try few pictures"), "play", "primary", clicked=self._on_go, parent=self)
        self._asking = Asking(
            workspace,
            self,
            bar=self.tr("How much of trying few pictures is done"),
            cancel=self.tr("Stop trying few pictures"),
            parse=parse_shots,
        )
        self._reading = Loader(self)
        self.sentence = Label("", bold=True, wrap=True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.legend = TaskLegend(self)
        self.plot = SeriesPlot(
            self.tr("Right answers by pictures a class"),
            self.tr("pictures a class"),
            self.tr("Right answers"),
            self.tr("The curves appear here."),
            logarithmic=True,
            words=self._place_words,
            parent=self,
        )
        self.table = ScoreGrid(self.tr("Right answers by head and pictures a class"), self)
        self.room = Sideways(self.table, self)
        self.basis = Label("", "caption", "secondary", wrap=True)
        self._lay_out()
        self._connect()
        self._on_runs()

    def refresh(self) -> None:
        """Show what is kept of the backbone that is chosen."""
        folder = self._workspace.folder
        if folder is None:
            self._reading.drop()
            self._show(None)
        elif not self._asking.open:
            run = self._list.run(self._run)
            self._reading.load(read_shots, folder, run.folder if run is not None else None)

    @Slot()
    def leave(self) -> None:
        """Another project is open."""
        self._asking.give_up()
        self._asking.problem.hide()
        self._show(None)
        self._on_runs()

    @property
    def _run(self) -> str:
        """The run that is chosen; empty for the project's backbone."""
        return str(self.source.currentData() or "")

    @Slot()
    def _on_runs(self) -> None:
        """Offer the project's backbone as it is, and every run that can answer."""
        project = self._workspace.project
        own = project.effective().backbone.name if project is not None else ""
        runs = [(self.tr("{0}, as it was trained").format(run.run), run.run) for run in self._list.answering]
        self.source.set_choices([(self.tr("{0}, before any training").format(own), ""), *runs])
        self.refresh()

    @Slot()
    def _on_source(self) -> None:
        self._asking.give_up()
        self._asking.problem.hide()
        self._show(None)
        self.refresh()

    @Slot()
    def _on_go(self) -> None:
        folder = self._workspace.folder
        if folder is not None:
            self._reading.drop()
            self._asking.ask(["shots", str(folder), "--run", self._run or _BACKBONE])

    @Slot()
    def _on_asking(self) -> None:
        self._asking.swap(self.go)

    @Slot(object)
    def _show(self, found: Shots | None) -> None:
        self._found = found
        self.task.set_choices(found.tasks if found is not None else [])
        self.task.setVisible(self.task.count() > 1)
        self._show_task()

    @Slot()
    def _show_task(self) -> None:
        task = self._task()
        for widget in (self.sentence, self.legend, self.room, self.basis):
            widget.setVisible(task is not None)
        if task is None or self._found is None:
            self.plot.set_series([])
            self.plot.set_cursor(None)
            return
        self.sentence.setText(words.sentence(task))
        self.legend.set_tasks([words.head_title(head) for head in CLOSED_FORM])
        self.plot.set_series(
            [_series(curve) for curve in task.curves], marks={float(each): str(each) for each in task.shots}
        )
        self.plot.set_cursor(None)
        titles = [self.tr("Pictures a class"), *map(str, task.shots)]
        self.table.set_rows(titles, [self._row(task, curve) for curve in task.curves])
        left = "".join(f" {name}: {why}." for name, why in self._found.left_out.items())
        open_marks = self.tr("Open marks: raw pixels.")
        self.basis.setText(f"{words.basis(task, self._found.draws)} {open_marks}{left}")

    def _row(self, task: TaskShots, curve: HeadCurve) -> Sequence[Said]:
        name = words.head_title(curve.head)
        cells = [Said(self.tr("raw pixels: {0}").format(name) if curve.pixels else name)]
        for point in curve.points:
            best = not curve.pixels and task.best(point.shots) is curve
            cells.append(Said(words.score_text(point), "secondary" if curve.pixels else "text", bold=best))
        return cells

    def _place_words(self, shots: float) -> str:
        task = self._task()
        if task is None:
            return ""
        said = [
            f"{words.tr('raw pixels') + ' ' if curve.pixels else ''}{words.head_title(curve.head)} "
            f"{words.score_text(point)}"
            for curve in task.curves
            for point in curve.points
            if point.shots == shots
        ]
        return "\n".join([words.shots_text(int(shots)), *said])

    def _task(self) -> TaskShots | None:
        return self._found.tasks.get(self.task.currentText()) if self._found is not None else None

    @Slot(str)
    def _on_lit(self, title: str) -> None:
        self.plot.light(title)

    @Slot(float)
    def _on_pointed(self, shots: float) -> None:
        self.plot.set_cursor(shots)

    def _connect(self) -> None:
        self._asking.answered.connect(self._show)
        self._asking.changed.connect(self._on_asking)
        self._reading.loaded.connect(self._show)
        self._reading.failed.connect(self._asking.show_problem)
        self._list.changed.connect(self._on_runs)
        self.source.activated.connect(self._on_source)
        self.task.activated.connect(self._show_task)
        self.legend.hovered.connect(self._on_lit)
        self.plot.pointed.connect(self._on_pointed)
        self._workspace.opened.connect(self.leave)
        self._workspace.project_changed.connect(self._on_runs)

    def _lay_out(self) -> None:
        self.add_action(self.go)
        self.plot.setMinimumHeight(grown(_HEIGHT))
        tasks = QHBoxLayout()
        tasks.addWidget(self.task)
        tasks.addStretch(1)
        self.add(fields([(self.tr("Seen by"), self.source)]))
        for item in (
            self._asking.problem,
            self._asking.working,
            tasks,
            self.sentence,
            self.legend,
            self.plot,
            self.room,
            self.basis,
        ):
            self.add(item)


def _series(curve: HeadCurve) -> Series:
    title = words.head_title(curve.head)
    points = [(float(point.shots), point.score, point.interval) for point in curve.points]
    name = f"{title}, {words.tr('raw pixels')}" if curve.pixels else title
    return Series(name, CLOSED_FORM.index(curve.head), points, hollow=curve.pixels)
