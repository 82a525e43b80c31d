"""What a CSV file offers: its columns with examples, which of them look like tasks, and where its pictures are."""

from __future__ import annotations

import csv
import io
import os
import string
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from workbench.core.errors import RequestError
from workbench.core.kinds import Kind
from workbench.core.numbers import are_measurements, are_numbers

MOST_CLASSES = 200
_SEPARATORS = ("|", ";")
_DELIMITERS = (",", ";", "\t")
_EXAMPLES = 4
_TRIED = 5
"""Cells that are looked up when the picture column is guessed."""
_FOLDERS = 40
_LONGEST_CELL = 1 << 24


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        filled: cells that hold something.
        distinct: different values among them.
        examples: its most frequent values.
        numeric: every filled cell is a number.
        suggested: it looks like a task: a few values, each on several rows, or several labels in a cell; and it is not
            what names the picture.
        kind: what it looks like; several labels where cells hold a separator between labels that come again.
        separator: what would stand between the labels of a cell.
    """

    name: str
    filled: int
    distinct: int
    examples: tuple[str, ...]
    numeric: bool
    suggested: bool
    kind: Kind = "single-label"
    separator: str = "|"


class CsvColumns:
    """A CSV file in memory, as columns of text without blanks around the cells.

    Raises:
        RequestError: it cannot be read, or holds no table.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        names, rows = _read(path)
        self.rows = len(rows)
        self.cells = {
            name: [row[at].strip() if at < len(row) else "" for row in rows] for at, name in enumerate(names) if name
        }

    def columns(self, image: str = "") -> list[Column]:
        """Every column; those that `image` (a column or a pattern) uses are not suggested as tasks."""
        used = pattern_columns(image) if "{" in image else [image]
        return [self._describe(name, name in used) for name in self.cells]

    def guess_image(self) -> str:
        """The column whose cells name pictures, or a pattern such as images/{id}.jpg; "" where none does."""
        base = self.path.absolute().parent
        first = {name: [cell for cell in islice(cells, 50) if cell][:_TRIED] for name, cells in self.cells.items()}
        for name, cells in first.items():
            if cells and all((base / cell.replace("\\", "/")).is_file() for cell in cells):
                return name
        for folder in ("", *_folders(base)):
            pattern = _guess_in(base / folder, f"{folder}/" if folder else "", first)
            if pattern:
                return pattern
        return ""

    def count_found(self, image: str) -> int:
        """How many rows have a picture that is there. Looks every one of them up: not for the window's thread."""
        base = os.path.abspath(self.path.parent)
        listings: dict[str, set[str]] = {}
        found = 0
        for name in self.image_names(image):
            folder, _, file = os.path.join(base, name.replace("\\", "/")).rpartition("/")
            if folder not in listings:
                listings[folder] = _listing(folder)
            found += bool(name) and file in listings[folder]
        return found

    def image_names(self, image: str) -> Iterator[str]:
        """For each row the path that `image` gives it, "" where a cell that it needs is empty.

        Raises:
            RequestError: `image` is neither a column nor a pattern over columns.
        """
        pieces = [("", image)] if "{" not in image else _pattern(image)
        for _, field in pieces:
            if field is not None and field not in self.cells:
                raise RequestError(f"{self.path.name} has no column {field!r}.", "Choose one of its columns.")
        for row in range(self.rows):
            cells = [None if field is None else self.cells[field][row] for _, field in pieces]
            yield (
                ""
                if "" in cells
                else "".join(text + (cell or "") for (text, _), cell in zip(pieces, cells, strict=True))
            )

    def _describe(self, name: str, is_image: bool) -> Column:
        counts = Counter(cell for cell in self.cells[name] if cell)
        filled = counts.total()
        numeric = are_numbers(counts)
        separator = "" if numeric else _separator(counts)
        measured = numeric and are_measurements(counts)
        repeats = 2 <= len(counts) <= min(MOST_CLASSES, max(2, filled // 2))
        kind: Kind = "multi-label" if separator else "number" if measured else "single-label"
        looks_like_a_task = bool(separator) or (repeats and not measured)
        examples = tuple(value for value, _ in counts.most_common(_EXAMPLES))
        return Column(
            name, filled, len(counts), examples, numeric, looks_like_a_task and not is_image, kind, separator or "|"
        )


def _separator(counts: Counter[str]) -> str:
    """What parts labels that come again within the cells of a column; "" where nothing does."""
    for separator in _SEPARATORS:
        cells = sum(count for text, count in counts.items() if separator in text)
        if cells * 10 < counts.total():
            continue
        labels: Counter[str] = Counter()
        for text, count in counts.items():
            for label in {piece.strip() for piece in text.split(separator)} - {""}:
                labels[label] += count
        if 2 <= len(labels) <= min(MOST_CLASSES, len(counts)) and 2 * len(labels) <= labels.total():
            return separator
    return ""


def pattern_columns(image: str) -> list[str]:
    """The columns that a pattern such as images/{id}.jpg uses.

    Raises:
        RequestError: it is not a pattern.
    """
    return [field for _, field in _pattern(image) if field is not None]


def _pattern(image: str) -> list[tuple[str, str | None]]:
    try:
        pieces = list(string.Formatter().parse(image))
    except ValueError as error:
        raise RequestError(
            f"{image!r} is no pattern.", "Write column names in braces, such as images/{id}.jpg."
        ) from error
    if any(field == "" or spec or conversion for _, field, spec, conversion in pieces):
        raise RequestError(f"{image!r} is no pattern.", "Write column names in braces, such as images/{id}.jpg.")
    return [(text, field) for text, field, _, _ in pieces]


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    text = _text(path)
    header = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=lambda candidate: len(next(csv.reader([header], delimiter=candidate), [])))
    csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise RequestError(f"{path.name} cannot be read as a table: {error}.", "Save it again as CSV.") from error
    if len(rows) < 2:
        raise RequestError(
            f"{path.name} holds no rows.", "Use a table with a header line and one line for each picture."
        )
    return [name.strip() for name in rows[0]], rows[1:]


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror or error}.", "Choose another file.") from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _guess_in(folder: Path, prefix: str, first: dict[str, list[str]]) -> str:
    names = _listing(str(folder))
    suffixes = [suffix for suffix, _ in Counter(os.path.splitext(name)[1] for name in names).most_common(8)]
    for column, cells in first.items():
        for suffix in ("", *(suffix for suffix in suffixes if suffix)):
            if cells and all(cell + suffix in names for cell in cells):
                return f"{prefix}{{{column}}}{suffix}"
    return ""


def _folders(base: Path) -> list[str]:
    try:
        with os.scandir(base) as entries:
            found = sorted(entry.name for entry in entries if entry.is_dir() and not entry.name.startswith("."))
    except OSError:
        return []
    return found[:_FOLDERS]


def _listing(folder: str) -> set[str]:
    try:
        with os.scandir(folder or "/") as entries:
            return {entry.name for entry in entries if entry.is_file()}
    except OSError:
        return set()
