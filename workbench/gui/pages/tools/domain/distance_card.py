"""How far the other domain lies from the run's own pictures: a number with its doubt, scores, and a map of both."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from workbench.core.domains import apart
from workbench.gui.numbers import count
from workbench.gui.pages.asking import Asking
from workbench.gui.pages.sideways import Sideways
from workbench.gui.pages.tools.domain.document import Domains, parse_domains
from workbench.gui.pages.tools.domain.map import DomainMap
from workbench.gui.pages.tools.domain.score_grid import Said, ScoreGrid
from workbench.gui.pages.tools.domain.words import place_text, score_text, tr
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.interval_bar import IntervalBar
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.thumbnails import ThumbnailLoader
from workbench.gui.workspace import Workspace

_MOST = 2.0


class DistanceCard(Card):
    """Signals:
    found(int): an answer came; how many layers of batch norm the model has.
    """

    found = Signal(int)

    def __init__(self, workspace: Workspace, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("How far they lie apart"), parent=parent, wrap_title=True)
        self.set_caption(
            self.tr(
                "Whether a simple classifier can tell the two kinds of pictures from each other, as the model sees "
                "them: 0 not at all, 2 always. Takes about as long as scoring all pictures once."
            )
        )
        self._workspace = workspace
        self._run, self._target, self._against = "", Path(), ""
        self._asking = Asking(
            workspace,
            self,
            bar=self.tr("How much of the distance is measured"),
            cancel=self.tr("Stop measuring the distance"),
            parse=parse_domains,
        )
        self.problem, self.working = self._asking.problem, self._asking.working
        self.ask = Button(self.tr("Measure"), "play", clicked=self._on_ask, parent=self)
        self.ask.setAccessibleName(self.tr("Measure how far the domains lie apart"))
        self.add_action(self.ask)
        self.sentence = Label("", "title", bold=True, wrap=True)
        self.bar = IntervalBar(self)
        self.basis = Label("", "caption", "secondary", figures=True, wrap=True)
        self.scores = ScoreGrid(self.tr("Scores of the model on both domains"), self)
        self.room = Sideways(self.scores, self)
        self.map = DomainMap(loader, self)
        for widget in (self.problem, self.working, self.sentence, self.bar, self.basis, self.room, self.map):
            self.add(widget)
        self._asking.answered.connect(self._on_answered)
        self._asking.changed.connect(self._on_changed)
        self._show(False)

    def set_question(self, run: str, target: Path | None, against: str) -> None:
        """Which run and folder the next question is of, or why there is none; an answer about others goes."""
        if (run, target) != (self._run, self._target):
            self._asking.give_up()
            self.problem.hide()
            self._show(False)
        self._run, self._target, self._against = run, target or Path(), against
        self._on_changed()

    @Slot()
    def _on_ask(self) -> None:
        folder = self._workspace.folder
        if folder is not None:
            words = ["--run", self._run, "--target", str(self._target)]
            self._asking.ask(["domains", str(folder), *words])

    @Slot()
    def _on_changed(self) -> None:
        self._asking.swap(self.ask)
        self.ask.setEnabled(not self._asking.open and bool(self._run) and self._target != Path())
        self.ask.setToolTip(self._against)

    @Slot(object)
    def _on_answered(self, found: Domains) -> None:
        words = self.tr("{0} of 2: {1}.")
        self.sentence.setText(words.format(f"{found.distance:.2f}", tr(apart(found.raw))))
        ends = (self.tr("0 cannot be told apart"), self.tr("2 always told apart"))
        self.bar.set_answer(found.distance, (found.low, found.high), (0.0, _MOST), ends)
        basis = self.tr("Between {0} and {1} with 95 % certainty, by {2} pictures of each.")
        self.basis.setText(basis.format(f"{found.low:.2f}", f"{found.high:.2f}", count(found.pictures)))
        self._show_scores(found)
        assert self._workspace.folder is not None
        self.map.set_map(found.map, self._workspace.folder)
        self._show(True)
        self.room.setVisible(bool(found.scores))
        self.found.emit(found.batch_norm)

    def _show_scores(self, found: Domains) -> None:
        rows = []
        for name, (kind, _, places) in found.scores.items():
            for on, pictures, score in places:
                title = place_text(on) if len(found.scores) == 1 else f"{name} · {place_text(on)}"
                rows.append([Said(title), Said(score_text(kind, score)), Said(count(pictures), "secondary")])
        names = {score for _, score, _ in found.scores.values()}
        metric = tr(next(iter(names)).capitalize()) if len(names) == 1 else self.tr("Score")
        self.scores.set_rows([self.tr("On"), metric, self.tr("Pictures")], rows)
        self.room.setVisible(bool(rows))

    def _show(self, there: bool) -> None:
        for widget in (self.sentence, self.bar, self.basis, self.room, self.map):
            widget.setVisible(there)
