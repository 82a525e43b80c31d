"""JSON read in small bites, so that another thread can work in between.

`json.loads` holds Python's lock from the first letter to the last: a quarter of a second for a hundred thousand
pictures, in which a window on another thread stands still. Here only the innermost values are read at one go.
"""

from __future__ import annotations

import json
import re
from typing import Any

_BLANK = re.compile(r"[ \t\n\r]*")
_DEPTH = 5
"""Objects and lists nested less deep than this are read entry by entry: an evaluation's pictures lie at 4."""


def read_patiently(text: str) -> Any:
    """The value of a JSON text, the same as that of `json.loads`.

    Raises:
        ValueError: it is no JSON.
    """
    value, end = _Reader(text).value(_skip(text, 0), 0)
    if _skip(text, end) != len(text):
        raise ValueError(f"more than one value: character {end}")
    return value


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._whole = json.JSONDecoder().raw_decode

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        """The value that begins at a place, and where it ends."""
        begin = self._text[at : at + 1]
        if depth < _DEPTH - 1 and begin == "{":
            return self._object(at, depth)
        if depth < _DEPTH - 1 and begin == "[":
            return self._list(at, depth)
        if not begin:
            raise ValueError("the text ends too early")
        return self._whole(self._text, at)

    def _object(self, at: int, depth: int) -> tuple[dict[str, Any], int]:
        result: dict[str, Any] = {}
        at = _skip(self._text, at + 1)
        while self._text[at : at + 1] != "}":
            key, at = self._whole(self._text, at)
            at = self._pass(at, ":")
            result[key], at = self.value(at, depth + 1)
            at = self._next(at, "}")
        return result, at + 1

    def _list(self, at: int, depth: int) -> tuple[list[Any], int]:
        result: list[Any] = []
        at = _skip(self._text, at + 1)
        while self._text[at : at + 1] != "]":
            item, at = self.value(at, depth + 1)
            result.append(item)
            at = self._next(at, "]")
        return result, at + 1

    def _next(self, at: int, end: str) -> int:
        """Where the next entry begins, or the end of the list or object is."""
        at = _skip(self._text, at)
        return at if self._text[at : at + 1] == end else self._pass(at, ",")

    def _pass(self, at: int, sign: str) -> int:
        at = _skip(self._text, at)
        if self._text[at : at + 1] != sign:
            raise ValueError(f"{sign} is missing: character {at}")
        return _skip(self._text, at + 1)


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at
