"""One run: its score cards, the task that is chosen among them, and what to do where a part was not scored yet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QProgressBar, QStackedLayout, QVBoxLayout, QWidget

from workbench.core.events import Progress
from workbench.gui.numbers import count
from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.pages.results.details import RunDetails, part_title
from workbench.gui.pages.results.score_strip import ScoreStrip
from workbench.gui.pages.results.task_view import TaskView
from workbench.gui.pages.scrolled import Column, Scrolled
from workbench.gui.pages.segments import Segments
from workbench.gui.pages.train.pace import progress_words
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.widgets.thumbnails import ThumbnailLoader

PARTS = ("train", "validation", "test")
_OFFERED = ("validation", "test", "train")  # which part is offered first where none is scored


class RunView(QWidget):
    """The results of one run.

    Signals:
        part_requested(str): another part was chosen.
        scoring_requested(str): a part that was not scored yet is to be scored.
        other_requested(), cancel_requested(): what was pressed.
        report_wanted(): a report of the run is wanted.
        curves_requested(bool), map_requested(bool): they are wanted, or are not any more.
        mask_wanted(str): the mask that the model gives a picture is to be shown.
        looking_wanted(object, str): it is asked where the head of a TaskResult looked in a picture.
        neighbours_wanted(object, str): the training pictures most like a picture of a TaskResult are wanted.
        calibrate_wanted(list): the run is to be calibrated, as `calibrate` takes it.
    """

    part_requested = Signal(str)
    scoring_requested = Signal(str)
    other_requested = Signal()
    cancel_requested = Signal()
    report_wanted = Signal()
    curves_requested = Signal(bool)
    map_requested = Signal(bool)
    mask_wanted = Signal(str)
    looking_wanted = Signal(object, str)
    neighbours_wanted = Signal(object, str)
    calibrate_wanted = Signal(list)

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._details: RunDetails | None = None
        self._task = ""
        self._folder = Path()
        self._places: Mapping[str, int] = {}
        self._waiting_part = ""
        self._beside: dict[Button, QWidget] = {}
        self._warnings: list[str] = []
        self.title = ElidedLabel("", "page", bold=True)
        self.parts = Segments(self.tr("Pictures"), self)
        for part in PARTS:
            self.parts.add(part, part_title(part))
        self.other = Button(self.tr("Other pictures…"), parent=self, clicked=self.other_requested.emit)
        self.other.setToolTip(self.tr("Score this run on other labelled pictures"))
        self.curves = Button(self.tr("Curves"), "train", parent=self)
        self.curves.setCheckable(True)
        self.curves.setToolTip(self.tr("Show how this run went"))
        self.map = Button(self.tr("Map"), "picture", parent=self)
        self.map.setCheckable(True)
        self.map.setToolTip(self.tr("Show every picture as a point, near where the model sees them alike"))
        self.report = Button(self.tr("Report…"), "export", parent=self, clicked=self.report_wanted.emit)
        self.report.setToolTip(self.tr("Write all that is known of this run into one file that can be mailed"))
        self._buttons = (self.other, self.curves, self.map, self.report)
        for button in self._buttons:
            button.setAccessibleName(button.text())
        self.problem = NoticeBar("caution", "", closable=True)
        self.problem.hide()
        self.transfer = NoticeBar("caution", "")
        self.transfer.hide()
        self.scores = ScoreStrip(self)
        self.task = TaskView(loader, self)
        self.missing = EmptyState("results", "", button=self.tr("Score these pictures"), clicked=self._on_score)
        self.working = _Working(self)
        self._content: QWidget = self.missing
        self.working.cancel.clicked.connect(self.cancel_requested)
        self.parts.chosen.connect(self.part_requested)
        self.curves.toggled.connect(self.curves_requested)
        self.map.toggled.connect(self.map_requested)
        for button in (self.curves, self.map):
            button.toggled.connect(self._on_beside)
        self.scores.chosen.connect(self.choose_task)
        self.task.mask_wanted.connect(self.mask_wanted)
        self.task.looking_wanted.connect(self.looking_wanted)
        self.task.neighbours_wanted.connect(self.neighbours_wanted)
        self.task.calibrate_wanted.connect(self.calibrate_wanted)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._choices = FlowRow(self)
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The choices stand beside the run's name where both have room, else below it in lines that wrap."""
        line = sum(widget.sizeHint().width() + GRID for widget in (self.parts, *self._buttons))
        beside = self.title.sizeHint().width() + line <= self.width()
        self._choices.setMinimumWidth(line - GRID if beside else 0)
        self._head.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def show_details(self, details: RunDetails, folder: Path, places: Mapping[str, int]) -> None:
        """Show a run; `folder` is the project's."""
        self._details, self._folder, self._places = details, folder, places
        self._waiting_part = details.part or next((part for part in _OFFERED if details.counts.get(part)), "")
        title = self.tr("{0} on other pictures") if details.part == "data" else "{0}"
        self.title.setText(title.format(details.run))
        self._fit()
        self.parts.set_current(self._waiting_part)
        self._offer_parts(details)
        if details.evaluation is None:
            self._show_missing(details)
            return
        tasks = details.evaluation.tasks
        self.scores.set_results(tasks, places)
        self.task.filters.set_results(tasks)
        self._show(self._found)
        self.choose_task(self._task if self._task in tasks else next(iter(tasks), ""))

    def show_working(self, part: str) -> None:
        """An evaluation has begun."""
        self.forget_problem()
        self.parts.set_current(part)
        self.working.begin(part_title(part))
        self._show(self.working)

    def forget_problem(self) -> None:
        """Say nothing more above what is shown."""
        self._warnings = []
        self.problem.hide()

    def add_warning(self, text: str) -> None:
        """Say what should be known of what is shown, above it and below what was said of it before."""
        if text in self._warnings:
            return
        self._warnings.append(text)
        self.problem.set_notice("caution", "\n".join(self._warnings))
        self.problem.show()

    def show_problem(self, text: str) -> None:
        """Say why something could not be done, above what is shown."""
        self.problem.show_problem(text)

    def show_curves(self, curves: QWidget) -> None:
        """Show how the run went in place of its results, until the button is released."""
        self._show_beside(self.curves, curves)

    def show_map(self, plane: QWidget) -> None:
        """Show the map of the pictures in place of the results, until the button is released."""
        self._show_beside(self.map, plane)

    def _show_beside(self, button: Button, content: QWidget) -> None:
        if button not in self._beside:
            self._beside[button] = Scrolled(content)
            self._stack.addWidget(self._beside[button])
        self._show_current()

    @Slot(bool)
    def _on_beside(self, wanted: bool) -> None:
        """At most one of them is shown."""
        for button in (self.curves, self.map):
            if wanted and button is not self.sender():
                button.setChecked(False)
        self._show_current()

    def _show(self, content: QWidget) -> None:
        self._content = content
        self._show_current()

    @Slot()
    def _show_current(self) -> None:
        beside = (content for button, content in self._beside.items() if button.isChecked())
        self._stack.setCurrentWidget(next(beside, self._content))

    @Slot(str)
    def choose_task(self, task: str) -> None:
        """Show one of the tasks."""
        self._task = task
        self.scores.set_chosen(task)
        evaluation = self._details.evaluation if self._details else None
        result = evaluation.tasks.get(task) if evaluation else None
        self.task.set_result(result, self._folder, self._places.get(task, 0))

    @property
    def chosen_task(self) -> str:
        """The task that is shown."""
        return self._task

    @Slot()
    def _on_score(self) -> None:
        self.scoring_requested.emit(self._waiting_part)

    def _offer_parts(self, details: RunDetails) -> None:
        for part in PARTS:
            number = details.counts.get(part, 0)
            available = bool(number) or part in details.stored or not details.counts
            tip = self.tr("{0} pictures").format(count(number))
            if details.counts and not number:
                tip = self.tr("This run has no pictures in this part.")
            self.parts.set_available(part, available, tip if details.counts else "")

    def _show_missing(self, details: RunDetails) -> None:
        number = details.counts.get(self._waiting_part, 0)
        if not details.counts:
            text = self.tr("This run ended before it was set up, so it has no model to score.")
            self.missing.set_text(text)
        else:
            words = self.tr("The {0} pictures of this run are not scored yet.")
            hint = self.tr("The model answers {0} pictures, once: the answers are kept.")
            if not details.stored:
                hint = self.tr("The best model so far answers {0} pictures. Answers are kept once the run has ended.")
            self.missing.set_text(words.format(part_title(self._waiting_part).lower()), hint.format(count(number)))
        self.missing.button.setVisible(bool(details.counts))
        self._show(self.missing)

    def _lay_out(self) -> None:
        for widget in (self.parts, *self._buttons):
            self._choices.flow.addWidget(widget)
        self._head.setSpacing(GRID)
        self._head.addWidget(self.title, 1)
        self._head.addWidget(self._choices)
        inside = Column(self)
        found = QVBoxLayout(inside)
        found.setContentsMargins(0, 0, 0, 0)
        found.setSpacing(GRID)
        found.addWidget(self.scores)
        found.addWidget(self.task, 1)
        self._found = Scrolled(inside, self)
        self._stack = QStackedLayout()
        for content in (self._found, self.missing, self.working):
            self._stack.addWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(self._head)
        layout.addWidget(self.problem)
        layout.addWidget(self.transfer)
        layout.addLayout(self._stack, 1)


class _Working(QWidget):
    """An evaluation that runs: how far it is, and a way out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = Label("", "title")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar = QProgressBar()
        self.bar.setProperty("thin", True)
        self.bar.setTextVisible(False)
        self.bar.setMaximumWidth(360)
        self.bar.setAccessibleName(self.tr("Progress of the scoring"))
        self.cancel = Button(self.tr("Cancel"), "cancel")
        self.cancel.setAccessibleName(self.tr("Cancel the scoring"))
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID * 2)
        layout.addStretch(1)
        layout.addWidget(self.words)
        bar_row = QHBoxLayout()
        bar_row.addStretch(1)
        bar_row.addWidget(self.bar, 2)
        bar_row.addStretch(1)
        layout.addLayout(bar_row)
        layout.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def begin(self, part: str) -> None:
        self.words.setText(self.tr("Scoring: {0}").format(part.lower()))
        self.bar.setRange(0, 0)

    @Slot(object)
    def advance(self, progress: Progress) -> None:
        """Show how far it is."""
        self.words.setText(progress_words(progress.what, progress.done, progress.total))
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)
