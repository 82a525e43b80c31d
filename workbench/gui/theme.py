"""Light and dark: colours, fonts and the application's style sheet.

`theme()` is the one Theme of the process. Widgets that paint themselves read `theme().colours()` while they
paint: a change of theme sets the application's palette, which repaints every widget. Only what keeps
something coloured (a pixmap, a pen of a plot) has to listen to `theme().changed`.
"""

from __future__ import annotations

import locale
from functools import cache
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from workbench.gui.colours import DARK, LIGHT, TASK_COLOURS, Colours, TaskStyle, mix
from workbench.gui.style_sheet import PLAIN_LINE, style_sheet

Choice = Literal["light", "dark", "system"]
Shade = Literal["light", "dark"]
TextRole = Literal["caption", "body", "title", "page", "score"]

GRID = 8  # px: inside a group
GROUP_GAP = 16  # px: between groups
PAGE_EDGE = 24  # px
ROW_HEIGHT = 32  # px: the smallest height of a row and of a touch target
CORNER = 6  # px

_SCALES: dict[str, float] = {"caption": 0.85, "body": 1.0, "title": 1.15, "page": 1.5, "score": 2.2}


class Theme(QObject):
    """Which colours are in force. `changed` follows every change of colours and of the application's font."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._choice: Choice = "system"
        self._shade: Shade = "light"
        self._system_is_dark: bool | None = None
        self._follows_system = False

    def apply(self, app: QApplication, choice: Choice = "system") -> None:
        """Dress the application. May be called again at any time."""
        if self._system_is_dark is None:  # asked before our palette hides the answer
            self._system_is_dark = app.palette().color(QPalette.ColorRole.Window).lightness() < 128
            app.setStyle("Fusion")
        if not self._follows_system:
            app.styleHints().colorSchemeChanged.connect(self._system_changed)
            app.fontChanged.connect(self._font_changed)  # widgets with a font of their own are told nothing
            self._follows_system = True
        self._choice = choice
        self._shade = self._resolve(app, choice)
        app.setPalette(palette(self.colours()))
        line = max(1, QFontMetrics(app.font()).height())
        app.setStyleSheet(style_sheet(self.colours(), self._shade, line))
        self.changed.emit()

    def current(self) -> Shade:
        """The shade that is shown."""
        return self._shade

    def choice(self) -> Choice:
        """What was asked for; "system" follows the system."""
        return self._choice

    def colours(self) -> Colours:
        """The colours that are shown."""
        return DARK if self._shade == "dark" else LIGHT

    def task_style(self, index: int) -> TaskStyle:
        """The style of the task at `index` (its place in the project).

        Colours repeat after seven tasks, each time with the dash and the marker of the next: 49 can be told apart.
        """
        styles = len(TASK_COLOURS)
        colour, shape = TASK_COLOURS[index % styles].colour, TASK_COLOURS[(index + index // styles) % styles]
        return TaskStyle(colour or self.colours().text, shape.dash, shape.marker)

    def task_colour(self, index: int) -> QColor:
        """The colour of the task at `index`."""
        return QColor(self.task_style(index).colour)

    def _resolve(self, app: QApplication, choice: Choice) -> Shade:
        if choice != "system":
            return choice
        scheme = app.styleHints().colorScheme()
        if scheme == Qt.ColorScheme.Unknown:
            return "dark" if self._system_is_dark else "light"
        return "dark" if scheme == Qt.ColorScheme.Dark else "light"

    def _font_changed(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self.apply(app, self._choice)

    def _system_changed(self) -> None:
        app = QApplication.instance()
        if self._choice == "system" and isinstance(app, QApplication):
            self.apply(app, "system")


@cache
def theme() -> Theme:
    """The theme of this process."""
    return Theme()


def colours() -> Colours:
    """The colours that are shown now."""
    return theme().colours()


def palette(shades: Colours) -> QPalette:
    """A palette for the Fusion style."""
    result = QPalette(shades.colour("surface"), shades.colour("window"))
    role = QPalette.ColorRole
    for which, name in (
        (role.Window, "window"),
        (role.WindowText, "text"),
        (role.Base, "surface"),
        (role.AlternateBase, "hover"),
        (role.Text, "text"),
        (role.Button, "surface"),
        (role.ButtonText, "text"),
        (role.BrightText, "bad"),
        (role.ToolTipBase, "surface"),
        (role.ToolTipText, "text"),
        (role.PlaceholderText, "secondary"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "on_accent"),
        (role.Link, "accent"),
        (role.LinkVisited, "accent"),
        (role.Accent, "accent"),
        (role.Mid, "control_border"),
        (role.Midlight, "border"),
        (role.Dark, "control_border"),
    ):
        result.setColor(which, shades.colour(name))
    faded = QColor(mix(shades.secondary, shades.surface, 0.35))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        result.setColor(QPalette.ColorGroup.Disabled, which, faded)
    result.setColor(QPalette.ColorGroup.Disabled, role.Highlight, shades.colour("track"))
    return result


def font(role: TextRole = "body", *, bold: bool = False, figures: bool = False) -> QFont:
    """The application's font scaled to a role; `figures` asks for figures of equal width."""
    result = QFont(QApplication.font())
    scale = _SCALES[role]
    if result.pointSizeF() > 0:
        result.setPointSizeF(result.pointSizeF() * scale)
    else:
        result.setPixelSize(max(1, round(result.pixelSize() * scale)))
    if bold:
        result.setWeight(QFont.Weight.DemiBold)
    return tabular(result) if figures else result


def grown(size: int) -> int:
    """A size that is right beside text of the usual size, in px, as it is beside the application's font."""
    return round(size * max(1.0, QFontMetrics(QApplication.font()).height() / PLAIN_LINE))


def tabular(source: QFont) -> QFont:
    """The same font with figures of equal width, where it has them."""
    result = QFont(source)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def use_c_numbers() -> None:
    """Read and write numbers with a point again.

    Qt sets LC_NUMERIC from the system when the application starts, and C libraries then write "0,5".
    Call it once, right after the QApplication is made.
    """
    locale.setlocale(locale.LC_NUMERIC, "C")
