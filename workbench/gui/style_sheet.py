"""The application's style sheet, built from the colours of a theme.

Buttons take the dynamic property `role`: "primary", "danger", "flat" or "link". Heights are minimums in em
(in Qt the height of a line of the widget's own font), so that every control grows with its text. A focused
control swaps one pixel of padding for one of border, and so shows its ring without moving anything.
"""

from __future__ import annotations

from string import Template

from workbench.core.resources import resource
from workbench.gui.colours import Colours, mix

PLAIN_LINE = 20  # px: up to a line of text that high, icons keep the size that they are drawn for

_BUTTONS = """
QPushButton, QToolButton[button="true"] {
  min-height: $row; padding: 1px 13px; border: 1px solid $control_border; border-radius: 6px;
  background: $surface; color: $text; }
QPushButton:hover, QToolButton[button="true"]:hover { background: $hover; }
QPushButton:pressed, QToolButton[button="true"]:pressed { background: $pressed; }
QPushButton:checked, QToolButton[button="true"]:checked { background: $accent_soft; border-color: $accent; }
QPushButton:disabled, QToolButton[button="true"]:disabled { color: $faded; border-color: $border; }
QPushButton:focus, QToolButton[button="true"]:focus { padding: 0px 12px; border: 2px solid $accent; }
QPushButton[role="primary"] { background: $accent; border-color: $accent; color: $on_accent;
  font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $track; border-color: $track; color: $faded; }
QPushButton[role="danger"] { color: $bad; border-color: $bad; }
QPushButton[role="danger"]:focus { border: 2px solid $bad; background: $hover; }
QPushButton[role="danger"]:disabled { color: $faded; border-color: $border; }
QPushButton[role="flat"] { border-color: transparent; background: transparent; color: $accent; }
QPushButton[role="flat"]:hover { background: $hover; }
QPushButton[role="flat"]:pressed { background: $pressed; }
QPushButton[role="flat"]:focus { border: 2px solid $accent; }
QPushButton[role="flat"]:disabled { color: $faded; }
QPushButton[role="link"], QPushButton[role="label"] { padding: 1px 3px; border-color: transparent;
  background: transparent; color: $accent; text-align: left; }
QPushButton[role="label"] { color: $text; }
QPushButton[role="link"]:hover, QPushButton[role="label"]:hover { background: $hover; }
QPushButton[role="link"]:focus, QPushButton[role="label"]:focus { padding: 0px 2px; border: 2px solid
$accent; } QToolButton { padding: 5px; border: 1px solid transparent;
  border-radius: 6px; background: transparent; color: $text; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:checked { background: $accent_soft; }
QToolButton:focus { padding: 4px; border: 2px solid $accent; }
QToolButton:disabled { color: $faded; }
QToolButton::menu-indicator { image: none; }
QToolButton[rail="true"] { padding: 7px 3px 5px 3px; border-radius: 6px; color: $secondary; }
QToolButton[rail="true"]:focus { padding: 6px 2px 4px 2px; }
QToolButton[rail="true"]:checked { background: $accent_soft; color: $text; }
QToolButton[rail="true"]:disabled { color: $faded; }
QCheckBox, QRadioButton { min-height: $item; padding: 2px 4px; border: 1px solid transparent;
  border-radius: 6px; spacing: 8px; background: transparent; }
QCheckBox:focus, QRadioButton:focus { padding: 1px 3px; border: 2px solid $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $faded; }
QCheckBox::indicator, QRadioButton::indicator, QTreeView::indicator { width: 16px; height: 16px;
  border: 1px solid $control_border; background: $surface; }
QCheckBox::indicator, QTreeView::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover, QTreeView::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QTreeView::indicator:checked {
  background: $accent; border-color: $accent; image: url("$check"); }
QCheckBox::indicator:disabled { background: $track; border-color: $border; }
QRadioButton::indicator:checked { background: $surface; border: 5px solid $accent; width: 8px; height: 8px; }
"""

