"""The fields by which pictures are filtered, and what is asked of them as chips that can be taken away."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.pages.results.picture_filters import PictureFilters
from workbench.gui.pages.results.scored.fields import Choice, Condition, Span
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.inputs import ComboBox, DoubleSpinBox
from workbench.gui.widgets.label import Label

_LETTERS = 32  # of a chip


class FilterForm(FlowRow):
    """A control for each field of a task, and a choice of the task where there are several."""

    def __init__(self, filters: PictureFilters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filters = filters
        self.task = ComboBox(self)
        self.task.setAccessibleName(self.tr("Filter by a field of this task"))
        self.task.currentIndexChanged.connect(self._rebuild)
        self.flow.addWidget(self.task)
        self.controls: dict[str, ComboBox | _Range] = {}

    def show_task(self, task: str) -> None:
        """Offer the fields of a task first."""
        names = self._filters.tasks
        self.task.set_choices(names, task)
        self.task.setVisible(len(names) > 1)
        self._rebuild()

    @Slot()
    def refresh(self) -> None:
        """Show what is asked for now."""
        task = str(self.task.currentData())
        for key, control in self.controls.items():
            condition = self._filters.condition(task, key)
            control.blockSignals(True)
            if isinstance(control, _Range):
                control.set_value(condition.value if condition is not None else None)
            else:
                control.setCurrentIndex(0 if condition is None else control.findData(condition.value))
            control.blockSignals(False)

    @Slot()
    def _rebuild(self) -> None:
        for control in self.controls.values():
            self.flow.removeWidget(control)
            control.hide()
            control.deleteLater()
        self.controls = {}
        task = str(self.task.currentData())
        for field in self._filters.fields(task):
            control = self._choice(task, field) if isinstance(field, Choice) else self._range(task, field)
            self.controls[field.key] = control
            self.flow.addWidget(control)
            control.show()
        self.refresh()
        self.refit()

    def _choice(self, task: str, field: Choice) -> ComboBox:
        box = ComboBox(self)
        box.setAccessibleName(field.title)
        box.addItem(self.tr("{0}: any").format(field.title), "")
        for value, words in field.options:
            box.addItem(self.tr("{0}: {1}").format(field.title, words), value)  # beside others of the same classes
        box.setMinimumContentsLength(13)
        box.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        box.currentIndexChanged.connect(partial(self._on_choice, task, field.key, box))
        return box

    def _range(self, task: str, field: Span) -> _Range:
        control = _Range(field, self)
        control.changed.connect(partial(self._on_range, task, field.key, control))
        return control

    def _on_choice(self, task: str, key: str, box: ComboBox, _index: int) -> None:
        value = box.currentData()
        self._put(task, key, value or None)

    def _on_range(self, task: str, key: str, control: _Range) -> None:
        self._put(task, key, control.value())

    def _put(self, task: str, key: str, value: str | tuple[float, float] | None) -> None:
        if value is None:
            self._filters.drop(task, key)
        else:
            self._filters.put(Condition(task, key, value))


class _Range(QWidget):
    """From one number to another."""

    changed = Signal()

    def __init__(self, field: Span, parent: QWidget) -> None:
        super().__init__(parent)
        self._field = field
        self._scale = 100.0 if field.percent else 1.0
        self.low, self.high = DoubleSpinBox(self), DoubleSpinBox(self)
        name = Label(field.title, "body", "secondary")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID // 2)
        line.addWidget(name)
        for box, words in ((self.low, self.tr("{0} from")), (self.high, self.tr("{0} to"))):
            box.setRange(field.low * self._scale, field.high * self._scale)
            box.setDecimals(1 if field.percent else 3)
            box.setSuffix(" %" if field.percent else "")
            box.setAccessibleName(words.format(field.title))
            box.valueChanged.connect(self.changed)
            line.addWidget(box)
        line.insertWidget(2, Label("–", "body", "secondary"))
        self.set_value(None)

    def set_value(self, value: str | tuple[float, float] | None) -> None:
        """Show a range; None is all of it. Says nothing."""
        ends = (self._field.low, self._field.high) if value is None or isinstance(value, str) else value
        for box, end in zip((self.low, self.high), ends, strict=True):
            box.blockSignals(True)
            box.setValue(end * self._scale)
            box.blockSignals(False)

    def value(self) -> tuple[float, float] | None:
        """The range, its lower end first; None where it is all there is."""
        low, high = sorted((self.low.value(), self.high.value()))
        if low <= self.low.minimum() and high >= self.high.maximum():
            return None
        return low / self._scale, high / self._scale


class FilterChips(FlowRow):
    """What is asked for, a button each that takes it away; hidden where nothing is."""

    def __init__(self, filters: PictureFilters, parent: QWidget | None = None) -> None:
        super().__init__(parent, GRID // 2)
        self._filters = filters
        self.chips: list[Button] = []

    def refresh(self, task: str) -> None:
        """Show the conditions beside pictures of a task."""
        focused = any(chip.hasFocus() for chip in self.chips)
        for chip in self.chips:
            self.flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [self._chip(each, task) for each in self._filters.conditions]
        if len(self.chips) > 1:
            every = Button(self.tr("Show all"), role="link", clicked=self._filters.clear, parent=self)
            every.setAccessibleName(self.tr("Take all filters away"))
            self.chips.append(every)
        for chip in self.chips:
            self.flow.addWidget(chip)
            chip.show()
        self.setVisible(bool(self.chips))
        if focused and self.chips:
            self.chips[0].setFocus()
        self.refit()

    def _chip(self, condition: Condition, task: str) -> Button:
        words = self._filters.words(condition, task)
        half = _LETTERS // 2
        short = words if len(words) <= _LETTERS else f"{words[:half]}…{words[-half + 1 :]}"
        chip = _Chip(short, "close", parent=self)
        chip.setAccessibleName(self.tr("Take this filter away: {0}").format(words))
        chip.setToolTip(chip.accessibleName())
        chip.clicked.connect(partial(self._filters.drop, condition.task, condition.key))
        return chip


class _Chip(Button):
    """Delete and Backspace press it, too."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.click()
        else:
            super().keyPressEvent(event)


