"""What is compared: a tick for each backbone that is here, a download for the others, and how many pictures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from workbench.core.advice import FIRST_IMAGES, MOST_IMAGES
from workbench.gui.numbers import amount, count
from workbench.gui.pages.model.advice.candidates import Candidate
from workbench.gui.pages.model.advice.words import weights_words
from workbench.gui.pages.model.weight_words import size_words
from workbench.gui.pages.scrolled import Column, Scrolled
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.flow_layout import FlowLayout
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label


class AdviceSetup(Card):
    """Says what is chosen; decides nothing.

    Signals:
        changed(): another choice: the estimate no longer holds.
        start_requested(): compare.
        back_requested(): rather look at what was compared before.
        download_requested(str, str): these weights of that backbone are wanted here.
    """

    changed = Signal()
    start_requested = Signal()
    back_requested = Signal()
    download_requested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_title(self.tr("Compare backbones"))
        self.set_caption(
            self.tr(
                "Each looks at your pictures with its weights as they are, and a quick linear probe learns your tasks "
                "from what it sees."
            )
        )
        self.rows: dict[tuple[str, str], CandidateRow] = {}
        self._off: set[tuple[str, str]] = set()
        self._inside = inside = Column(self)
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, GRID, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        self.pictures = ComboBox(self)
        self.pictures.setAccessibleName(self.tr("How many pictures"))
        self.pictures.addItem(self.tr("up to {0} pictures: quick").format(count(FIRST_IMAGES)), FIRST_IMAGES)
        self.pictures.addItem(self.tr("up to {0} pictures: surer").format(count(MOST_IMAGES)), MOST_IMAGES)
        self.pictures.currentIndexChanged.connect(self.changed)
        self.plan = Label("", "caption", "secondary", figures=True, wrap=True)
        self.start = Button(self.tr("Compare on my pictures"), "play", "primary", parent=self)
        self.start.clicked.connect(self.start_requested)
        self.back = Button(self.tr("Back to the table"), role="flat", parent=self)
        self.back.clicked.connect(self.back_requested)
        self.back.hide()
        self.add_action(self.back)
        row = FlowLayout(gap=GRID)
        row.addWidget(self.start)
        row.addWidget(self.pictures)
        scroll = Scrolled(inside, self)
        scroll.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.add(scroll, 1)
        self.add(self.plan)
        self.add(row)

    def set_candidates(self, candidates: Sequence[Candidate]) -> None:
        """Offer these; what the user has ticked off stays off."""
        kept = {each.key: self.rows.pop(each.key, None) for each in candidates}
        for row in self.rows.values():
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = {}
        for at, each in enumerate(candidates):
            row = kept[each.key] or self._make(each)
            row.show_candidate(each, each.key not in self._off)
            self._list.insertWidget(at, row)
            self.rows[each.key] = row
        self._order_tabs()

    def chosen(self) -> list[Candidate]:
        """Those that are here and ticked."""
        return [row.candidate for row in self.rows.values() if row.candidate.here and row.tick.isChecked()]

    def set_plan(self, text: str, possible: bool) -> None:
        """Say what will happen and how long it takes, or why it cannot."""
        self.plan.setText(text)
        self.start.setEnabled(possible)
        self.start.setAccessibleDescription(text)

    def set_way_back(self, there: bool) -> None:
        """Whether there is a comparison to go back to."""
        self.back.setVisible(there)

    def set_busy(self, busy: bool) -> None:
        """Nothing can be chosen while it compares."""
        self._inside.setEnabled(not busy)
        self.pictures.setEnabled(not busy)
        self.start.setEnabled(not busy)

    def _order_tabs(self) -> None:
        """The Tab key goes down the list, then to the button under it."""
        rows = [control for row in self.rows.values() for control in (row.tick, row.download)]
        for before, after in pairwise([self.back, *rows, self.start, self.pictures]):
            QWidget.setTabOrder(before, after)

    def _make(self, candidate: Candidate) -> CandidateRow:
        row = CandidateRow(candidate, self)
        row.tick.clicked.connect(self._on_ticked)
        row.download_requested.connect(self.download_requested)
        return row

    @Slot()
    def _on_ticked(self) -> None:
        self._off = {key for key, row in self.rows.items() if row.candidate.here and not row.tick.isChecked()}
        self.changed.emit()


class CandidateRow(QWidget):
    """One backbone with its weights: ticked, or to be downloaded.

    Signals:
        download_requested(str, str): its weights are wanted here.
    """

    download_requested = Signal(str, str)

    def __init__(self, candidate: Candidate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.candidate = candidate
        self.tick = QCheckBox(self)
        self.title = ElidedLabel("", "body", parent=self)
        self.facts = ElidedLabel("", "caption", "secondary", parent=self)
        self.download = Button("", parent=self, clicked=self._on_download)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.facts)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, GRID // 2, 0, GRID // 2)
        line.setSpacing(GRID)
        line.addWidget(self.tick)
        line.addLayout(words, 1)
        line.addWidget(self.download)

    def show_candidate(self, candidate: Candidate, ticked: bool) -> None:
        """Show where its weights are."""
        self.candidate = candidate
        facts, weights = candidate.facts, weights_words(candidate.facts.name, candidate.weights)
        words = f"{facts.title} · {weights}"
        self.title.setText(facts.title)
        self.title.set_tone("text" if candidate.here else "secondary")
        self.facts.setText(" · ".join([weights, self.tr("{0} parameters").format(amount(facts.parameters))]))
        self.tick.setEnabled(candidate.here)
        self.tick.setChecked(candidate.here and ticked)
        self.tick.setAccessibleName(self.tr("Compare {0}").format(words))
        self.download.setVisible(not candidate.here)
        self.download.setText(self.tr("Download {0} MB").format(size_words(candidate.megabytes)))
        self.download.setAccessibleName(self.tr("Download {0}").format(words))
        self.setToolTip(
            "" if candidate.here else self.tr("Its weights are not on this computer, so it is not compared.")
        )

    @Slot()
    def _on_download(self) -> None:
        self.download_requested.emit(*self.candidate.key)