_FIELDS = """
QLineEdit, QAbstractSpinBox, QComboBox { min-height: $row; padding: 1px 9px;
  border: 1px solid $control_border; border-radius: 6px; background: $surface; color: $text;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $secondary; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { padding: 0px 8px; border: 2px solid $accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $faded; background: $window;
  border-color: $border; }
QLineEdit[readOnly="true"] { background: $window; }
QLineEdit[wrong="true"], QAbstractSpinBox[wrong="true"] { border-color: $bad; }
QAbstractSpinBox { min-height: $spin; padding-right: 24px; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit, QAbstractSpinBox QLineEdit:focus, QComboBox QLineEdit:focus {
  min-height: 0px; padding: 0px; border: none; background: transparent; }
QAbstractSpinBox::up-button { subcontrol-origin: border; subcontrol-position: top right; width: 24px;
  border: none; background: transparent; margin: 2px 2px 0px 0px; }
QAbstractSpinBox::down-button { subcontrol-origin: border; subcontrol-position: bottom right; width: 24px;
  border: none; background: transparent; margin: 0px 2px 2px 0px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-button:pressed, QAbstractSpinBox::down-button:pressed { background: $pressed; }
QAbstractSpinBox::up-arrow { image: url("$up"); width: $small_arrow; height: $small_arrow; }
QAbstractSpinBox::down-arrow { image: url("$down"); width: $small_arrow; height: $small_arrow; }
QAbstractSpinBox::up-arrow:off, QAbstractSpinBox::up-arrow:disabled { image: url("$up_faint"); }
QAbstractSpinBox::down-arrow:off, QAbstractSpinBox::down-arrow:disabled { image: url("$down_faint"); }
QComboBox { combobox-popup: 0; }
QComboBox::drop-down { subcontrol-origin: border; subcontrol-position: center right; width: 28px;
  border: none; }
QComboBox::down-arrow { image: url("$down"); width: $arrow; height: $arrow; }
QComboBox QAbstractItemView { border: 1px solid $control_border; border-radius: 0px; padding: 3px;
  background: $surface; selection-background-color: $accent_soft; selection-color: $text; outline: none; }
QComboBox QAbstractItemView::item { min-height: $row; padding: 0px 6px; }
QPlainTextEdit, QTextEdit { padding: 5px; border: 1px solid $control_border; border-radius: 6px;
  background: $surface; selection-background-color: $accent; selection-color: $on_accent; }
QPlainTextEdit:focus, QTextEdit:focus { padding: 4px; border: 2px solid $accent; }
QSlider { min-height: $row; border: 2px solid transparent; border-radius: 6px; }
QSlider:focus { border: 2px solid $accent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $track; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -6px 0px; border-radius: 8px;
  background: $surface; border: 1px solid $control_border; }
QSlider::handle:horizontal:hover { border-color: $accent; }
QProgressBar { border: none; border-radius: 4px; background: $track; color: $text; text-align: center; }
QProgressBar::chunk { border-radius: 4px; background: $accent; }
QProgressBar[thin="true"] { min-height: 8px; max-height: 8px; }
"""

