"""Several labels, numbers and masks in the sample table, beside classes."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.engine.data.pictures import class_folders, mask, masked_pictures, picture, table_for
from workbench.core.errors import RequestError
from workbench.core.project import Task
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.table_file import load_table, save_table


def csv_task(name: str, kind: str, **values: str) -> Task:
    return Task(**{"name": name, "kind": kind, "source": "l.csv", "column": name, **values})


def written(folder: Path, header: str, *lines: str) -> None:
    """l.csv with a picture for each line's first cell."""
    for line in lines:
        name = line.split(",")[0]
        if name and not (folder / name).exists():
            picture(folder / name, sum(map(ord, name)) * 31 + len(name))
    (folder / "l.csv").write_text("\n".join([header, *lines]), encoding="utf-8")


def said(table: SampleTable, task: str) -> dict[str, str]:
    labels = {path.name: table.labels_of(row) for row, path in enumerate(table.paths)}
    return {name: of[task] for name, of in labels.items() if task in of}


def test_class_folders_may_overlap(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"a": 6, "b": 6})
    shutil.copy(tmp_path / "m" / "a" / "000.png", tmp_path / "m" / "b" / "copy.png")
    (tmp_path / "m" / "b" / "link.png").symlink_to(tmp_path / "m" / "a" / "001.png")
    (tmp_path / "m" / "c").mkdir()
    for name in ("000", "001"):
        shutil.copy(tmp_path / "m" / "a" / f"{name}.png", tmp_path / "m" / "c")
    table, notices = table_for(tmp_path, [Task(name="m", source="m", kind="multi-label")])
    assert len(table) == 12 and table.classes == {"m": ["a", "b", "c"]}
    assert table.label_texts("m") == ["a", "a\x1fb\x1fc", "b"]
    assert table.encoded("m").sum(axis=0).tolist() == [6, 8, 2]
    assert table.class_counts("m", "train").sum() + table.class_counts("m", "validation").sum() == 16
    assert not any("different" in notice for notice in notices)


def test_a_picture_in_folders_of_two_parts_is_in_the_later(tmp_path: Path) -> None:
    for part in ("train", "test"):
        class_folders(tmp_path / "m" / part, {"a": 4, "b": 4}, first_seed=len(part) * 10)
    shutil.copy(tmp_path / "m" / "train" / "a" / "000.png", tmp_path / "m" / "test" / "b" / "x.png")
    table, notices = table_for(tmp_path, [Task(name="m", source="m", kind="multi-label")])
    row = next(row for row in range(len(table)) if table.labels_of(row) == {"m": "a, b"})
    assert table.part[row] == 2 and any("1 picture stood in different parts" in notice for notice in notices)


def test_cells_with_separators(tmp_path: Path) -> None:
    lines = ["1.png,b|a", "2.png,", "3.png,|", "4.png, a | a", "5.png,c", "1.png,c"]
    written(tmp_path, "image,k", *lines)
    table, _ = table_for(tmp_path, [csv_task("k", "multi-label")])
    assert said(table, "k") == {"1.png": "a, b, c", "3.png": "none", "4.png": "a", "5.png": "c"}
    assert table.empty == {"k": 1} and table.classes == {"k": ["a", "b", "c"]}


def test_copies_with_other_labels_in_a_table_are_said(tmp_path: Path) -> None:
    written(tmp_path, "image,k", "1.png,a", "2.png,a|b", "3.png,b")
    shutil.copy(tmp_path / "1.png", tmp_path / "2.png")
    table, notices = table_for(tmp_path, [csv_task("k", "multi-label")])
    assert len(table) == 3 and any("has different labels" in notice for notice in notices)


def test_a_number_may_be_missing(tmp_path: Path) -> None:
    written(tmp_path, "image,n,c", *(f"{at}.png,{'' if at == 3 else at / 4},{'xy'[at % 2]}" for at in range(20)))
    table, notices = table_for(tmp_path, [csv_task("n", "number"), csv_task("c", "single-label")])
    values = table.encoded("n")
    assert len(table) == 20 and np.isnan(values).sum() == 1 and np.nanmax(values) == 4.75
    assert table.classes["n"] == [] and table.counts()["n"]["train"] == {}
    assert len(table.rows("train", "n")) + len(table.rows("validation", "n")) == 19
    assert "numbers from 0 to 4.75; c: x 8/2, y 8/2." in notices[-1]
    with pytest.raises(RequestError, match="'5x' in row 4"):
        written(tmp_path, "image,n", "0.png,1", "1.png,2", "2.png,5x")
        table_for(tmp_path, [csv_task("n", "number")])


def test_blank_lines_of_a_table_count_as_rows(tmp_path: Path) -> None:
    picture(tmp_path / "0.png", 0)
    (tmp_path / "l.csv").write_text("image,n\n\n0.png,1\n\n0.png,x\n", encoding="utf-8")
    with pytest.raises(RequestError, match="'x' in row 5"):
        table_for(tmp_path, [csv_task("n", "number")])


def test_folders_give_no_numbers(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"1": 2, "2": 2})
    with pytest.raises(RequestError, match="a number cannot come from folders"):
        table_for(tmp_path, [Task(name="m", source="m", kind="number")])


@pytest.mark.parametrize(
    ("kind", "cells", "words"),
    [
        ("number", ["3", "3.0", ""], "same number, 3,"),
        ("multi-label", ["a|b", "b|a", ""], "same labels"),
        ("multi-label", ["|", " | ", ""], "no label at all"),
    ],
)
def test_what_teaches_nothing_is_refused(tmp_path: Path, kind: str, cells: list[str], words: str) -> None:
    written(tmp_path, "image,k", *(f"{at}.png,{cell}" for at, cell in enumerate(cells)))
    with pytest.raises(RequestError, match=words):
        table_for(tmp_path, [csv_task("k", kind)])


