"""Names of classes: how they are cleaned and in which order they stand."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable

_DIGITS = re.compile(r"([0-9]+)")


def clean_label(text: str) -> str | None:
    """A label without surrounding blanks and in composed Unicode, or None where nothing is left.

    File systems and tables spell the same letter in different ways; composed Unicode makes them one class.
    """
    return unicodedata.normalize("NFC", text).strip() or None


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts "img2" before "Img10": upper and lower case alike, digits by their value."""
    pieces = _DIGITS.split(text.casefold())
    return tuple((0, int(piece), "") if piece.isdigit() else (1, 0, piece) for piece in pieces if piece)


def sort_classes(labels: Iterable[str]) -> list[str]:
    """The different labels in natural order; by value where every one of them is a number."""
    unique = sorted(set(labels))
    values = [_number(label) for label in unique]
    if all(value is not None for value in values):
        return sorted(unique, key=lambda label: (_number(label) or 0.0, label))
    return sorted(unique, key=lambda label: (natural_key(label), label))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
