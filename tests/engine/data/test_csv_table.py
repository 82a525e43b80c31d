from __future__ import annotations

from pathlib import Path

import pytest

from workbench.core.errors import RequestError
from workbench.engine.data.csv_table import CsvTable, read_csv


def read(tmp_path: Path, data: bytes) -> CsvTable:
    (tmp_path / "t.csv").write_bytes(data)
    return read_csv(tmp_path / "t.csv")


@pytest.mark.parametrize(
    "data",
    [
        b"image,label\na.png,x\nb.png,y\n",
        b"image;label\r\na.png;x\r\nb.png;y\r\n",
        b"image\tlabel\na.png\tx\nb.png\ty",
        b"\xef\xbb\xbfimage,label\na.png,x\nb.png,y\n",
        b'"image","label"\n" a.png ","x"\n\n"b.png","y"\n',
        "image,label\na.png,x\nb.png,y\n".encode("utf-16"),
    ],
)
def test_one_table_in_the_spellings_of_many_programs(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data).columns == {"image": ["a.png", "b.png"], "label": ["x", "y"]}


def test_quoted_cells_may_hold_delimiters_and_line_ends(tmp_path: Path) -> None:
    table = read(tmp_path, b'name;label\n"a;1\nb";x\n')
    assert table.columns == {"name": ["a;1\nb"], "label": ["x"]}


def test_a_comma_within_semicolons_is_no_delimiter(tmp_path: Path) -> None:
    assert read(tmp_path, b"id;weight\n1;1,5\n").columns["weight"] == ["1,5"]


def test_short_lines_have_empty_cells(tmp_path: Path) -> None:
    assert read(tmp_path, b"a,b,c\n1\n1,2,3\n").columns["c"] == ["", "3"]


def test_text_of_older_windows_programs(tmp_path: Path) -> None:
    assert read(tmp_path, "image,label\na.png,grün\n".encode("cp1252")).columns["label"] == ["grün"]


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "is empty"), (b"a,b,a\n1,2,3\n", "more than one column 'a'")],
)
def test_tables_that_cannot_be_used(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(RequestError, match=words):
        read(tmp_path, data)


def test_a_missing_file_and_a_missing_column_are_named(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"none\.csv does not exist"):
        read_csv(tmp_path / "none.csv")
    with pytest.raises(RequestError, match=r"t\.csv has no column 'Colour'.*Did you mean colour\?"):
        read(tmp_path, b"image,colour\n").column("Colour", "Task x")
