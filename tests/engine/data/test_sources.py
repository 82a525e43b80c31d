from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.data.pictures import class_folders, picture
from workbench.core.errors import RequestError
from workbench.core.project import Task
from workbench.engine.data.sources import SourceReader, read_source


def task(source: str, **values: str) -> Task:
    return Task(name="t", source=source, **values)


def test_class_folders(tmp_path: Path) -> None:
    class_folders(tmp_path / "data", {"cat": 2, "grüner Hund": 1})
    picture(tmp_path / "data" / "cat" / "nested" / "更.PNG", 9)
    (tmp_path / "data" / "cat" / "notes.txt").write_text("no picture")
    picture(tmp_path / "data" / ".cache" / "x.png", 8)
    rows = read_source(task("data"), tmp_path)
    assert sorted((row.path.name, row.label) for row in rows) == [
        ("000.png", "cat"),
        ("000.png", "grüner Hund"),
        ("001.png", "cat"),
        ("更.PNG", "cat"),
    ]
    assert {row.part for row in rows} == {None}


@pytest.mark.parametrize("name", ["val", "valid", "Validation"])
def test_ready_made_parts(tmp_path: Path, name: str) -> None:
    for part in ("train", name, "test"):
        class_folders(tmp_path / "d" / part, {"a": 1, "b": 1})
    source = SourceReader(tmp_path).read(task("d"))
    assert sorted(map(str, source.parts)) == ["test", "test", "train", "train", "validation", "validation"]
    assert source.cut == frozenset()


def test_without_val_validation_is_cut_and_test_is_not(tmp_path: Path) -> None:
    for part in ("train", "test"):
        class_folders(tmp_path / "d" / part, {"a": 1, "b": 1})
    assert SourceReader(tmp_path).read(task("d")).cut == frozenset({"validation"})


def test_train_may_be_a_class(tmp_path: Path) -> None:
    class_folders(tmp_path / "d", {"train": 2, "bus": 2})
    assert {row.label for row in read_source(task("d"), tmp_path)} == {"train", "bus"}
    class_folders(tmp_path / "e", {"train": 2, "test": 2})
    assert {row.label for row in read_source(task("e"), tmp_path)} == {"train", "test"}
    picture(tmp_path / "f" / "train" / "old" / "1.png", 0)
    class_folders(tmp_path / "f", {"bus": 2})
    assert {row.label for row in read_source(task("f"), tmp_path)} == {"train", "bus"}


def test_pictures_beside_class_folders_and_empty_classes_are_said(tmp_path: Path) -> None:
    class_folders(tmp_path / "d", {"a": 1, "b": 1})
    picture(tmp_path / "d" / "loose.png", 5)
    (tmp_path / "d" / "c").mkdir()
    source = SourceReader(tmp_path).read(task("d"))
    assert "1 picture lies directly in" in source.notes[0]
    assert source.classes_without_pictures == ["c"]


def test_a_csv_column_with_a_pattern_and_empty_cells(tmp_path: Path) -> None:
    for name in ("1.jpg", "2.jpg"):
        picture(tmp_path / "csv" / "images" / name, 0)
    (tmp_path / "csv" / "l.csv").write_text("id,year,\n1, 2010.0 ,\n2,,\n", encoding="utf-8")
    rows = read_source(task("csv/l.csv", column="year", image="images/{id}.jpg"), tmp_path)
    assert [(row.path, row.label) for row in rows] == [
        (tmp_path / "csv" / "images" / "1.jpg", "2010.0"),
        (tmp_path / "csv" / "images" / "2.jpg", None),
    ]


def test_paths_in_a_table_are_absolute_or_relative_to_it(tmp_path: Path) -> None:
    one = picture(tmp_path / "elsewhere" / "1.png", 0)
    picture(tmp_path / "csv" / "a" / "2.png", 1)
    (tmp_path / "csv" / "l.csv").write_text(f"image,label\n{one},x\na\\2.png,y\ngone.png,x\n,y\n", encoding="utf-8")
    source = SourceReader(tmp_path).read(task("csv/l.csv", column="label"))
    assert source.paths == [str(one), str(tmp_path / "csv" / "a" / "2.png")]
    assert [tuple(missing) for missing in source.missing] == [("gone.png", "there is no such file")]
    assert source.notes == ["1 row of l.csv names no picture: left aside."]


def test_groups_come_from_a_column_or_the_folder(tmp_path: Path) -> None:
    picture(tmp_path / "d" / "a" / "patient 1" / "1.png", 0)
    picture(tmp_path / "d" / "b" / "2.png", 1)
    assert [bool(row.group) for row in read_source(task("d"), tmp_path, "folder")] == [True, False]
    (tmp_path / "l.csv").write_text("image,label,who\nd/b/2.png,x,ann\n", encoding="utf-8")
    reader = SourceReader(tmp_path, "who")
    assert reader.read(task("l.csv", column="label")).groups == ["ann"]
    reader.check_group()
    wrong = SourceReader(tmp_path, "whom")
    wrong.read(task("l.csv", column="label"))
    with pytest.raises(RequestError, match=r"split\.group` = 'whom' is no column.*Did you mean who\?"):
        wrong.check_group()


def fails(tmp_path: Path, words: str, source: str, **values: str) -> None:
    with pytest.raises(RequestError, match=words):
        read_source(task(source, **values), tmp_path)


def test_folders_that_hold_no_classes(tmp_path: Path) -> None:
    class_folders(tmp_path / "photos", {"a": 1})
    picture(tmp_path / "flat" / "1.png", 0)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("x")
    fails(tmp_path, r"'.*photo' does not exist\. Did you mean photos\?", "photo")
    fails(tmp_path, "The path exists as far as", "no/such/place")
    fails(tmp_path, "holds 1 picture but no class folders.*CSV", "flat")
    fails(tmp_path, "no class folders with pictures", "empty")
    fails(tmp_path, "is a file", "file.txt")
    fails(tmp_path, "`source` is empty", " ")


def test_tables_that_do_not_hold_what_the_task_says(tmp_path: Path) -> None:
    picture(tmp_path / "images" / "7.png", 0)
    (tmp_path / "l.csv").write_text("id,colour\n7,red\n", encoding="utf-8")
    fails(tmp_path, r"no column 'color'.*Did you mean colour", "l.csv", column="color")
    fails(tmp_path, "`column` is empty.*id, colour", "l.csv")
    fails(tmp_path, r"`image` = 'image' is no column.*images/\{id\}\.png", "l.csv", column="colour")
    fails(tmp_path, r"no column 'idd'.*Did you mean id", "l.csv", column="colour", image="images/{idd}.png")
    fails(tmp_path, "is no pattern", "l.csv", column="colour", image="images/{id.png")
    fails(
        tmp_path,
        r"none of the 1 picture that.*'7\.jpg'.*images/\{id\}\.png",
        "l.csv",
        column="colour",
        image="{id}.jpg",
    )
    fails(tmp_path, "does not exist", "m.csv", column="colour")
