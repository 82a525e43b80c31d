"""What a run does to the computer, and what its time is spent on, beside the curves."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.legend_row import LegendRow
from workbench.gui.pages.train.load_sampler import LoadSampler
from workbench.gui.pages.train.load_words import Amount, Device, devices_of
from workbench.gui.pages.train.pace import pictures_per_s
from workbench.gui.pages.train.time_words import advice, shares_of
from workbench.gui.theme import GRID, GROUP_GAP, theme
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.load_bars import LoadBar, LoadTrace, all_colour, own_colour
from workbench.gui.widgets.shares_bar import SharesBar
from workbench.project.history import RunHistory
from workbench.project.load import Load


class MonitorCard(Card):
    """The load of computer and cards while a run is under way, its pace, and where its time goes.

    Args:
        sampler: asked for the load while a run is shown that is under way, and the card is in sight.
    """

    def __init__(self, sampler: LoadSampler, parent: QWidget | None = None) -> None:
        super().__init__(_tr("Monitor"), parent=parent)
        self._sampler = sampler
        self._history = RunHistory()
        self._live = False
        self.pace = Label("", "body", "secondary", figures=True, parent=self)
        self.machine = _Machine(self)
        self.times = _Times(self)
        self.problem = Label("", "caption", "caution", wrap=True, parent=self)
        self.add_action(self.pace)
        for widget in (self.machine, self.problem, self.times):
            self.add(widget)
        self.body.addStretch(1)
        self.problem.hide()
        self.hide()
        sampler.sampled.connect(self._on_sampled)
        sampler.failed.connect(self._on_failed)
        theme().changed.connect(self.refresh)

    def set_run(self, history: RunHistory, live: bool) -> None:
        """Show a run. While it is under way, what it says is shown with the next sample."""
        if history is self._history and live == self._live and not self.isHidden():
            return
        if history is not self._history or not live:
            self.machine.clear()
            self.problem.hide()
        self._history, self._live = history, live
        self.machine.setVisible(live)
        self.setVisible(live or history.seconds is not None)
        self.refresh()
        self._follow()

    @Slot()
    def refresh(self) -> None:
        """Show the pace and the times as they are known now."""
        pace = pictures_per_s(self._history, self._live)
        self.pace.setText(_tr("{0} pictures/s").format(count(round(pace))) if pace else "")
        self.times.show_of(self._history, self._live)
        self.machine.show_colours()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._follow()

    def _follow(self) -> None:
        """Sample what is looked at, and nothing else."""
        wanted = self._live and self.isVisible() and self.problem.isHidden()
        self._sampler.start() if wanted else self._sampler.stop()

    @Slot(object)
    def _on_sampled(self, load: Load) -> None:
        self.machine.show_load(load)
        self.refresh()

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self.problem.setText(_tr("The load of this computer cannot be read: {0}").format(problem))
        self.problem.show()


class _Machine(QWidget):
    """The computer and its cards, one below the other, and what the two colours mean."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[_Row] = []
        self._legend = LegendRow(self)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GRID)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(self._rows)
        layout.addWidget(self._legend)

    def show_load(self, load: Load) -> None:
        devices = devices_of(load)
        while len(self.rows) < len(devices):
            self.rows.append(_Row(self))
            self._rows.addWidget(self.rows[-1])
        for row, device in zip(self.rows, devices, strict=False):
            row.show_device(device)
        for number, row in enumerate(self.rows):
            row.setVisible(number < len(devices))

    def clear(self) -> None:
        """Forget what was seen of another run."""
        for row in self.rows:
            row.clear()

    def show_colours(self) -> None:
        self._legend.set_legend([(_tr("this run"), own_colour()), (_tr("all programs"), all_colour())])


class _Row(QWidget):
    """A device: its name where it has one, below it how much it computes and how full its memory is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = ElidedLabel("", "caption", bold=True, parent=self)
        self.load, self.memory = _Cell(LoadTrace(self), self), _Cell(LoadBar(self), self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GROUP_GAP)
        grid.setVerticalSpacing(GRID // 2)
        grid.addWidget(self.title, 0, 0, 1, 2)
        grid.addWidget(self.load, 1, 0)
        grid.addWidget(self.memory, 1, 1)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)

    def show_device(self, device: Device) -> None:
        self.title.setText(device.title)
        self.title.setVisible(bool(device.title))
        self.load.show_amount(device.load, device.title)
        self.memory.show_amount(device.memory, device.title)

    def clear(self) -> None:
        for cell in (self.load, self.memory):
            cell.bar.clear()


class _Cell(QWidget):
    """A name, its value, and a bar below both."""

    def __init__(self, bar: LoadBar | LoadTrace, parent: QWidget) -> None:
        super().__init__(parent)
        self.bar = bar
        self.name = ElidedLabel("", "caption", "secondary", parent=self)
        self.value = Label("", "caption", figures=True, parent=self)
        words = QHBoxLayout()
        words.setSpacing(GRID)
        words.addWidget(self.name, 1)
        words.addWidget(self.value)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 4)
        layout.addLayout(words)
        layout.addWidget(bar)

    def show_amount(self, amount: Amount, of: str) -> None:
        self.name.setText(amount.name)
        self.value.setText(amount.value)
        self.bar.take(amount.taken)
        self.setToolTip(amount.help)
        self.bar.setAccessibleName(f"{of} {amount.spoken}".strip())


class _Times(QWidget):
    """Where the time of steps goes, with a word of advice where much of it is waiting."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = Label("", "caption", "secondary", parent=self)
        self.bar = SharesBar(_tr("Where the time goes"), self)
        self.legend = LegendRow(self)
        self.advice = Label("", "caption", "caution", wrap=True, parent=self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        for widget in (self.title, self.bar, self.legend, self.advice):
            layout.addWidget(widget)

    def show_of(self, history: RunHistory, live: bool) -> None:
        seconds = history.lately.seconds() if live else history.seconds
        shares = shares_of(seconds)
        self.setVisible(bool(shares))
        self.title.setText(_tr("Where the time goes") if live else _tr("Where the time of the run went"))
        self.bar.set_shares(shares)
        self.legend.set_legend([(share.words, share.colour) for share in shares])
        words = advice(seconds, history)
        self.advice.setText(words)
        self.advice.setVisible(bool(words))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Monitor", text)
