"""Combo boxes, spin boxes and sliders that a passing wheel leaves alone.

The wheel changes them only while they have the focus; otherwise it scrolls the page they lie on. Every page
uses these instead of Qt's own.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSlider, QSpinBox, QWidget

_TEXT_MARGIN = 7  # px: the style sheet cannot pad the text of a spin box


class ComboBox(QComboBox):
    """A combo box that ignores the wheel unless focused, and gives way in a narrow place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def set_choices(self, choices: Iterable[str | tuple[str, object]], wanted: object = None) -> None:
        """Offer these instead of what was offered; no signal tells of it.

        Args:
            choices: texts, or pairs of a text and its value (`currentData()`); the value of a text alone is the text.
            wanted: the value that is chosen; None: the one that was chosen before. Where it is not offered, the first
                is chosen.
        """
        wanted = self.currentData() if wanted is None else wanted
        pairs = [(each, each) if isinstance(each, str) else each for each in choices]
        with QSignalBlocker(self):
            if pairs != [(self.itemText(row), self.itemData(row)) for row in range(self.count())]:  # it may be open
                self.clear()
                for text, value in pairs:
                    self.addItem(text, value)
            self.setCurrentIndex(next((row for row, (_, value) in enumerate(pairs) if value == wanted), 0))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class SpinBox(QSpinBox):
    """A spin box for whole numbers that ignores the wheel unless focused."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)
        self.lineEdit().setTextMargins(_TEXT_MARGIN, 0, 0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class DoubleSpinBox(QDoubleSpinBox):
    """A spin box for real numbers that ignores the wheel unless focused, without trailing noughts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)
        self.setDecimals(6)
        self.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.lineEdit().setTextMargins(_TEXT_MARGIN, 0, 0, 0)

    def textFromValue(self, value: float) -> str:
        """The value as short as it can be said: 0.0003, 0.2, 1."""
        text = f"{value:.{self.decimals()}f}".rstrip("0").rstrip(".")
        return self.locale().toString(0) if text in ("", "-0") else text

    def valueFromText(self, text: str) -> float:
        """The number that was typed, with a point or a comma."""
        plain = text.removeprefix(self.prefix()).removesuffix(self.suffix()).strip().replace(",", ".")
        return float(plain) if plain not in ("", "-", ".") else 0.0

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Slider(QSlider):
    """A horizontal slider that ignores the wheel unless focused."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