_VIEWS = """
QFrame[card="true"] { background: $surface; border: 1px solid $border; border-radius: 6px; }
QFrame[choice="true"] { padding: 2px 1px 1px 1px; }
QFrame[choice="true"]:hover { border-color: $control_border; }
QFrame[chosen="true"], QFrame[chosen="true"]:hover { padding: 0px 1px 1px 1px; border: 1px solid $accent;
  border-top: 3px solid $accent; }
QFrame[choice="true"]:focus { padding: 1px 0px 0px 0px; border: 2px solid $accent; }
QAbstractScrollArea::corner { border: none; background: transparent; }
QScrollArea, QScrollArea > QWidget > QWidget[page="true"] { border: none; background: transparent; }
QScrollArea:focus { border: none; }
QAbstractItemView { padding: 1px; border: 1px solid $border; border-radius: 6px; background: $surface;
  color: $text; alternate-background-color: $hover; selection-color: $text;
  selection-background-color: $accent_soft;  gridline-color: $border; outline: none; }
QAbstractItemView:focus { padding: 0px; border: 2px solid $accent; }
QTableView::item, QTreeView::item { padding: 4px 8px; }
QListView::item { padding: 4px; }
QAbstractItemView::item:selected { background: $accent_soft; color: $text; }
QHeaderView { border: none; background: $surface; }
QHeaderView::section { padding: 6px 8px; border: none; border-bottom: 1px solid $border; background: $surface;
  color: $secondary; }
QHeaderView::section:hover { color: $text; }
QTableCornerButton::section { border: none; background: $surface; }
QTabWidget::pane { border: none; border-top: 1px solid $border; }
QTabBar { border: none; }
QTabBar::tab { min-height: $row; padding: 2px 12px; border: none; border-bottom: 2px solid transparent;
  color: $secondary; background: transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar:focus { border: 2px solid $accent; border-radius: 6px; }
QScrollBar:vertical { width: 12px; margin: 0px; border: none; background: transparent; }
QScrollBar:horizontal { height: 12px; margin: 0px; border: none; background: transparent; }
QScrollBar::handle { border: 3px solid transparent; border-radius: 6px; background: $scroll;
  background-clip: padding; }
QScrollBar::handle:vertical { min-height: 32px; margin: 2px 3px; border: none; border-radius: 3px; }
QScrollBar::handle:horizontal { min-width: 32px; margin: 3px 2px; border: none; border-radius: 3px; }
QScrollBar::handle:hover { background: $secondary; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0px; height: 0px; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QToolTip { padding: 5px 7px; border: 1px solid $control_border; background: $surface; color: $text; }
QMenuBar { background: $window; color: $text; }
QMenuBar::item { padding: 5px 9px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected { background: $pressed; }
QMenu { padding: 5px; border: 1px solid $control_border; background: $surface; color: $text; }
QMenu::item { min-height: $item; padding: 1px 28px 1px 10px; border-radius: 4px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $faded; }
QMenu::separator { height: 1px; margin: 5px 4px; background: $border; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $track; }
QStatusBar { background: $window; color: $secondary; }
QStatusBar::item { border: none; }
QGroupBox { margin-top: 1.4em; padding: 8px; border: 1px solid $border; border-radius: 6px; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; color: $secondary; }
"""


def style_sheet(colours: Colours, shade: str, line: int) -> str:
    """The style sheet for QApplication.setStyleSheet.

    Args:
        colours: the colours of the theme.
        shade: "light" or "dark".
        line: px, the height of a line of text in the application's font.
    """
    values = {name: value for name, value in vars(colours).items() if isinstance(value, str)}
    scale = max(1.0, line / PLAIN_LINE)
    values["faded"] = mix(colours.secondary, colours.surface, 0.35)
    values["scroll"] = mix(colours.border, colours.text, 0.25)
    row = max(28, line + 8)  # px: 32 with padding and border, more for large text
    values["row"], values["item"] = f"{row / line:.3f}em", f"{(row - 2) / line:.3f}em"
    values["spin"] = f"{(row - 3) / line:.3f}em"  # a spin box adds three pixels of its own
    values["up"] = resource("icons", "control-up.svg").as_posix()
    values["down"] = resource("icons", "control-down.svg").as_posix()
    values["up_faint"] = resource("icons", "control-up-faint.svg").as_posix()
    values["down_faint"] = resource("icons", "control-down-faint.svg").as_posix()
    values["arrow"], values["small_arrow"] = f"{round(12 * scale)}px", f"{round(10 * scale)}px"
    values["check"] = resource("icons", f"control-check-{shade}.svg").as_posix()
    return Template(_BUTTONS + _FIELDS + _VIEWS).substitute(values)
