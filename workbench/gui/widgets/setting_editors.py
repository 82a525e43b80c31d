"""One editor for each type of setting: a widget that can be read, set, and says when the user changed it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from workbench.core.settings import Setting
from workbench.gui.theme import GRID
from workbench.gui.widgets.inputs import ComboBox, DoubleSpinBox, SpinBox
from workbench.gui.widgets.switch import Switch

_LARGEST = {"integer": 2_000_000_000, "number": 1e9}  # where a setting names no limit
_NARROW = 88  # px: a spin box beside the choice of a word


class Editor(QWidget):
    """The base of all editors.

    Signals:
        edited(object): the user set this value.
    """

    edited = Signal(object)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(GRID)

    def value(self) -> Any:
        """The value that is shown."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value; `edited` is not emitted."""
        raise NotImplementedError

    def place(self, widget: QWidget) -> None:
        """Put the control in; it takes the names that screen readers say."""
        widget.setAccessibleName(self.setting.title)
        widget.setAccessibleDescription(self.setting.help)
        widget.setToolTip(tip(self.setting))
        self.row.addWidget(widget, 1)
        if self.focusProxy() is None:
            self.setFocusProxy(widget)

    @Slot()
    def say(self) -> None:
        """Tell that the user changed the value."""
        self.edited.emit(self.value())


class TextEditor(Editor):
    """A line of text; told when it is left or Enter is pressed."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._line = QLineEdit()
        self._told = ""
        self.place(self._line)
        self._line.editingFinished.connect(self._finish)

    def value(self) -> str:
        return self._line.text()

    def set_value(self, value: Any) -> None:
        self._told = "" if value is None else str(value)
        self._line.setText(self._told)

    @Slot()
    def _finish(self) -> None:
        if self._line.text() != self._told:
            self._told = self._line.text()
            self.say()


class FlagEditor(Editor):
    """Yes or no."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._switch = Switch()
        self.place(self._switch)
        self.row.addStretch(1)
        self._switch.clicked.connect(self.say)

    def value(self) -> bool:
        return self._switch.isChecked()

    def set_value(self, value: Any) -> None:
        self._switch.setChecked(bool(value))


class ChoiceEditor(Editor):
    """One of some words."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._combo = ComboBox()
        for choice, title in zip(setting.choices, setting.choice_titles or setting.choices, strict=True):
            self._combo.addItem(QCoreApplication.translate("settings", title), choice)
        for row, sentence in enumerate(setting.choice_help):
            told = QCoreApplication.translate("settings", sentence)
            self._combo.setItemData(row, told, Qt.ItemDataRole.ToolTipRole)
            self._combo.setItemData(row, told, Qt.ItemDataRole.AccessibleDescriptionRole)
        self.place(self._combo)
        self._combo.activated.connect(self.say)

    def value(self) -> str:
        return str(self._combo.currentData())

    def set_value(self, value: Any) -> None:
        if self._combo.findData(str(value)) < 0:
            self._combo.addItem(str(value), str(value))
        self._combo.setCurrentIndex(self._combo.findData(str(value)))


class NumberEditor(Editor):
    """A whole or a real number in its range, with its unit."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._spin = spin_box(setting)
        self.place(self._spin)
        self._spin.valueChanged.connect(self._on_number)

    def value(self) -> int | float:
        return self._spin.value()

    def set_value(self, value: Any) -> None:
        with QSignalBlocker(self._spin):
            self._spin.setValue(value)
        name_unit(self._spin, self.setting)

    @Slot()
    def _on_number(self) -> None:
        name_unit(self._spin, self.setting)
        self.say()


class NumberOrWordEditor(Editor):
    """A word such as "auto", or a number of one's own."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._combo = ComboBox()
        for word in setting.words:
            self._combo.addItem(word_text(word), word)
        self._combo.addItem(self.tr("value"), None)
        self._spin = spin_box(setting)
        self.place(self._combo)
        self.place(self._spin)
        self._spin.setMinimumWidth(_NARROW)
        policy = self._spin.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        self._spin.setSizePolicy(policy)
        self._combo.activated.connect(self._chosen)
        self._spin.valueChanged.connect(self._on_number)

    def value(self) -> int | float | str:
        word = self._combo.currentData()
        return self._spin.value() if word is None else word

    def set_value(self, value: Any) -> None:
        index = self._combo.findData(value) if isinstance(value, str) else self._combo.count() - 1
        with QSignalBlocker(self._spin):
            self._combo.setCurrentIndex(max(0, index))
            if not isinstance(value, str):
                self._spin.setValue(value)
        name_unit(self._spin, self.setting)
        self._spin.setVisible(self._combo.currentData() is None)

    @Slot()
    def _on_number(self) -> None:
        name_unit(self._spin, self.setting)
        self.say()

    @Slot()
    def _chosen(self) -> None:
        self._spin.setVisible(self._combo.currentData() is None)
        self.say()


def make_editor(setting: Setting) -> Editor:
    """The editor for a setting."""
    if setting.type in ("integer", "number"):
        return NumberOrWordEditor(setting) if setting.words else NumberEditor(setting)
    kinds = {"text": TextEditor, "flag": FlagEditor, "choice": ChoiceEditor}
    return kinds[setting.type](setting)


def spin_box(setting: Setting) -> SpinBox | DoubleSpinBox:
    """A spin box with the range and the unit of a setting."""
    box: SpinBox | DoubleSpinBox = SpinBox() if setting.type == "integer" else DoubleSpinBox()
    low = setting.minimum if setting.minimum is not None else -_LARGEST[setting.type]
    high = setting.maximum if setting.maximum is not None else _LARGEST[setting.type]
    if isinstance(box, SpinBox):
        box.setRange(int(low), int(high))
        box.setGroupSeparatorShown(setting.unit != "")
    else:
        box.setRange(low, high)
    name_unit(box, setting)
    box.setAlignment(Qt.AlignmentFlag.AlignLeft)
    return box


def name_unit(box: SpinBox | DoubleSpinBox, setting: Setting) -> None:
    """Write the unit of a setting behind its number: 1 epoch, 2 epochs."""
    if setting.unit:
        unit = setting.unit.removesuffix("s") if box.value() == 1 else setting.unit
        box.setSuffix(f" {unit}")


def tip(setting: Setting) -> str:
    """The tooltip of a setting: its help, its range, its name in the project file."""
    return f"{setting.help}\n{setting.range_text()}\n{setting.key}"


def word_text(word: str) -> str:
    """A word of the project file as the window says it."""
    return {
        "auto": QCoreApplication.translate("NumberOrWordEditor", "automatic"),
        "all": QCoreApplication.translate("NumberOrWordEditor", "all"),
    }.get(word, word)
