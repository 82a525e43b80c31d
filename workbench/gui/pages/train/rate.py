"""Finding a learning rate: a short trial in which it grows, drawn with a suggestion that one press takes over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from workbench.core.events import Progress
from workbench.gui.numbers import figure
from workbench.gui.pages.question import Question
from workbench.gui.pages.train.pace import progress_words
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.gui.widgets.line_plot import LinePlot

_LINES = 11  # of text: the height of the plot


class RateFinder(QWidget):
    """A button, and what the trial found.

    Signals:
        rate_chosen(float): the learning rate shall be that.
    """

    rate_chosen = Signal(float)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._question = Question(workspace, self)
        self.find = Button(self.tr("Find a learning rate"), "search", "flat", clicked=self._on_find, parent=self)
        self.find.setToolTip(self.tr("Tries about a hundred steps with growing rates; no run is made of it"))
        self.progress = QProgressBar(self)
        self.progress.setProperty("thin", True)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("How much of the trial is done"))
        self.doing = Label("", "caption", "secondary", figures=True, wrap=True)
        self.cancel = Button(self.tr("Cancel"), "cancel", clicked=self._question.give_up, parent=self)
        self.cancel.setAccessibleName(self.tr("Cancel the trial of learning rates"))
        self.problem = NoticeBar("bad", "", closable=True, parent=self)
        self.plot: LinePlot | None = None
        self.told = Label("", wrap=True, figures=True)
        self.use = Button("", clicked=self._on_use, parent=self)
        self.use.setAccessibleName(self.tr("Use the marked learning rate"))
        self._lay_out()
        self._question.progressed.connect(self._on_progressed)
        self._question.answered.connect(self._on_answered)
        self._question.failed.connect(self.problem.show_problem)
        self._question.ended.connect(self._on_ended)
        workspace.run_state_changed.connect(self._on_state)
        workspace.opened.connect(self.forget)
        self.forget()

    @property
    def rate(self) -> float | None:
        """The rate that is marked; None where none is."""
        return None if self.plot is None or self.plot.marked is None else self._round(self.plot.x[self.plot.marked])

    @Slot()
    def forget(self) -> None:
        """Show nothing that was found, and give up what is looked for."""
        self._question.give_up()
        for widget in (self.problem, self.told, self.use, *([self.plot] if self.plot else [])):
            widget.hide()

    def show_found(self, document: Mapping[str, Any]) -> None:
        """Show what `rate` prints."""
        plot = self._plot()
        rates, found = list(document["rates"]), document["suggestion"]
        self._suggested, self._in_force = found, float(document["in_force"])
        nearest = None if found is None else min(range(len(rates)), key=lambda at: abs(rates[at] / found - 1))
        plot.set_points(rates, document["losses"], nearest)
        plot.show()
        self.told.show()
        self._say()

    def _say(self) -> None:
        rate = self.rate
        self.use.setVisible(rate is not None)
        if rate is None:
            self.told.setText(self.tr("The loss hardly falls at any rate, so none is suggested."))
            return
        self.use.setText(self.tr("Use {0}").format(figure(rate)))
        words = self.tr("Suggested is {0}, where the loss falls steadily; a run takes {1} now. Click for another.")
        own = self.tr("You chose {0}; a run takes {1} now.")
        suggested = self._suggested is not None and abs(rate / self._suggested - 1) < 0.1
        self.told.setText((words if suggested else own).format(figure(rate), figure(self._round(self._in_force))))

    @staticmethod
    def _round(rate: float) -> float:
        return float(f"{rate:.1e}")

    def _plot(self) -> LinePlot:
        if self.plot is None:
            from workbench.gui.widgets.line_plot import LinePlot

            self.plot = LinePlot(
                self.tr("Loss at growing learning rates"),
                self.tr("learning rate"),
                self.tr("loss (1: guessing)"),
                logarithmic=True,
                parent=self,
            )
            self.plot.setFixedHeight(_LINES * self.fontMetrics().height())
            self.plot.chosen.connect(self._on_point)
            self._column.insertWidget(self._column.indexOf(self.told), self.plot)
        return self.plot

    @Slot()
    def _on_find(self) -> None:
        if self._workspace.folder is None or self._workspace.run_state != "idle":
            return
        self.forget()
        self._show_working(True)
        self._question.ask(["rate", str(self._workspace.folder)])

    @Slot()
    def _on_use(self) -> None:
        if self.rate is not None:
            self.rate_chosen.emit(self.rate)

    @Slot(int)
    def _on_point(self, _number: int) -> None:
        self._say()

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        self.doing.setText(progress_words(progress.what, progress.done, progress.total))
        self.progress.setRange(0, progress.total)
        self.progress.setValue(progress.done)

    @Slot(object)
    def _on_answered(self, document: Mapping[str, Any]) -> None:
        self.show_found(document)

    @Slot()
    def _on_ended(self) -> None:
        self._show_working(False)

    @Slot()
    def _on_state(self) -> None:
        """A run needs the device for itself."""
        if self._workspace.run_state != "idle":
            self._question.give_up()
        self.find.setEnabled(self._workspace.run_state == "idle")

    def _show_working(self, under_way: bool) -> None:
        """Swap the button for the progress or back; the keys stay with the one that is in sight."""
        focus = self.find.hasFocus() or self.cancel.hasFocus()
        self.doing.setText(self.tr("Starting"))
        self.progress.setRange(0, 0)
        for widget in (self.doing, self.progress, self.cancel):
            widget.setVisible(under_way)
        self.find.setVisible(not under_way)
        if focus:
            (self.cancel if under_way else self.find).setFocus()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(self.progress, 1)
        line.addWidget(self.cancel)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        for item in (self.find, self.doing, line, self.problem, self.told, self.use):
            if isinstance(item, QWidget):
                self._column.addWidget(item)
            else:
                self._column.addLayout(item)
        self._suggested: float | None = None
        self._in_force = 0.0
        self._show_working(False)
