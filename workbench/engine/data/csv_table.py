"""A CSV file as columns of text, whatever program wrote it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from workbench.core.errors import RequestError

_DELIMITERS = (",", ";", "\t")
_LONGEST_CELL = 2**24


@dataclass(frozen=True)
class CsvTable:
    """The columns of a CSV file: header → cells, all of one length, blanks around each cell removed."""

    path: Path
    columns: dict[str, list[str]]
    lines: list[int] = field(default_factory=list)
    """For each row its number in the file, as a spreadsheet counts: the header is row 1, and empty rows count."""

    @property
    def names(self) -> list[str]:
        return list(self.columns)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), []))

    def column(self, name: str, problem: str) -> list[str]:
        """The cells of a column.

        Raises:
            RequestError: there is none of that name; `problem` begins its sentence.
        """
        if name not in self.columns:
            raise RequestError(f"{problem}: {self.path.name} has no column {name!r}.", self.offer(name))
        return self.columns[name]

    def place(self, row: int) -> str:
        """Where a row stands, in words."""
        return f"row {self.lines[row] if self.lines else row + 2} of {self.path.name}"

    def offer(self, name: str) -> str:
        """A sentence that offers the columns nearest to `name`."""
        folded = {column.casefold(): column for column in self.columns}
        near = [folded[key] for key in get_close_matches(name.casefold(), folded, n=3, cutoff=0.6)]
        if near:
            return f"Did you mean {' or '.join(near)}?"
        shown = ", ".join(self.names[:12]) + (", …" if len(self.names) > 12 else "")
        return f"Its columns are {shown}."


def read_csv(path: Path) -> CsvTable:
    """Read a CSV file: comma, semicolon or tab, with or without a byte order mark, quoted or not.

    Short lines are filled up with empty cells; empty lines are left out.

    Raises:
        RequestError: the file is not there, is empty, has no usable header, or is not a text.
    """
    text = _text(path)
    header_end = text.find("\n")
    header = text if header_end < 0 else text[:header_end]
    delimiter = max(_DELIMITERS, key=lambda candidate: len(_cells(header, candidate)))
    csv.field_size_limit(_LONGEST_CELL)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        numbered = [(number, line) for number, line in enumerate(reader, 1) if any(line)]
    except csv.Error as error:
        raise RequestError(f"{path} cannot be read as a table: {error}.", "Save it again as CSV.") from error
    lines = [line for _, line in numbered]
    if not lines:
        raise RequestError(f"{path} is empty.", "Give a CSV file with a header line and one line for each picture.")
    names = [name.strip() for name in lines[0]]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise RequestError(f"{path} has more than one column {twice[0]!r}.", "Give each column a name of its own.")
    width = len(names)
    padded = [line + [""] * (width - len(line)) for line in lines[1:]]
    columns = {name: [line[at].strip() for line in padded] for at, name in enumerate(names) if name}
    return CsvTable(path, columns, [number for number, _ in numbered[1:]])


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise RequestError(f"{path} does not exist.", "Correct the path of the CSV file.") from error
    except OSError as error:
        raise RequestError(
            f"{path} cannot be read ({error.strerror}).", "Allow reading it, or choose another."
        ) from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RequestError(f"{path} is not a text file.", "Save the table again as CSV in UTF-8.")
