"""What the Try page shows: the picture on the left, the answers on the right, and a table where there are many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workbench.core.events import Progress
from workbench.gui.numbers import answer_time, count
from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.pages.neighbours.panel import NeighboursPanel
from workbench.gui.pages.train.pace import progress_words
from workbench.gui.pages.try_out.answer import Answer
from workbench.gui.pages.try_out.answers_panel import AnswersPanel
from workbench.gui.pages.try_out.camera_panel import CameraPanel
from workbench.gui.pages.try_out.folder_table import FolderTable
from workbench.gui.pages.try_out.incoming import Incoming
from workbench.gui.pages.try_out.mask_bar import MaskBar, MaskFile
from workbench.gui.pages.try_out.run_choice import RunChoice
from workbench.gui.pages.try_out.said import MaskAnswer
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import Level, NoticeBar
from workbench.gui.widgets.overlay_view import OverlayView
from workbench.gui.widgets.thumbnails import ThumbnailLoader


class Bench(QWidget):
    """The page's content once there is a model.

    Signals:
        browse_requested(), folder_requested(), paste_requested(), save_requested(), cancel_requested(): pressed.
        run_chosen(str): another run shall answer.
        other_chosen(str): that run shall answer beside it; empty for none.
        picture_shown(str): the answers to that picture are in sight.
        teaching_wanted(str, str, list): a head is to be told what a picture is: picture, task, and what it tells apart.
        looking_wanted(str, str, str, list): it is asked where a head looked: run, picture, task, and what it tells
            apart.
    """

    browse_requested = Signal()
    folder_requested = Signal()
    paste_requested = Signal()
    save_requested = Signal()
    cancel_requested = Signal()
    picture_shown = Signal(str)
    run_chosen = Signal(str)
    other_chosen = Signal(str)
    looking_wanted = Signal(str, str, str, list)
    teaching_wanted = Signal(str, str, list)

    def __init__(
        self, loader: ThumbnailLoader, live: CameraPanel, near: NeighboursPanel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._live, self._near = live, near
        self._answers: Sequence[Answer] = []
        self._others: Sequence[Answer] = []
        self._names = ("", "")  # of the run that answers and of that beside it
        self._shown = 0  # the place of the picture in sight among the answers
        self._places: Mapping[str, int] = {}
        self._clock = QElapsedTimer()
        self._waiting = ""  # what the line says until the first answer
        self.choice = RunChoice(self)
        self.choice.run_chosen.connect(self.run_chosen)
        self.choice.other_chosen.connect(self.other_chosen)
        self.browse = Button(self.tr("Browse…"), "picture", clicked=self.browse_requested.emit)
        self.folder = Button(self.tr("Folder…"), "folder", clicked=self.folder_requested.emit)
        self.paste = Button(self.tr("Paste"), "copy", clicked=self.paste_requested.emit)
        self.paste.setToolTip(self.tr("Answer the picture on the clipboard (Ctrl+V)"))
        self.save = Button(self.tr("Save as table…"), "save", clicked=self.save_requested.emit)
        self.camera = Button(self.tr("Camera"), "camera")
        self.camera.setCheckable(True)
        self.camera.toggled.connect(self._on_camera)
        self.neighbours = Button(self.tr("Neighbours"), "picture")
        self.neighbours.setCheckable(True)
        self.neighbours.setToolTip(self.tr("The training pictures that the model sees most like this one"))
        self.neighbours.toggled.connect(self._on_neighbours)
        for button in (self.browse, self.folder, self.paste, self.camera, self.neighbours, self.save):
            button.setAccessibleName(button.text())
        self.notice = NoticeBar("info", "", closable=True)
        self.notice.hide()
        self.progress = _Progress(self)
        self.progress.cancel.clicked.connect(self.cancel_requested)
        self.invitation = EmptyState(
            "picture",
            self.tr("Drop a picture or a folder here"),
            self.tr("Or paste one with Ctrl+V. Nothing leaves this computer."),
            self.tr("Browse…"),
            self.browse_requested.emit,
        )
        self.view = OverlayView(loader)
        self.masks = MaskBar(self)
        self._values: Mapping[str, Sequence[int]] = {}
        self._other_values: Mapping[str, Sequence[int]] = {}
        self.caption = ElidedLabel("", "body", "secondary")
        self.answers = AnswersPanel(self)
        self.answers.looking_wanted.connect(self._on_look)
        self.answers.teaching_wanted.connect(self._on_teach)
        self.state = Label("", "body", "secondary", wrap=True)
        self.table = FolderTable(self)
        self.table.picture_chosen.connect(self._on_picture)
        self.masks.overlay_changed.connect(self.view.set_overlay)
        self.masks.strength_changed.connect(self.view.set_opacity)
        self.masks.failed.connect(self._on_mask_failed)
        self.view.set_opacity(self.masks.opacity)
        self._lay_out()
        self.clear()

    def set_facts(self, values: Mapping[str, Sequence[int]], ranges: Mapping[str, tuple[float, float]]) -> None:
        """What is known of the run's tasks: pixel values of the classes of masks, ranges of training numbers."""
        self._values = values
        self.answers.set_ranges(ranges)

    def set_camera(self, missing: str) -> None:
        """Offer the camera, or say why there is none."""
        self.camera.setEnabled(not missing)
        self.camera.setToolTip(missing or self.tr("Show what the camera sees, and have it answered"))
        if missing:
            self.camera.setChecked(False)

    def set_names(self, run: str, other: str, values: Mapping[str, Sequence[int]]) -> None:
        """Which run answers, and which beside it; empty for none. `values` are those of the classes of its masks."""
        wider = bool(other) != bool(self._names[1])
        self._names, self._other_values = (run, other), values
        self._others = []
        self.answers.set_runs(run, other)
        if wider:
            self._bench.setSizes([480, 680] if other else [640, 420])

    def clear(self) -> None:
        """Invite a picture."""
        self._answers, self._others = [], []
        self.answers.clear()
        self.masks.set_masks({})
        self.table.set_answers([])
        self.notice.hide()
        self.progress.hide()
        self.save.hide()
        self.camera.setChecked(False)
        self._near.clear()
        self._show_picture("")
        self._stack.setCurrentWidget(self.invitation)

    def begin(self, incoming: Incoming, *, loaded: bool = True) -> None:
        """A question was put: show its picture at once; what was answered before fades.

        `loaded`: whether the model is in memory; else the time until `model_loaded` is not the answer's.
        """
        self.notice.hide()
        self._clock.invalidate()
        many = not incoming.single
        self._table_card.setVisible(many)
        self.save.setVisible(False)
        self._show_picture(str(incoming.pictures[0]))
        self.masks.set_masks({})
        self._near.clear()
        self.answers.fade(True)
        self._waiting = self.tr("Asking the model") if loaded else self.tr("Loading the model")
        self.state.setText(self._waiting)
        if loaded:
            self._clock.start()
        if many:
            self.camera.setChecked(False)  # there is no room for both
            self.table.set_answers([])
            self.progress.begin(len(incoming.pictures))
        self._stack.setCurrentWidget(self._bench)

    def model_loaded(self) -> None:
        """The model is in memory: from now on it answers."""
        if self._waiting and not self._clock.isValid():
            self._clock.start()
            self._waiting = self.tr("Asking the model")
            self.state.setText(self._waiting)

    def advance(self, progress: Progress) -> None:
        """How far the answers are."""
        self.state.setText(progress_words(progress.what, progress.done, progress.total))
        self.progress.advance(progress)

    def show_answers(self, answers: Sequence[Answer], incoming: Incoming, places: Mapping[str, int]) -> None:
        """Show what the run says."""
        self._answers, self._places, self._shown = answers, places, 0
        self.progress.hide()
        if not answers:
            self.say("caution", self.tr("No picture was answered."))
            return
        if incoming.single:
            self._show(0)
            timed = self._clock.isValid()
            words = self.tr("Answered in {0}").format(answer_time(self._clock.elapsed())) if timed else ""
            self.state.setText("" if answers[0].error else words)
            return
        failed = sum(bool(answer.error) for answer in answers)
        words = self.tr("{0} pictures answered").format(count(len(answers) - failed))
        self.state.setText(words + (self.tr(", {0} could not be read").format(count(failed)) if failed else ""))
        self.save.setVisible(True)
        self.table.set_answers(answers)

    def show_others(self, answers: Sequence[Answer], incoming: Incoming) -> None:
        """Show beside them what the other run says."""
        self._others = answers
        if not incoming.single:
            self.table.set_answers(self._answers, answers, self._names)
        self._show_other(self._shown)

    def end(self) -> None:
        """Nothing more will come of the last question."""
        self.progress.hide()
        if self._waiting and self.state.text() == self._waiting:
            self.state.setText("")
        self._waiting = ""

    def say(self, level: Level, text: str) -> None:
        """Say something above the picture."""
        self.notice.set_notice(level, text)
        self.notice.show()

    @Slot(bool)
    def _on_camera(self, wanted: bool) -> None:
        self._live_card.setVisible(wanted)
        invited = self._stack.currentWidget() is self.invitation
        if wanted and invited:
            self._stack.setCurrentWidget(self._bench)
        elif not wanted and not self._answers and not self._waiting:
            self._stack.setCurrentWidget(self.invitation)

    @Slot(bool)
    def _on_neighbours(self, wanted: bool) -> None:
        self._near_card.setVisible(wanted)
        self._near.clear()
        if wanted and self._answers:
            self.picture_shown.emit(self._answers[self._shown].image)

    @Slot(int)
    def _on_picture(self, place: int) -> None:
        if place < len(self._answers):
            self._show_picture(self._answers[place].image)
            self._show(place)

    def _show_picture(self, path: str) -> None:
        self.view.set_path(path)
        self.caption.setText(Path(path).name)
        self.caption.setToolTip(path)

    def _other(self, place: int) -> Answer | None:
        """What the other run says of the picture at a place; None where it has not answered it."""
        return self._others[place] if place < len(self._others) else None

    def _show(self, place: int) -> None:
        answer = self._answers[place]
        self._shown = place
        self.answers.fade(False)
        if answer.error:
            self.answers.clear()
            self.masks.set_masks({})
            self.say("caution", self.tr("{0} cannot be read: {1}").format(Path(answer.image).name, answer.error))
            return
        self.notice.hide()
        self.answers.set_answer(answer, self._places)
        self._show_other(place)
        self.picture_shown.emit(answer.image)

    def _show_other(self, place: int) -> None:
        """Show what the other run says of a picture, and the masks of both."""
        answer, other = self._answers[place], self._other(place)
        self.answers.set_other(other)
        masks = mask_files(answer, self._values)
        if other is not None:
            named = mask_files(other, self._other_values)
            masks |= {f"{task} · {self._names[1]}": file for task, file in named.items()}
        self.masks.set_masks(masks)

    @Slot(str, bool)
    def _on_look(self, task: str, beside: bool) -> None:
        answer = self._other(self._shown) if beside else self._answers[self._shown]
        if answer is not None:
            self.looking_wanted.emit(self._names[beside], answer.image, task, list(answer.tasks[task].classes()))

    @Slot(str)
    def _on_teach(self, task: str) -> None:
        answer = self._answers[self._shown]
        self.teaching_wanted.emit(answer.image, task, list(answer.tasks[task].classes()))

    @Slot(str)
    def _on_mask_failed(self, problem: str) -> None:
        self.say("caution", problem)

    def _lay_out(self) -> None:
        bar, buttons = QHBoxLayout(), FlowRow()
        bar.setSpacing(GRID)
        for widget in (self.browse, self.folder, self.paste, self.camera, self.save):
            buttons.flow.addWidget(widget)
        bar.addWidget(buttons, 1)
        bar.addWidget(self.choice)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.invitation)
        self._bench = self._make_bench()
        self._stack.addWidget(self._bench)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID * 2)
        layout.addLayout(bar)
        layout.addWidget(self.notice)
        layout.addWidget(self._stack, 1)

    def _make_bench(self) -> QSplitter:
        picture, right = Card(), QWidget()
        self._table_card, self._live_card, self._near_card = Card(), Card(), Card()
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.caption, 1)
        foot.addWidget(self.neighbours)
        picture.add(self.view, 1)
        picture.add(self.masks)
        picture.add(foot)
        self._live_card.add(self._live, 1)
        self._near_card.add(self._near, 1)
        self._table_card.add(self.progress)
        self._table_card.add(self.table, 1)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.state)
        column.addWidget(self.answers, 1)
        left = QSplitter(Qt.Orientation.Vertical)
        left.setChildrenCollapsible(False)
        left.setHandleWidth(GRID * 2)
        for card in (self._live_card, picture, self._near_card, self._table_card):
            left.addWidget(card)
        for card in (self._live_card, self._near_card):
            card.hide()
        whole = QSplitter(Qt.Orientation.Horizontal)
        whole.setChildrenCollapsible(False)
        whole.setHandleWidth(GRID * 2)
        whole.addWidget(left)
        whole.addWidget(right)
        left.setSizes([300, 300, 230, 300])
        whole.setSizes([640, 420])
        return whole


def mask_files(answer: Answer, values: Mapping[str, Sequence[int]]) -> dict[str, MaskFile]:
    """The masks of an answer by task; `values` of their classes where they are known."""
    return {
        task: MaskFile(said.mask, list(said.areas), values.get(task, ()))
        for task, said in answer.tasks.items()
        if isinstance(said, MaskAnswer) and said.mask
    }


class _Progress(QWidget):
    """How far a folder is, with a way out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.bar = QProgressBar()
        self.bar.setProperty("thin", True)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the answers"))
        self.cancel = Button(self.tr("Cancel"), "cancel")
        self.cancel.setAccessibleName(self.tr("Cancel the answers"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        self.hide()

    def begin(self, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(0)
        self.show()

    def advance(self, progress: Progress) -> None:
        """Show how far it is."""
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)
