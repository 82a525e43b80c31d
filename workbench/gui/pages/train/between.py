"""How the tasks of a project are weighed against each other and drawn, said before a run, with each task's weight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QSignalBlocker, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from workbench.core.balancing import METHODS
from workbench.core.drawing import times_drawn
from workbench.core.parsing import task_settings
from workbench.core.project import Project
from workbench.core.settings import Setting
from workbench.gui.pages.train.plan import heads_alone, nearly_all_shared, training_pictures
from workbench.gui.theme import GRID
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.inputs import DoubleSpinBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.setting_editors import tip

_BOX = 88  # px


class BetweenTasks(QWidget):
    """The sentences and the weights; hidden where there is but one task.

    Signals:
        weight_changed(str, float): the user set the weight of a task.
    """

    weight_changed = Signal(str, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Label(self.tr("Between the tasks"), bold=True)
        self.balancing = Label("", "caption", "secondary", wrap=True)
        self.drawing = Label("", "caption", "secondary", wrap=True)
        self.boxes: dict[str, DoubleSpinBox] = {}
        self._names: list[ElidedLabel] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID // 2)
        self._grid.setColumnStretch(0, 1)
        self._weights = Label(self.tr("Weight of each task"), "body", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for widget in (self.title, self.balancing, self.drawing, self._weights):
            layout.addWidget(widget)
        layout.addLayout(self._grid)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def set_project(self, project: Project, report: dict[str, Any] | None) -> None:
        """Show a project with what is known of its data."""
        self.setVisible(len(project.tasks) > 1)
        if len(project.tasks) < 2:
            return
        names = [task.name for task in project.tasks]
        if names != list(self.boxes):
            self._make(names)
        for task in project.tasks:
            with QSignalBlocker(self.boxes[task.name]):
                self.boxes[task.name].setValue(task.weight)
        self.balancing.setText(balancing_words(project))
        self.drawing.setText(drawing_words(project, report))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return handled

    def _fit(self) -> None:
        """Be as high as the sentences need at this width; a scrolled column would cut their last lines."""
        self.setMinimumHeight(max(0, self.layout().heightForWidth(self.width())))

    def _make(self, names: list[str]) -> None:
        for widget in (*self._names, *self.boxes.values()):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        setting = task_settings()["weight"]
        self._names = [ElidedLabel(name, parent=self) for name in names]
        self.boxes = {name: self._box(name, setting) for name in names}
        for row, (label, box) in enumerate(zip(self._names, self.boxes.values(), strict=True)):
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(box, row, 1)

    def _box(self, name: str, setting: Setting) -> DoubleSpinBox:
        box = DoubleSpinBox(self)
        box.setRange(setting.minimum or 0.0, setting.maximum or 1000.0)
        box.setDecimals(3)
        box.setMinimumWidth(_BOX)
        box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        box.setProperty("task", name)
        box.setAccessibleName(self.tr("Weight of {0}").format(name))
        box.setAccessibleDescription(setting.help)
        box.setToolTip(tip(setting))
        box.valueChanged.connect(self._on_changed)
        return box

    @Slot(float)
    def _on_changed(self, value: float) -> None:
        self.weight_changed.emit(str(self.sender().property("task")), value)


def balancing_words(project: Project) -> str:
    """What the chosen method does, and where it does nothing or undoes the weights."""
    recipe = project.effective().recipe
    method = METHODS[recipe.balancing]
    words = [QCoreApplication.translate("settings", method.sentence)]
    if heads_alone(project) and recipe.balancing not in ("equal", "fixed"):
        words.append(_tr("Only heads train here, and heads share no weights, so it has nothing to balance."))
    elif method.evens_out and any(task.weight != 1.0 for task in project.tasks):
        words.append(_tr("It evens out the sizes of losses and so undoes most of the weights below."))
    return " ".join(words)


def drawing_words(project: Project, report: dict[str, Any] | None) -> str:
    """How often a picture of each task comes in an epoch; empty until the data is known."""
    recipe = project.effective().recipe
    pictures = training_pictures(report)
    if report is None or pictures is None:
        return ""
    if nearly_all_shared(report):
        return _tr("The tasks lie on the same pictures, so each picture comes once an epoch, however tasks are drawn.")
    if recipe.sampling == "proportional":
        return _tr("Each picture comes once an epoch, so a large task is drawn more often than a small one.")
    counts: Mapping[str, int] = {name: int(task["parts"]["train"]) for name, task in report["tasks"].items()}
    times = times_drawn(counts, pictures, recipe.sampling, recipe.temperature)
    listed = ", ".join(f"{name} {_often(often)}" for name, often in times.items())
    return _tr("How many times a picture comes in an epoch, on average: {0}.").format(listed)


def _often(times: float) -> str:
    return f"{times:.2g}" if times < 100 else f"{times:,.0f}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("BetweenTasks", text)
