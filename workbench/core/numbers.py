"""Numbers as people write them in tables: 12, -0.5, 1e3, and 1,5 or 1.234,5 where commas are decimal."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable

MOST_NUMBERED_CLASSES = 20
"""A column of more different numbers than these is taken for measurements, not for names of classes."""

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)?,\d+(e[+-]?\d+)?", re.IGNORECASE)
_GROUPED_BY_COMMAS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
_GROUPED_BY_POINTS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+")

Reader = Callable[[str], float | None]


def number_reader(cells: Iterable[str]) -> Reader:
    """What reads the cells of a column: it gives the number, or None where a cell is none, or could mean two.

    A comma is decimal where some cell of the column shows it (1,5 or 1.234,5), and parts thousands where some cell
    shows that (1,234,567 or 1,234.5). A column whose only commas are like that of 1,234 says neither.
    """
    with_commas = [cell for cell in cells if "," in cell]
    decimal = any(_DECIMAL_COMMA.fullmatch(cell) and not could_be_both(cell) for cell in with_commas)
    grouped = any(_GROUPED_BY_COMMAS.fullmatch(cell) and not could_be_both(cell) for cell in with_commas)
    if decimal and not grouped:
        return _read_decimal_comma
    return _read_grouped if grouped and not decimal else _read_plain


def are_measurements(cells: Iterable[str]) -> bool:
    """Whether all filled cells are numbers, and too many different ones to be the names of classes."""
    filled = {cell for cell in cells if cell}
    read = number_reader(filled)
    numbers = {read(cell) for cell in filled}
    return len(numbers) > MOST_NUMBERED_CLASSES and None not in numbers


def are_numbers(cells: Iterable[str]) -> bool:
    """Whether all filled cells are numbers, and there is one."""
    filled = {cell for cell in cells if cell}
    read = number_reader(filled)
    return bool(filled) and all(read(cell) is not None for cell in filled)


def could_be_both(text: str) -> bool:
    """Whether a number can be read in two ways: 1,234 can; 0,234 and 1234,567 are decimal, 1,234,567 is grouped."""
    return bool(re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", text))


def _read_plain(text: str) -> float | None:
    return _finite(text) if _PLAIN.fullmatch(text) else None


def _read_grouped(text: str) -> float | None:
    return _finite(text.replace(",", "")) if _GROUPED_BY_COMMAS.fullmatch(text) else _read_plain(text)


def _read_decimal_comma(text: str) -> float | None:
    if _DECIMAL_COMMA.fullmatch(text):
        return _finite(text.replace(".", "").replace(",", "."))
    return None if _GROUPED_BY_POINTS.fullmatch(text) else _read_plain(text)


def _finite(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None
