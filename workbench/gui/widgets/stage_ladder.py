"""The stages of a backbone as a ladder, with a handle that sets how many of them stay frozen.

The input is at the top. Stages above the handle are frozen (their weights do not change), stages below it
train. The handle is a slider to Qt: it takes the arrow keys, Home, End and the mouse, and screen readers
know its value. Beside the rungs each task has a lane with a slider of its own: where it leaves the shared stages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from workbench.gui.numbers import amount, answer_time
from workbench.gui.theme import GRID
from workbench.gui.widgets.branch_lanes import MOST_LANES, BranchLanes
from workbench.gui.widgets.branches import parameters
from workbench.gui.widgets.depth_costs import DepthCosts
from workbench.gui.widgets.depth_scores import Depth, DepthScores
from workbench.gui.widgets.freeze_handle import FreezeHandle, Rung
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.task_legend import TaskLegend

_SCROLL_BAR = 12  # px


class StageLadder(QWidget):
    """The ladder in a scroll area, above a line that says how much trains.

    Signals:
        freeze_changed(int): the user froze that many stages, counted from the input.
        own_changed(str, int): the user gave a task that many of the last stages.
    """

    freeze_changed = Signal(int)
    own_changed = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads = 0
        self._heads_label = Label("", "caption", "secondary", figures=True, wrap=True)
        self._summary = Label("", "body", "text", figures=True, wrap=True)
        self.handle = FreezeHandle(self)
        self.handle.setToolTip(self.tr("Freeze depth: the stages whose weights do not change"))
        self.handle.valueChanged.connect(self._say)
        self.handle.moved.connect(self.freeze_changed)
        self._own: dict[str, int] = {}
        self.lanes = BranchLanes(self.handle)
        self.lanes.moved.connect(self._on_own)
        self.legend = TaskLegend(self)
        self.legend.hovered.connect(self.lanes.lift)
        self._depths: list[Depth] = []
        self.scores = DepthScores(self.handle)
        self.costs = DepthCosts(self.handle)
        self.legend.hovered.connect(self.scores.lift)
        self._figures = Label("", "caption", "secondary", figures=True, wrap=True)
        self._own_label = Label("", "caption", "secondary", wrap=True)
        inner = QWidget()
        beside = QHBoxLayout(inner)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addWidget(self.handle, 1)
        beside.addWidget(self.scores)
        beside.addWidget(self.costs)
        beside.addWidget(self.lanes)
        self._scroll = QScrollArea()
        self._scroll.setWidget(inner)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().setAutoFillBackground(False)
        for widget in (inner, self.handle, self.scores, self.costs, self.lanes):
            widget.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self._scroll, 1000)
        layout.addWidget(self.legend)
        layout.addWidget(self._own_label)
        layout.addWidget(self._heads_label)
        layout.addWidget(self._summary)
        layout.addWidget(self._figures)
        layout.addStretch(1)
        self.setFocusProxy(self.handle)
        self._fit()
        self._say()

    def set_stages(self, stages: Sequence[tuple[str, int]]) -> None:
        """Show these stages (name, parameters) from the input on; the depth is kept if it fits."""
        self.handle.set_rungs([Rung(name, parameters) for name, parameters in stages])
        self._show_own()
        self._fit()
        self._say()

    def set_heads(self, names: Sequence[str], size: int) -> None:
        """Say whose heads stand on the last stage, and how many parameters they have together."""
        self._heads = size
        self._heads_label.setText(self.tr("Heads, always trained: {0}").format(amount(size)) if size else "")
        self._heads_label.setVisible(bool(names) and size > 0)
        if list(names) != list(self._own):
            self._own = {name: self._own.get(name, 0) for name in names}
            self.legend.set_tasks(names)
        self._show_own()
        self._say()

    def set_own(self, own: Mapping[str, int]) -> None:
        """Give tasks that many of the last stages each; `own_changed` is not emitted."""
        self._own.update({name: stages for name, stages in own.items() if name in self._own})
        self._show_own()
        self._say()

    def own(self) -> dict[str, int]:
        """How many of the last stages each task has of its own, as far as there are stages."""
        return {name: min(stages, len(self.handle.rungs)) for name, stages in self._own.items()}

    def set_depths(self, depths: Sequence[Depth], suggestion: int | None = None) -> None:
        """Show what was measured at depths 0, 1, … and the depth that is advised; no depths take all away."""
        self._depths = list(depths)
        self.scores.set_depths(list(self._own), self._depths)
        self.costs.set_depths(self._depths)
        self.handle.set_suggestion(suggestion if depths else None)
        self.handle.set_foot(self._heads_label.fontMetrics().height() + GRID if self.scores.has_scores else 0)
        self._show_own()
        self._fit()
        self._say()

    def set_freeze(self, depth: int | Literal["all"]) -> None:
        """Freeze that many stages, or all of them; `freeze_changed` is not emitted."""
        wanted = self.handle.maximum() if depth == "all" else depth
        self.handle.setValue(max(0, min(wanted, self.handle.maximum())))

    def freeze(self) -> int:
        """How many stages are frozen; as many as there are means the whole backbone."""
        return self.handle.value()

    def trainable(self) -> tuple[int, int]:
        """Parameters that train and parameters in all, heads and the tasks' own copies of stages included."""
        sizes = [rung.parameters for rung in self.handle.rungs]
        training, total = parameters(sizes, self.freeze(), self.own())
        return training + self._heads, total + self._heads

    def summary(self) -> str:
        """The line under the ladder."""
        return self._summary.text()

    def sizeHint(self) -> QSize:
        inner = self.handle.sizeHint()
        below = (self._summary, self._figures, self._heads_label, self._own_label, self.legend)
        shown = [widget for widget in below if not widget.isHidden()]
        rest = sum(self._height_of(widget) + GRID for widget in shown)
        return QSize(max(240, inner.width() + GRID), inner.height() + rest + 2)  # the stretch at the end takes a share

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_own()

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

    def _height_of(self, widget: QWidget) -> int:
        wide = max(240, self.width())
        return widget.heightForWidth(wide) if widget.hasHeightForWidth() else widget.sizeHint().height()

    def _show_own(self) -> None:
        """Scores, lanes and costs where there is room for them, in this order; words say the same."""
        self.lanes.set_tasks(list(self._own) if len(self._own) <= MOST_LANES else [])
        for name, stages in self._own.items():
            if name in self.lanes.handles:
                self.lanes.set_own(name, stages)
        room = self.width() - _SCROLL_BAR - self.handle.minimumSizeHint().width()
        scores = self.scores.has_scores and room >= self.scores.sizeHint().width()
        room -= self.scores.sizeHint().width() if scores else 0
        lanes = room >= self.lanes.sizeHint().width() and bool(self.lanes.handles) and bool(self.handle.rungs)
        room -= self.lanes.sizeHint().width() if lanes else 0
        self.scores.setVisible(scores)
        self.costs.setVisible(scores and self.costs.has_costs and room >= self.costs.sizeHint().width())
        self.lanes.setVisible(lanes)
        self.legend.setVisible(lanes or (scores and bool(self.scores.shown)))
        text = self._own_words(lanes)
        self._own_label.setText(text)
        self._own_label.setVisible(bool(text))

    def _own_words(self, lanes: bool) -> str:
        if not self._own or not self.handle.rungs:
            return ""
        if lanes:
            return self.tr(
                "Drag a task's knob up to give it its own copy of the stages below it: it then learns them for "
                "itself, which costs memory and time."
            )
        own = ", ".join(f"{name} {stages}" for name, stages in self.own().items() if stages)
        if not own:
            return self.tr("All tasks share all stages. A task's settings, below, can give it its own last stages.")
        text = self.tr("Own last stages: {0}. They are set in each task's settings, below; they cost memory and time.")
        return text.format(own)

    def _measured(self, depth: int) -> str:
        """What was measured at a depth, in words."""
        if depth >= len(self._depths):
            return ""
        found = self._depths[depth]
        words = [self.scores.describe(depth)]
        if found.memory_mb is not None and found.step_ms is not None:
            text = self.tr("One training step takes {0} and {1:,.0f} MB.")
            if found.step_images:
                text = self.tr("One training step of {2} pictures takes {0} and {1:,.0f} MB.")
            words.append(text.format(answer_time(round(found.step_ms)), found.memory_mb, found.step_images))
        return " ".join(word for word in words if word)

    @Slot(str, int)
    def _on_own(self, task: str, stages: int) -> None:
        self._own[task] = stages
        self._say()
        self.own_changed.emit(task, stages)

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
        self._figures.setText(self._measured(frozen))
        self._figures.setVisible(bool(self._figures.text()))
        self.handle.setAccessibleName(self.tr("Freeze depth"))
        spoken = self.tr("{0} of {1} stages are frozen. {2}").format(frozen, stages, text)
        self.handle.setAccessibleDescription(spoken if stages else text)
