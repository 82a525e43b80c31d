from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.engine.data.pictures import class_folders, drain, picture, table_for
from workbench.core.control import Control
from workbench.core.errors import RequestError, RunError
from workbench.core.events import Progress
from workbench.core.project import Project, Split, Task
from workbench.engine.data.table import MISSING, SampleTable, Unreadable, build_table
from workbench.engine.data.table_file import load_table, save_table


def folder_task(name: str, source: str | None = None) -> Task:
    return Task(name=name, source=source or name)


def row_of(table: SampleTable, *ending: str) -> int:
    tail = Path(*ending).parts
    rows = [row for row, path in enumerate(table.paths) if path.parts[-len(tail) :] == tail]
    assert len(rows) == 1
    return rows[0]


def test_one_folder(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"glass": 10, "metal": 10})
    table, notices = table_for(tmp_path, [folder_task("m")])
    assert len(table) == 20 and table.classes == {"m": ["glass", "metal"]}
    assert table.counts()["m"]["validation"] == {"glass": 2, "metal": 2}
    assert (table.sizes == (12, 10)).all()
    assert notices == [
        "Of 20 pictures, 16 for training, 4 for validation (per class training / validation): m: glass 8/2, metal 8/2."
    ]
    assert len(table.rows("train")) == 16 and len(table.rows("validation", "m")) == 4


def test_the_same_picture_in_two_tasks_is_one_sample(tmp_path: Path) -> None:
    class_folders(tmp_path / "a", {"x": 4, "y": 4})
    class_folders(tmp_path / "b", {"p": 3, "q": 3}, first_seed=100)
    shutil.copy(tmp_path / "a" / "x" / "000.png", tmp_path / "b" / "p" / "other name.png")
    table, _ = table_for(tmp_path, [folder_task("a"), folder_task("b")])
    assert len(table) == 14
    assert table.labels_of(row_of(table, "a", "x", "000.png")) == {"a": "x", "b": "p"}
    assert table.labels_of(row_of(table, "a", "y", "000.png")) == {"a": "y"}
    assert (table.targets["b"] == MISSING).sum() == 7


def test_columns_of_one_table_share_their_samples(tmp_path: Path) -> None:
    lines = ["image,colour,size"]
    for number in range(12):
        picture(tmp_path / f"{number}.png", number)
        lines.append(
            f"{number}.png,{'red' if number % 2 else 'blue'},{'' if number < 4 else 'big' if number < 8 else 's'}"
        )
    (tmp_path / "l.csv").write_text("\n".join(lines), encoding="utf-8")
    tasks = [Task(name=column, source="l.csv", column=column) for column in ("colour", "size")]
    table, _ = table_for(tmp_path, tasks)
    assert len(table) == 12 and table.empty == {"colour": 0, "size": 4}
    assert table.labels_of(row_of(table, "1.png")) == {"colour": "red"}
    assert table.labels_of(row_of(table, "9.png")) == {"colour": "red", "size": "s"}


def test_a_picture_without_any_label_is_not_in_the_table(tmp_path: Path) -> None:
    for number in range(5):
        picture(tmp_path / f"{number}.png", number)
    (tmp_path / "l.csv").write_text("image,c\n0.png,x\n1.png,x\n2.png,y\n3.png,y\n4.png,\n", encoding="utf-8")
    table, _ = table_for(tmp_path, [Task(name="c", source="l.csv", column="c")])
    assert len(table) == 4 and table.empty["c"] == 1


def test_copies_within_a_task_stay_rows_and_share_a_part(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"a": 20, "b": 20})
    for number in range(20):
        shutil.copy(tmp_path / "m" / "a" / f"{number:03}.png", tmp_path / "m" / "a" / f"copy {number}.png")
    for seed in range(5):
        table, _ = table_for(tmp_path, [folder_task("m")], seed=seed, test=0.2)
        assert len(table) == 60
        for number in range(20):
            one, other = row_of(table, "a", f"{number:03}.png"), row_of(table, "a", f"copy {number}.png")
            assert table.part[one] == table.part[other] and table.copies[one] == table.copies[other]


def test_files_of_equal_size_with_different_bytes_are_different(tmp_path: Path) -> None:
    for label in ("a", "b"):
        for number in range(4):
            path = picture(tmp_path / "m" / label / f"{number}.bmp", number + 10 * ord(label), 90, 80)
            assert path.stat().st_size > 16384
    large = (tmp_path / "m" / "a" / "0.bmp").read_bytes()
    (tmp_path / "m" / "b" / "late.bmp").write_bytes(large[:-1] + bytes([large[-1] ^ 1]))
    (tmp_path / "m" / "b" / "same.bmp").write_bytes(large)
    table, _ = table_for(tmp_path, [folder_task("m")])
    assert len(table) == 10 and len(np.unique(table.copies)) == 9
    assert table.copies[row_of(table, "same.bmp")] == table.copies[row_of(table, "a", "0.bmp")]


