"""The stages of a backbone as a ladder, with a handle that sets how many of them stay frozen.

The input is at the top. Stages above the handle are frozen (their weights do not change), stages below it
train. The handle is a slider to Qt: it takes the arrow keys, Home, End and the mouse, and screen readers
know its value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from workbench.gui.numbers import amount
from workbench.gui.theme import GRID
from workbench.gui.widgets.freeze_handle import FreezeHandle, Rung
from workbench.gui.widgets.label import Label

_SCROLL_BAR = 12  # px


class StageLadder(QWidget):
    """The ladder in a scroll area, above a line that says how much trains.

    Signals:
        freeze_changed(int): the user froze that many stages, counted from the input.
    """

    freeze_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads = 0
        self._heads_label = Label("", "caption", "secondary", figures=True, wrap=True)
        self._summary = Label("", "body", "text", figures=True, wrap=True)
        self.handle = FreezeHandle(self)
        self.handle.setToolTip(self.tr("Freeze depth: the stages whose weights do not change"))
        self.handle.valueChanged.connect(self._say)
        self.handle.moved.connect(self.freeze_changed)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self.handle)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().setAutoFillBackground(False)
        self.handle.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self._scroll, 1000)
        layout.addWidget(self._heads_label)
        layout.addWidget(self._summary)
        layout.addStretch(1)
        self.setFocusProxy(self.handle)
        self._fit()
        self._say()

    def set_stages(self, stages: Sequence[tuple[str, int]]) -> None:
        """Show these stages (name, parameters) from the input on; the depth is kept if it fits."""
        self.handle.set_rungs([Rung(name, parameters) for name, parameters in stages])
        self._fit()
        self._say()

    def set_heads(self, names: Sequence[str], parameters: int) -> None:
        """Say which heads stand on the last stage, and how many parameters they have together."""
        self._heads = parameters
        text = self.tr("Heads, always trained: {0} · {1}").format(", ".join(names), amount(parameters))
        self._heads_label.setText(text if names else "")
        self._heads_label.setVisible(bool(names))
        self._say()

    def set_freeze(self, depth: int | Literal["all"]) -> None:
        """Freeze that many stages, or all of them; `freeze_changed` is not emitted."""
        wanted = self.handle.maximum() if depth == "all" else depth
        self.handle.setValue(max(0, min(wanted, self.handle.maximum())))

    def freeze(self) -> int:
        """How many stages are frozen; as many as there are means the whole backbone."""
        return self.handle.value()

    def trainable(self) -> tuple[int, int]:
        """Parameters that train and parameters in all, heads included."""
        sizes = [rung.parameters for rung in self.handle.rungs]
        return sum(sizes[self.freeze() :]) + self._heads, sum(sizes) + self._heads

    def summary(self) -> str:
        """The line under the ladder."""
        return self._summary.text()

    def sizeHint(self) -> QSize:
        inner = self.handle.sizeHint()
        rest = self._summary.sizeHint().height() + self._heads_label.sizeHint().height() + 3 * GRID
        return QSize(max(240, inner.width() + GRID), inner.height() + rest)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_scroll"):
            self._fit()

    def _fit(self) -> None:
        """The ladder takes the height that it needs where there is room, and scrolls otherwise."""
        self._scroll.setVisible(bool(self.handle.rungs))
        self._scroll.setMaximumHeight(self.handle.sizeHint().height())
        self._scroll.setMinimumWidth(self.handle.minimumSizeHint().width() + _SCROLL_BAR)
        self.updateGeometry()

    @Slot()
    def _say(self) -> None:
        training, total = self.trainable()
        stages, frozen = len(self.handle.rungs), self.freeze()
        if not stages:
            text = self.tr("The stages of the chosen backbone appear here.")
        elif frozen == stages:
            text = self.tr("The whole backbone is frozen: trains {0} of {1} parameters")
        else:
            text = self.tr("trains {0} of {1} parameters")
        text = text.format(amount(training), amount(total))
        self._summary.setText(text)
        self.handle.setAccessibleName(self.tr("Freeze depth"))
        spoken = self.tr("{0} of {1} stages are frozen. {2}").format(frozen, stages, text)
        self.handle.setAccessibleDescription(spoken if stages else text)
