"""The colours of the window, light and dark, and of the tasks."""

from __future__ import annotations

from dataclasses import dataclass, fields

from PySide6.QtGui import QColor


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