def test_copies_with_different_labels_are_kept_and_said(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"a": 5, "b": 5})
    shutil.copy(tmp_path / "m" / "a" / "000.png", tmp_path / "m" / "b" / "twin.png")
    table, notices = table_for(tmp_path, [folder_task("m")])
    assert len(table) == 11
    assert any("has different labels" in notice and "twin.png" in notice for notice in notices)


@pytest.mark.parametrize(
    ("first", "second", "expected"), [("train", "test", 2), ("val", "test", 2), ("train", "val", 1)]
)
def test_where_sources_disagree_the_later_part_wins_and_it_is_said(
    tmp_path: Path, first: str, second: str, expected: int
) -> None:
    for part in ("train", "val", "test"):
        class_folders(tmp_path / "a" / part, {"x": 3, "y": 3}, first_seed=10 * len(part))
        class_folders(tmp_path / "b" / part, {"p": 3, "q": 3}, first_seed=500 + 10 * len(part))
    shared = picture(tmp_path / "a" / first / "x" / "shared.png", 999)
    shutil.copy(shared, tmp_path / "b" / second / "p" / "shared.png")
    table, notices = table_for(tmp_path, [folder_task("a"), folder_task("b")])
    row = row_of(table, "a", first, "x", "shared.png")
    assert table.part[row] == expected and table.labels_of(row) == {"a": "x", "b": "p"}
    assert any("1 picture stood in different parts" in notice for notice in notices)


def test_a_folder_with_test_ignores_the_tests_share(tmp_path: Path) -> None:
    class_folders(tmp_path / "a" / "train", {"x": 20, "y": 20})
    class_folders(tmp_path / "a" / "test", {"x": 5, "y": 5}, first_seed=100)
    table, _ = table_for(tmp_path, [folder_task("a")], test=0.5)
    assert [len(table.rows(part)) for part in ("train", "validation", "test")] == [32, 8, 10]


def test_unreadable_pictures_are_left_out_and_listed(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"a": 5, "b": 5})
    (tmp_path / "m" / "a" / "empty.jpg").touch()
    (tmp_path / "m" / "b" / "text.png").write_text("hello")
    table, notices = table_for(tmp_path, [folder_task("m")])
    assert len(table) == 10
    assert {(left.path.name, left.tasks) for left in table.unreadable} == {("empty.jpg", ("m",)), ("text.png", ("m",))}
    assert any("2 pictures were left out" in notice for notice in notices)


def test_a_class_without_readable_pictures_is_no_class(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"a": 3, "c": 3})
    (tmp_path / "m" / "b").mkdir()
    (tmp_path / "m" / "b" / "x.png").touch()
    table, _ = table_for(tmp_path, [folder_task("m")])
    assert table.classes["m"] == ["a", "c"] and table.class_counts("m", "train").tolist() == [2, 2]


def test_pictures_that_a_table_names_in_vain_are_listed_once(tmp_path: Path) -> None:
    for number in range(4):
        picture(tmp_path / f"{number}.png", number)
    (tmp_path / "l.csv").write_text(
        "image,c,d\n0.png,x,1\n1.png,y,2\n2.png,x,1\n3.png,y,2\ngone.png,x,1\n", encoding="utf-8"
    )
    table, _ = table_for(tmp_path, [Task(name=name, source="l.csv", column=name) for name in "cd"])
    assert table.unreadable == [Unreadable(Path("gone.png"), "there is no such file", ("c", "d"))]


def test_tasks_that_cannot_be_trained(tmp_path: Path) -> None:
    class_folders(tmp_path / "one", {"only": 3})
    (tmp_path / "none" / "a").mkdir(parents=True)
    (tmp_path / "none" / "a" / "x.png").touch()
    picture(tmp_path / "p.png", 0)
    (tmp_path / "l.csv").write_text("image,c\np.png,\n", encoding="utf-8")
    with pytest.raises(RequestError, match="all pictures belong to one class, 'only'"):
        table_for(tmp_path, [folder_task("one")])
    with pytest.raises(RunError, match=r"none of its pictures can be read.*x\.png: the file is empty"):
        table_for(tmp_path, [folder_task("none")])
    with pytest.raises(RequestError, match="every cell is empty"):
        table_for(tmp_path, [Task(name="c", source="l.csv", column="c")])
    with pytest.raises(RequestError, match="has no task"):
        table_for(tmp_path, [])