def everything(folder: Path) -> list[Task]:
    """A table of all kinds on the same forty pictures, with gaps."""
    masked_pictures(folder, 40, (0, 1, 2, 255))
    lines = []
    for at in range(40):
        labels = "|".join(name for name, every in (("r", 2), ("s", 3), ("t", 10)) if at % every == 0) or "|"
        cells = [f"images/{at:03}.png", "" if at < 4 else str(at * 0.1), labels if at % 7 else "", "xyz"[at % 3]]
        lines.append(",".join(cells))
    (folder / "l.csv").write_text("\n".join(["image,n,k,c", *lines]), encoding="utf-8")
    for name in ("001", "002", "005"):
        (folder / "masks" / f"{name}.png").unlink()
    mask(folder / "masks" / "006.png", np.eye(3))
    return [
        csv_task("n", "number"),
        csv_task("k", "multi-label"),
        csv_task("c", "single-label"),
        Task(name="m", kind="mask", source="images", masks="masks"),
    ]


def test_every_kind_is_shared_out_evenly(tmp_path: Path) -> None:
    table, _ = table_for(tmp_path, everything(tmp_path), validation=0.25)
    assert len(table) == 40 and abs(len(table.rows("validation")) - 10) <= 1
    numbers, rows = table.encoded("n"), table.rows("validation", "n")
    assert abs(np.nanmean(numbers[rows]) - np.nanmean(numbers)) < 0.35
    kept = table.encoded("k")[table.rows("validation", "k")]
    assert abs(int(kept[:, 0].sum()) - 4) <= 1 and kept[:, 2].sum() >= 1


def test_every_kind_is_saved_exactly(tmp_path: Path) -> None:
    project = tmp_path / "project"
    tasks = everything(project)
    table, _ = table_for(project, tasks)
    save_table(table, project / "table.csv", project)
    again, _ = table_for(project, tasks)
    assert again.digest() == table.digest()
    project.rename(tmp_path / "moved")
    read = load_table(tmp_path / "moved" / "table.csv", tmp_path / "moved")
    assert read.digest() == table.digest() and read.kinds == table.kinds and read.empty == table.empty
    assert (read.classes, read.mask_values) == (table.classes, table.mask_values)
    for task in ("n", "k", "c"):
        assert read.label_texts(task) == table.label_texts(task)
    assert all(Path(path).is_file() for path in read.label_texts("m"))
    for task in table.tasks:
        assert np.array_equal(read.encoded(task), table.encoded(task), equal_nan=task == "n")
        assert read.class_counts(task, "train").tolist() == table.class_counts(task, "train").tolist()
    assert [(left.path.name, left.what) for left in read.unreadable] == [("006.png", "mask")]


def test_the_digest_covers_the_labels_of_every_kind(tmp_path: Path) -> None:
    tasks = everything(tmp_path)
    digests = {table_for(tmp_path, tasks)[0].digest()}
    text = (tmp_path / "l.csv").read_text(encoding="utf-8")
    changes = [("images/020.png,2.0", "images/020.png,2.5"), ("images/015.png,1.5,s", "images/015.png,1.5,t")]
    for before, after in changes:
        assert before in text
        (tmp_path / "l.csv").write_text(text.replace(before, after), encoding="utf-8")
        digests.add(table_for(tmp_path, tasks)[0].digest())
    (tmp_path / "l.csv").write_text(text, encoding="utf-8")
    mask(tmp_path / "masks" / "010.png", np.ones((10, 12)))
    digests.add(table_for(tmp_path, tasks)[0].digest())
    assert len(digests) == 4


def test_large_tables_of_numbers_are_read_again(tmp_path: Path) -> None:
    count = 20_000
    table = SampleTable(
        paths=[tmp_path / f"{at}.png" for at in range(count)],
        part=np.zeros(count, np.int8),
        targets={"n": np.arange(count)},
        classes={"n": []},
        sizes=np.ones((count, 2), np.int32),
        bytes=np.ones(count, np.int64),
        copies=np.arange(count),
        empty={"n": 0},
        kinds={"n": "number"},
        labels={"n": [repr(value / 7) for value in range(count)]},
    )
    save_table(table, tmp_path / "t.csv", tmp_path)
    assert load_table(tmp_path / "t.csv", tmp_path).digest() == table.digest()


def test_a_table_can_be_restricted_to_some_tasks(tmp_path: Path) -> None:
    table, _ = table_for(tmp_path, everything(tmp_path))
    only = table.only(["m", "n"])
    assert only.tasks == ["n", "m"] and len(only) == 38
    parts = dict(zip(table.paths, table.part.tolist(), strict=True))
    assert all(parts[path] == part for path, part in zip(only.paths, only.part.tolist(), strict=True))
    assert only.classes == {task: table.classes[task] for task in ("n", "m")}
    assert only.kinds == {"n": "number", "m": "mask"}
    kept = [table.paths.index(path) for path in only.paths]
    for task in only.tasks:
        assert np.array_equal(only.encoded(task), table.encoded(task)[kept], equal_nan=task == "n")
    assert [left.tasks for left in only.unreadable] == [("m",)] and table.only(["k"]).unreadable == []
    assert table.only(["k"]).class_counts("k", "train").tolist() == table.class_counts("k", "train").tolist()
    save_table(only, tmp_path / "only.csv", tmp_path)
    assert load_table(tmp_path / "only.csv", tmp_path).digest() == only.digest()
