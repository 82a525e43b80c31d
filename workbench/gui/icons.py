"""Our line drawings as QIcons, coloured by the theme.

An icon is drawn for one colour. What shows an icon for longer than a moment calls `set_icon(target, name)`,
which draws it again at every change of theme; what is made anew each time it is shown calls `icon(name)`.
"""

from __future__ import annotations

from functools import cache
from typing import Protocol, cast

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from workbench.core.resources import resource
from workbench.gui.theme import grown, theme

SIZE = 20  # px: the size that the drawings are made for
_RATIOS = (1, 2, 3)  # device pixels per pixel that are drawn sharp


class HasIcon(Protocol):
    """A QObject that shows an icon: a button, an action."""

    def setIcon(self, icon: QIcon, /) -> None:
        """Show the icon."""


def icon(name: str, role: str = "text", size: int = SIZE) -> QIcon:
    """The drawing `name` in the colour `role` of the current theme, sharp at 1, 2 and 3 times the pixels.

    Raises:
        FileNotFoundError: there is no drawing of that name.
        AttributeError: there is no colour of that name.
    """
    colours = theme().colours()
    faded = colours.colour("secondary")
    faded.setAlphaF(0.55)
    return _icon(name, getattr(colours, role), faded.name(QColor.NameFormat.HexArgb), size)


def coloured_icon(name: str, colour: QColor, size: int = SIZE) -> QIcon:
    """The drawing in a colour of its own, such as a task's."""
    hexadecimal = colour.name(QColor.NameFormat.HexArgb)
    return _icon(name, hexadecimal, hexadecimal, size)


def pixmap(name: str, role: str = "text", size: int = SIZE, ratio: float = 1.0) -> QPixmap:
    """The drawing as a pixmap of `size` px at `ratio` device pixels per pixel, for widgets that paint it."""
    return _pixmap(name, getattr(theme().colours(), role), size, ratio)


def set_icon(target: HasIcon, name: str, role: str = "text", size: int = SIZE) -> None:
    """Show a drawing on a button or an action, and keep it in the theme's colours and in step with the font.

    `size`: px beside text of the usual size.
    """
    if not isinstance(target, QObject):
        raise TypeError(f"{target!r} is no QObject")
    keeper = target.findChild(_Keeper, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if not isinstance(keeper, _Keeper):
        keeper = _Keeper(target)
    keeper.show(name, role, size)


@cache
def application_icon() -> QIcon:
    """The icon of the program, in its own colours."""
    result = QIcon()
    data = resource("icons", "application.svg").read_bytes()
    for size in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(_draw(data, size, 1))
    return result


class _Keeper(QObject):
    """Lives in what it serves, and draws its icon again when the theme or the font changes."""

    def __init__(self, target: QObject) -> None:
        super().__init__(target)
        self._target = cast("HasIcon", target)
        self._wanted = ("", "text", SIZE)
        theme().changed.connect(self.refresh)

    def show(self, name: str, role: str, size: int) -> None:
        self._wanted = (name, role, size)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        name, role, size = self._wanted
        side = grown(size)
        self._target.setIcon(icon(name, role, side))
        set_size = getattr(self._target, "setIconSize", None)
        if set_size is not None:
            set_size(QSize(side, side))


@cache
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


@cache
def _icon(name: str, colour: str, faded: str, size: int) -> QIcon:
    result = QIcon()
    for ratio in _RATIOS:
        result.addPixmap(_pixmap(name, colour, size, ratio), QIcon.Mode.Normal)
        result.addPixmap(_pixmap(name, faded, size, ratio), QIcon.Mode.Disabled)
    return result


@cache
def _pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    shade = QColor(colour)
    text = _source(name).replace("currentColor", shade.name())
    return _draw(text.encode(), size, ratio, shade.alphaF())


def _draw(svg: bytes, size: int, ratio: float, opacity: float = 1.0) -> QPixmap:
    side = max(1, round(size * ratio))
    result = QPixmap(side, side)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(opacity)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, side, side))
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result
