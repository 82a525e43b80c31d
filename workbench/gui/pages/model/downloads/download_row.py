"""One file of weights that is on its way."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.core.events import Progress
from workbench.gui.answers import Answers
from workbench.gui.pages.model.downloads.words import backbone_words, how_far
from workbench.gui.pages.working import Working
from workbench.gui.theme import GRID
from workbench.gui.widgets.elided_label import ElidedLabel


class DownloadRow(QWidget):
    """Asks for weights, tells how far they are, and gives them up when it is told to.

    Signals:
        failed(str): they cannot be had; why, and how to mend it.
        ended(): nothing more will come.
    """

    failed = Signal(str)
    ended = Signal()

    def __init__(self, answers: Answers, name: str, weights: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wanted = (name, weights)
        self._answers = answers
        said = backbone_words(name, weights)
        self.working = Working(
            self.tr("How much of {0} is here").format(said), self.tr("Stop downloading {0}").format(said), self
        )
        self.working.bar.setRange(0, 1)
        self.working.words.setText(self.tr("Waiting its turn"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, GRID // 2, 0, GRID // 2)
        layout.setSpacing(0)
        layout.addWidget(ElidedLabel(said, parent=self))
        layout.addWidget(self.working)
        self._reply = answers.ask(["weights", "download", f"{name}@{weights}"])
        self._reply.progressed.connect(self._on_progressed)
        self._reply.failed.connect(self._on_failed)
        self._reply.ended.connect(self.ended)
        self.working.cancel.clicked.connect(self.give_up)

    @Slot()
    def give_up(self) -> None:
        """Stop; what has arrived stays for the next time."""
        self.working.words.setText(self.tr("Stopping"))
        self.working.cancel.setEnabled(False)
        self._answers.cancel(self._reply)

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        self.working.advance(progress)
        self.working.words.setText(how_far(progress))

    @Slot(str, str)
    def _on_failed(self, text: str, fix: str) -> None:
        self.failed.emit(f"{text} {fix}".strip())
