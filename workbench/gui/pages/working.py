"""How far a question to the engine is, and a way out."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from workbench.core.events import Progress
from workbench.gui.pages.train.pace import progress_words
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.label import Label


class Working(QWidget):
    """Words, a bar, and a button that gives up.

    Args:
        bar: what the bar says to a screen reader.
        cancel: what the button says to one.
    """

    def __init__(self, bar: str, cancel: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = Label("", "body", "secondary", figures=True, wrap=True)
        self.bar = QProgressBar(self)
        self.bar.setProperty("thin", True)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(bar)
        self.cancel = Button(self.tr("Stop"), "stop", parent=self)
        self.cancel.setAccessibleName(cancel)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        line.addWidget(self.words, 1)
        line.addWidget(self.bar, 1)
        line.addWidget(self.cancel)

    def begin(self) -> None:
        """Nothing is known yet."""
        self.words.setText(self.tr("Starting"))
        self.bar.setRange(0, 0)

    @Slot(object)
    def advance(self, progress: Progress) -> None:
        """Show how far it is."""
        self.words.setText(progress_words(progress.what, progress.done, progress.total))
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)
