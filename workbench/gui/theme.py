"""Light and dark: colours, fonts and the application's style sheet.

`theme()` is the one Theme of the process. Widgets that paint themselves read `theme().colours()` while they
paint: a change of theme sets the application's palette, which repaints every widget. Only what keeps something
coloured (a pixmap, a pen of a plot) has to listen to `theme().changed`.
"""

from __future__ import annotations

import locale
from dataclasses import dataclass, fields
from functools import cache
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from workbench.gui.style_sheet import style_sheet

Choice = Literal["light", "dark", "system"]
Shade = Literal["light", "dark"]
TextRole = Literal["caption", "body", "title", "page", "score"]

GRID = 8  # px: inside a group
GROUP_GAP = 16  # px: between groups
PAGE_EDGE = 24  # px
ROW_HEIGHT = 32  # px: the smallest height of a row and of a touch target
CORNER = 6  # px

_SCALES: dict[str, float] = {"caption": 0.85, "body": 1.0, "title": 1.15, "page": 1.5, "score": 2.2}


@dataclass(frozen=True)
class Colours:
    """The colours of one theme, as #RRGGBB; the derived ones are mixed from the first eleven."""

    window: str
    surface: str
    border: str
    text: str
    secondary: str
    accent: str
    on_accent: str
    good: str
    caution: str
    bad: str
    hover: str = ""
    pressed: str = ""
    track: str = ""
    accent_soft: str = ""
    accent_hover: str = ""
    control_border: str = ""

    def colour(self, name: str) -> QColor:
        """The QColor of a role, such as "accent"."""
        return QColor(getattr(self, name))


@dataclass(frozen=True)
class TaskStyle:
    """How one task is drawn everywhere: never by colour alone.

    `dash` is a Qt dash pattern in pen widths (empty: a solid line), `marker` a pyqtgraph symbol.
    """

    colour: str
    dash: tuple[float, ...]
    marker: str


# Okabe and Ito, Color Universal Design (2008), in the order of our choice.
TASK_COLOURS: tuple[TaskStyle, ...] = (
    TaskStyle("#0072B2", (), "o"),
    TaskStyle("#E69F00", (8, 4), "s"),
    TaskStyle("#009E73", (2, 3), "t1"),
    TaskStyle("#CC79A7", (8, 3, 2, 3), "d"),
    TaskStyle("#56B4E9", (14, 4), "t"),
    TaskStyle("#D55E00", (4, 3), "p"),
    TaskStyle("", (8, 3, 2, 3, 2, 3), "h"),  # the colour of the text: black on light, white on dark
)


def mix(first: str, second: str, share: float) -> str:
    """A colour `share` (0 to 1) of the way from `first` to `second`."""
    a, b = QColor(first), QColor(second)
    parts = zip((a.red(), a.green(), a.blue()), (b.red(), b.green(), b.blue()), strict=True)
    return "#{:02X}{:02X}{:02X}".format(*(round(x + (y - x) * share) for x, y in parts))


def _derive(base: Colours) -> Colours:
    values = {field.name: getattr(base, field.name) for field in fields(base)}
    values["hover"] = mix(base.surface, base.text, 0.05)
    values["pressed"] = mix(base.surface, base.text, 0.12)
    values["track"] = mix(base.surface, base.text, 0.10)
    values["accent_soft"] = mix(base.surface, base.accent, 0.18)
    values["accent_hover"] = mix(base.accent, base.text, 0.15)
    values["control_border"] = mix(base.border, base.text, 0.28)
    return Colours(**values)


LIGHT = _derive(
    Colours(
        window="#F5F6F8",
        surface="#FFFFFF",
        border="#DADFE6",
        text="#1A222D",
        secondary="#556071",
        accent="#2563DB",
        on_accent="#FFFFFF",
        good="#1B7A4F",
        caution="#8F5600",
        bad="#B92D24",
    )
)
DARK = _derive(
    Colours(
        window="#14171C",
        surface="#1D2229",
        border="#363E49",
        text="#E8ECF1",
        secondary="#A4AFBD",
        accent="#7AA7FF",
        on_accent="#0F1216",
        good="#55C78F",
        caution="#EDB04F",
        bad="#FF8278",
    )
)


class Theme(QObject):
    """Which colours are in force. `changed` follows every change of colours."""

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
            self._follows_system = True
        self._choice = choice
        self._shade = self._resolve(app, choice)
        app.setPalette(palette(self.colours()))
        app.setStyleSheet(style_sheet(self.colours(), self._shade))
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
        """The style of the task at `index` (its place in the project); colours repeat after seven tasks."""
        style = TASK_COLOURS[index % len(TASK_COLOURS)]
        return style if style.colour else TaskStyle(self.colours().text, style.dash, style.marker)

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