class FilterSheet(QFrame):
    """The form on a sheet over the pictures, which keep their room; Escape or a click beside it closes it.

    Signals:
        closed(): it is not in sight any more.
    """

    closed = Signal()

    def __init__(self, filters: PictureFilters, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # a click on the button that opened it only closes it
        self.setAccessibleName(self.tr("Filters of the pictures"))
        self.form = FilterForm(filters, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.addWidget(self.form)
        self.form.task.currentIndexChanged.connect(self._fit)

    def open_over(self, place: QWidget) -> None:
        """Come to front with the upper left corner where that of a widget is, as wide as it."""
        self._room = place.width()
        self.move(place.mapToGlobal(QPoint(0, 0)))
        self._fit()
        self.show()
        first = self.form.task if self.form.task.isVisibleTo(self) else next(iter(self.form.controls.values()), None)
        (first or self.form).setFocus()

    @Slot()
    def _fit(self) -> None:
        width = max(getattr(self, "_room", 0), self.form.minimumSizeHint().width() + 2 * GRID)
        self.setFixedWidth(width)
        self.form.refit()
        self.setFixedHeight(self.form.heightForWidth(width - 2 * GRID) + 2 * GRID)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = theme().colours(), QPainter(self)
        painter.fillRect(self.rect(), colours.colour("surface"))
        painter.setPen(colours.colour("control_border"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class FilterBar(QWidget):
    """The chips, and the form on a sheet that is unfolded where it is wanted.

    Attributes:
        form, chips: the two.

    Signals:
        folded(): the sheet was closed.
    """

    folded = Signal()

    def __init__(self, filters: PictureFilters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task = ""
        self.sheet = FilterSheet(filters, self)
        self.form = self.sheet.form
        self.chips = FilterChips(filters, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.chips)
        self.sheet.closed.connect(self.folded)
        filters.changed.connect(self._on_changed)

    def show_task(self, task: str) -> None:
        """The pictures that are shown are of that task."""
        self._task = task
        self.form.show_task(task)
        self.chips.refresh(task)

    @Slot(bool)
    def unfold(self, wanted: bool) -> None:
        """Show the form, or hide it."""
        if wanted:
            self.sheet.open_over(self)
        else:
            self.sheet.hide()

    @Slot()
    def _on_changed(self) -> None:
        self.form.refresh()
        self.chips.refresh(self._task)