def test_groups_share_a_part(tmp_path: Path) -> None:
    lines = ["image,c,who"]
    for number in range(40):
        picture(tmp_path / "i" / f"{number}.png", number)
        lines.append(f"i/{number}.png,{'xy'[number % 2]},{number // 8}")
    (tmp_path / "l.csv").write_text("\n".join(lines), encoding="utf-8")
    table, _ = table_for(tmp_path, [Task(name="c", source="l.csv", column="c")], group="who")
    people = np.array([int(path.stem) // 8 for path in table.paths])
    assert all(len(set(table.part[people == person])) == 1 for person in range(5))
    assert len(table.rows("validation")) == 8


def test_near_duplicates_share_a_part(tmp_path: Path) -> None:
    from PIL import Image

    random = np.random.default_rng(0)
    for number in range(20):
        rough = Image.fromarray(random.integers(0, 256, (6, 6, 3), dtype=np.uint8)).resize(
            (64, 64), Image.Resampling.BICUBIC
        )
        for version in range(3):
            path = tmp_path / "m" / "ab"[number % 2] / f"{number}-{version}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            rough.resize((64 - version, 64)).save(path, quality=95 - 10 * version)
    table, _ = table_for(tmp_path, [folder_task("m")], group="near-duplicates")
    scene = np.array([int(path.stem.split("-")[0]) for path in table.paths])
    assert all(len(set(table.part[scene == number])) == 1 for number in range(20))
    assert len(table.rows("validation")) == 12

    parts = [
        table_for(tmp_path, [folder_task("m")], group="near-duplicates", folds=4, fold=fold)[0].part
        for fold in range(1, 5)
    ]
    assert (np.stack(parts) == 1).sum(axis=0).tolist() == [1] * 60, "every picture validates once"
    assert all(len(set(part[scene == number])) == 1 for part in parts for number in range(20))


def test_a_saved_table_is_read_again_wherever_the_project_lies(tmp_path: Path) -> None:
    project = tmp_path / "project"
    class_folders(project / "m", {"a,1": 4, "ü": 4})
    class_folders(tmp_path / "outside", {"p": 3, "q": 3}, first_seed=50)
    (project / "m" / "ü" / "broken.png").touch()
    table, _ = table_for(project, [folder_task("m"), folder_task("o", str(tmp_path / "outside"))])
    save_table(table, project / "table.csv", project)
    project.rename(tmp_path / "moved")
    read = load_table(tmp_path / "moved" / "table.csv", tmp_path / "moved")
    assert read.digest() == table.digest() and read.classes == table.classes and read.empty == table.empty
    assert all(path.exists() for path in read.paths)
    assert [left.path for left in read.unreadable] == [tmp_path / "moved" / "m" / "ü" / "broken.png"]
    assert read.unreadable[0].tasks == ("m",) and read.unreadable[0].reason == "the file is empty"
    assert np.array_equal(read.copies, table.copies) and np.array_equal(read.sizes, table.sizes)


def test_a_damaged_table_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="is missing"):
        load_table(tmp_path / "none.csv", tmp_path)
    for text in ("", "a,b\n1,2\n", "path,part,width,height,bytes,copies,task.m\nx,train,1,1,1,0,z\n"):
        (tmp_path / "t.csv").write_text(text, encoding="utf-8")
        with pytest.raises(RunError, match="is damaged"):
            load_table(tmp_path / "t.csv", tmp_path)


def test_the_digest_follows_the_data_and_not_the_place(tmp_path: Path) -> None:
    class_folders(tmp_path / "a" / "m", {"x": 5, "y": 5})
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    one, other = (table_for(tmp_path / place, [folder_task("m")])[0] for place in "ab")
    assert one.digest() == other.digest()
    assert np.array_equal(one.part, other.part)
    (tmp_path / "b" / "m" / "x" / "000.png").rename(tmp_path / "b" / "m" / "y" / "100.png")
    assert table_for(tmp_path / "b", [folder_task("m")])[0].digest() != one.digest()


def test_folds_of_one_table_differ_in_their_parts_alone(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"x": 6, "y": 6})
    one, other = (table_for(tmp_path, [folder_task("m")], folds=3, fold=fold)[0] for fold in (1, 2))
    assert one.digest() != other.digest() and one.digest(parts=False) == other.digest(parts=False)


def test_reading_shows_progress_and_ends_when_asked(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"a": 5, "b": 5})
    project = Project(tasks=[folder_task("m")], split=Split())
    events, _ = drain(build_table(project, tmp_path, Control()))
    assert Progress(what="reading picture headers", done=10, total=10) in events
    control = Control()
    control.stop()
    events, table = drain(build_table(project, tmp_path, control))
    assert len(table) == 0 and not any(event.event == "notice" for event in events)


def test_the_tables_modules_load_no_torch() -> None:
    import subprocess

    code = "import sys, workbench.engine.data.check, workbench.engine.data.table; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
