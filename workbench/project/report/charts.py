"""Drawings as SVG. Colours stand as attributes; a page may set others by class (ink, quiet, grid, hue0 …)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from workbench.project.report.blocks import Chart
from workbench.project.scores import Reliability

INK, QUIET, GRID, ACCENT = "#1A222D", "#556071", "#DADFE6", "#2563DB"
_WIDTH, _HEIGHT = 380, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 24, 42
_POINTS = 160
"""Points of a curve, at most."""
_LETTERS = 16
"""Of a class's name beside a matrix."""
_NUMBERED, _NAMED = 16, 40
"""Classes up to which a matrix has numbers in its cells, and names beside them."""


@dataclass(frozen=True)
class Line:
    """A curve; dashed and with dots where `dots`."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    dots: bool = False


@dataclass(frozen=True)
class _Frame:
    """Where numbers lie in a drawing."""

    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return _LEFT + across * (_WIDTH - _LEFT - _RIGHT), _HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM)


def curves(title: str, lines: Sequence[Line], axes: tuple[str, str], share: bool = False) -> Chart:
    """Curves over the same axis; `share`: values lie between 0 and 1."""
    known = [(x, y) for line in lines for x, y in zip(line.x, line.y, strict=True) if math.isfinite(y)]
    low, high = (0.0, 1.0) if share else _range([y for _, y in known])
    frame = _Frame(_range([x for x, _ in known]), (low, high))
    drawn = []
    for number, line in enumerate(lines):
        points = [frame.at(x, y) for x, y in _thinned(line) if math.isfinite(y)]
        hue = ACCENT if number == 0 else QUIET
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        looks = f'fill="none" stroke="{hue}" stroke-width="1.5"{_dashes(line.dots)}'
        drawn.append(f'<polyline class="hue{number}" points="{path}" {looks}/>')
        drawn += [_dot(x, y, f"hue{number}", hue) for x, y in points] if line.dots and len(points) <= 60 else []
    legend = [_text(_LEFT + 110 * at, 12, _mark(line) + line.name) for at, line in enumerate(lines)]
    return _chart(title, [*_axes(frame, axes), *drawn, *(legend if len(lines) > 1 else [])])


def points(title: str, x: Sequence[float], y: Sequence[float], axes: tuple[str, str]) -> Chart:
    """Points beside the diagonal on which both axes agree."""
    both = _range([*x, *y])
    frame = _Frame(both, both)
    step = max(1, len(x) // 1500)
    dots = [_dot(*frame.at(one, other), "hue0", ACCENT, 2.0) for one, other in zip(x[::step], y[::step], strict=True)]
    return _chart(title, [*_axes(frame, axes), _diagonal(frame), *dots])


def reliability_chart(
    title: str, bins: Reliability, titles: tuple[str, str] = ("confidence", "share that is right")
) -> Chart:
    """The share of right answers at each confidence, with its 95 % interval, beside the diagonal."""
    frame = _Frame((0.0, 1.0), (0.0, 1.0))
    drawn = [_diagonal(frame)]
    for sure, right, low, high in zip(
        *(part.tolist() for part in (bins.confidence, bins.right, bins.low, bins.high)), strict=True
    ):
        (x, top), (_, bottom) = frame.at(sure, high), frame.at(sure, low)
        drawn.append(_stroke((x, bottom), (x, top), "hue0", ACCENT))
        drawn.append(_dot(*frame.at(sure, right), "hue0", ACCENT, 3.5))
    return _chart(title, [*_axes(frame, titles), *drawn])


def matrix(title: str, classes: Sequence[str], counts: Sequence[Sequence[int]]) -> Chart:
    """A confusion matrix: rows are what pictures are, columns what they were taken for, shades shares of a row."""
    size = max(4, min(34, 420 // max(1, len(classes))))
    named = len(classes) <= _NAMED
    left = 24 + (7 * min(_LETTERS, max(map(len, classes), default=0)) if named else 0)
    side = size * len(classes)
    cells = [f'<rect x="{left}" y="{left}" width="{side}" height="{side}" class="grid" fill="none" stroke="{GRID}"/>']
    for row, line in enumerate(counts):
        total = max(1, sum(line))
        for column, number in enumerate(line):
            if number:
                told = f"{classes[row]}, taken for {classes[column]}: {number}"
                place = left + column * size, left + row * size
                cells.append(_cell(*place, size, number, number / total, told, numbered=len(classes) <= _NUMBERED))
    names = [_name(name, left, left + (at + 0.5) * size, size) for at, name in enumerate(classes)] if named else []
    words = [
        _text(left + side / 2, left + side + 16, "was taken for", anchor="middle"),
        _text(12, left + side / 2, "is", anchor="middle", turned=-90),
    ]
    width, height = left + side + 12, left + side + 24
    return _chart(title, [*cells, *names, *words], width, height)


def _cell(x: float, y: float, size: int, number: int, share: float, told: str, *, numbered: bool) -> str:
    """A shade with its number in it, or told where the mouse rests on it."""
    where = f'x="{x}" y="{y}" width="{size}" height="{size}"'
    shade = f'<rect class="heat" {where} fill="{ACCENT}" fill-opacity="{0.06 + 0.94 * share:.2f}"'
    if not numbered:
        return f"{shade}><title>{escape(told)}</title></rect>"
    shade += "/>"
    ink = "over" if share > 0.5 else "ink"
    fill = "#FFFFFF" if share > 0.5 else INK
    return shade + _text(x + size / 2, y + size / 2 + 4, f"{number}", anchor="middle", role=ink, fill=fill)


def _name(name: str, left: float, middle: float, size: int) -> str:
    short = name if len(name) <= _LETTERS else f"{name[: _LETTERS // 2]}…{name[-_LETTERS // 2 + 1 :]}"
    letters = min(11, size + 1)
    row = _text(left - 5, middle + 4, short, anchor="end", size=letters)
    return row + _text(middle + 4, left - 5, short, size=letters, turned=-90)


def _axes(frame: _Frame, titles: tuple[str, str]) -> list[str]:
    drawn = []
    for value in _ticks(*frame.y):
        x, y = frame.at(frame.x[0], value)
        drawn.append(_stroke((x, y), (_WIDTH - _RIGHT, y), "grid", GRID))
        drawn.append(_text(x - 5, y + 4, _number(value), anchor="end"))
    for value in _ticks(*frame.x):
        x, y = frame.at(value, frame.y[0])
        drawn.append(_text(x, y + 15, _number(value), anchor="middle"))
    drawn.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 8, titles[0], anchor="middle"))
    drawn.append(_text(13, (_HEIGHT - _BOTTOM + _TOP) / 2, titles[1], anchor="middle", turned=-90))
    return drawn


def _chart(title: str, parts: Sequence[str], width: float = _WIDTH, height: float = _HEIGHT) -> Chart:
    inside = "".join(parts)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" font-family="sans-serif" font-size="11">'
        f"<title>{escape(title)}</title>{inside}</svg>"
    )
    return Chart(title, svg, round(width), round(height))


def _mark(line: Line) -> str:
    return "- - " if line.dots else "— "


def _diagonal(frame: _Frame) -> str:
    return _stroke(frame.at(frame.x[0], frame.y[0]), frame.at(frame.x[1], frame.y[1]), "quiet", QUIET, dashed=True)


def _stroke(
    begin: tuple[float, float], end: tuple[float, float], role: str, colour: str, *, dashed: bool = False
) -> str:
    ends = f'x1="{begin[0]:.1f}" y1="{begin[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"'
    return f'<line class="{role}" {ends} stroke="{colour}"{_dashes(dashed)}/>'


def _dashes(dashed: bool) -> str:
    return ' stroke-dasharray="4 3"' if dashed else ""


def _dot(x: float, y: float, role: str, colour: str, radius: float = 2.5) -> str:
    return f'<circle class="{role} dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>'


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    size: int = 11,
    turned: int = 0,
    role: str = "word",
    fill: str = QUIET,
) -> str:
    turn = f' transform="rotate({turned} {x:.1f} {y:.1f})"' if turned else ""
    return (
        f'<text class="{role}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{fill}"{turn}>'
        f"{escape(text)}</text>"
    )


def _range(values: Sequence[float]) -> tuple[float, float]:
    """From the least to the greatest, with some room; never of no width."""
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    room = 0.05 * (high - low) or max(0.5, 0.05 * abs(high))
    return low - room, high + room


def _ticks(low: float, high: float) -> list[float]:
    """About five round numbers between two."""
    raw = (high - low) / 5
    step = 10 ** math.floor(math.log10(raw))
    step *= next(factor for factor in (1, 2, 5, 10) if step * factor >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]


def _number(value: float) -> str:
    return f"{value:.6g}" if abs(value) < 1e5 else f"{value:.0e}"


def _thinned(line: Line) -> list[tuple[float, float]]:
    """The curve in few points, each the mean of as many of its own."""
    size = max(1, math.ceil(len(line.x) / _POINTS))
    found = []
    for at in range(0, len(line.x), size):
        known = [y for y in line.y[at : at + size] if math.isfinite(y)]
        if known:
            found.append((sum(line.x[at : at + size]) / len(line.x[at : at + size]), sum(known) / len(known)))
    return found
