"""Trying every freeze depth of the chosen backbone: the button, how far it is, and what it advises."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from workbench.core.backbone_facts import BackboneFacts
from workbench.core.presets import PRESETS
from workbench.core.project import Project
from workbench.gui.pages.asking import Asking
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.model.depths_document import Depths, parse_depths, read_depths
from workbench.gui.pages.model.installed import refusal
from workbench.gui.pages.model.kept import changed_since, scored_tasks
from workbench.gui.pages.model.weight_words import Here
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.freeze_handle import flag
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace

_WORDS = 28
"""Letters of a line of the reason that the button may stand beside."""


class DepthsPart(QWidget):
    """Asks what each depth is worth, and keeps the answer for the backbone and weights that it is of.

    Signals:
        changed(): `found` has changed.
        freeze_requested(int): freeze that many stages.

    Attributes:
        ask: the button, for the title row of the card.
        caption: what the numbers mean, for below the ladder.
        found: what was measured of the backbone and weights that are chosen now; None where nothing was.
    """

    changed = Signal()
    freeze_requested = Signal(int)

    def __init__(self, workspace: Workspace, here: Here, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._here = here
        self._hindered = ""
        self._of = ("", "")
        self._asked_of = ("", "")
        self.found: Depths | None = None
        self._asking = Asking(
            workspace,
            self,
            bar=self.tr("How many depths are tried"),
            cancel=self.tr("Stop trying depths"),
            parse=parse_depths,
        )
        self._stored = Loader(self)
        self.ask = Button(self.tr("Try every depth"), clicked=self._on_ask, parent=self)
        self.problem, self.working = self._asking.problem, self._asking.working
        self.stale = NoticeBar("caution", parent=self)
        self._flag = _Flag(self)
        self.reason = Label("", wrap=True)
        self.freeze = Button(self.tr("Freeze that much"), clicked=self._on_freeze, parent=self)
        self.caption = Label("", "caption", "secondary", wrap=True)
        self._lay_out()
        for widget in (self.working, self.problem, self.stale, self._advice, self.caption):
            widget.hide()
        self._connect()

    def show_project(self, project: Project, facts: BackboneFacts) -> None:
        """Show what is known of a project's backbone with its weights, or begin to read it."""
        of = (facts.name, project.effective().backbone.weights)
        if of != self._of:
            self._of = of
            if self._asking.open and self._asked_of != of:
                self._asking.give_up()
            self.problem.hide()
            self._take(None)
            if self._workspace.folder is not None:
                self._stored.load(read_depths, self._workspace.folder, facts.name)
        self._hindered = self._hindrance(project, facts)
        self._allow()
        self._show(project)

    @Slot()
    def leave(self) -> None:
        """Another project is open."""
        self._asking.give_up()
        self._stored.drop()
        self._of = ("", "")
        self._take(None)

    def _hindrance(self, project: Project, facts: BackboneFacts) -> str:
        """Why depths cannot be tried; empty where they can."""
        if not scored_tasks(project):
            return self.tr("There is no task yet whose answers a probe could give.")
        if not self._here(facts, project.effective().backbone.weights):
            return self.tr("The weights are not on this computer. Download them first.")
        return refusal(facts)

    def _allow(self) -> None:
        """Offer the button where it can be pressed, and say why where it cannot."""
        busy = self.tr("A run is training.") if self._workspace.run_state != "idle" else ""
        what = self.tr(
            "How well each task is told from the output of every stage, and what training at each depth costs"
        )
        hindered = busy or self._hindered
        self.ask.setEnabled(not hindered and not self._asking.open)
        self.ask.setToolTip(hindered or what)
        self.ask.setAccessibleDescription(hindered or what)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.freeze.sizeHint().width() + _WORDS * self.fontMetrics().averageCharWidth() <= self.width()
        self._line.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def _show(self, project: Project) -> None:
        found = self.found
        advised = found is not None and found.suggestion is not None
        self._advice.setVisible(advised)
        self.caption.setVisible(found is not None)
        self.stale.hide()
        if found is None:
            return
        stages = len(found.depths) - 1
        words = (
            self.tr("nothing")
            if found.suggestion == 0
            else self.tr("{0} of {1} stages").format(found.suggestion, stages)
        )
        self.reason.setText(found.reason or self.tr("Suggested to freeze: {0}.").format(words))
        free = PRESETS[project.recipe.preset].freeze is None and not project.recipe.phases
        self.freeze.setVisible(free and project.backbone.freeze not in _meant(found.suggestion, stages))
        self.caption.setText(
            self.tr(
                "Measured on {0} pictures with a quick linear probe on frozen stages. It says where knowledge is, not "
                "how far training the rest would get."
            ).format(found.images)
        )
        note = changed_since(found.basis, found.tasks, project, self._workspace.report)
        self.stale.set_notice("caution", note)
        self.stale.setVisible(bool(note))

    def _take(self, found: Depths | None) -> None:
        if found is not None and (found.backbone, found.weights) != self._of:
            found = None
        if found is not self.found:
            self.found = found
            self.changed.emit()

    @Slot()
    def _on_ask(self) -> None:
        if self._workspace.folder is None:
            return
        self._stored.drop()
        self._asked_of = self._of
        self._asking.ask(["ladder", str(self._workspace.folder)])

    @Slot()
    def _on_run_state(self) -> None:
        """A run that begins has the computer for itself."""
        if self._workspace.run_state != "idle":
            self._asking.give_up()
        self._allow()

    @Slot()
    def _on_freeze(self) -> None:
        if self.found is not None and self.found.suggestion is not None:
            self.freeze_requested.emit(self.found.suggestion)

    @Slot(object)
    def _on_read(self, found: Depths | None) -> None:
        self._take(found)
        if self._workspace.project is not None:
            self._show(self._workspace.project)

    @Slot()
    def _on_changed(self) -> None:
        self._asking.swap(self.ask, hide=True)
        self._allow()

    def _connect(self) -> None:
        self._asking.answered.connect(self._on_read)
        self._asking.changed.connect(self._on_changed)
        self._stored.loaded.connect(self._on_read)
        self._stored.failed.connect(self._asking.show_problem)
        self._workspace.opened.connect(self.leave)
        self._workspace.run_state_changed.connect(self._on_run_state)

    def _lay_out(self) -> None:
        self._advice = QWidget(self)
        words = QHBoxLayout()
        words.setSpacing(GRID)
        words.addWidget(self._flag, 0, Qt.AlignmentFlag.AlignTop)
        words.addWidget(self.reason, 1)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._advice)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(GRID)
        self._line.addLayout(words, 1)
        self._line.addWidget(self.freeze, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for widget in (self.working, self.problem, self._advice, self.stale):
            layout.addWidget(widget)


class _Flag(QWidget):
    """The mark that stands at the suggested depth on the ladder."""

    def sizeHint(self) -> QSize:
        return QSize(2 * GRID, max(20, self.fontMetrics().height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colours().colour("good"))
        painter.drawPolygon(QPolygonF(flag(self.height() / 2)))


def _meant(depth: int | None, stages: int) -> tuple[int | str | None, ...]:
    """What `backbone.freeze` may say for a depth."""
    return (depth, "all") if depth == stages else (depth,)
