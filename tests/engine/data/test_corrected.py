"""Corrections: what `labels.toml` says, the sample table and `check` obey."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.data.pictures import class_folders, masked_pictures, picture, table_for
from workbench.core.control import Control
from workbench.core.corrections import CORRECTIONS_FILE
from workbench.core.errors import RequestError
from workbench.core.events import Result
from workbench.core.project import Project, Task
from workbench.core.specs import CheckSpec
from workbench.engine.data.check import check
from workbench.engine.data.corrected import refuse_unknown


def write(folder: Path, *lines: str) -> None:
    tables = "".join(f"[[corrections]]\n{line}\n" for line in lines)
    (folder / CORRECTIONS_FILE).write_text(f"format = 1\n{tables}", encoding="utf-8")


def labels(folder: Path, task: Task) -> dict[str, str]:
    """The label of each picture that has one, by the picture's name."""
    table, _ = table_for(folder, [task])
    return {
        f"{path.parent.name}/{path.name}": said[task.name]
        for row, path in enumerate(table.paths)
        if (said := table.labels_of(row))
    }


def checked(folder: Path, *tasks: Task) -> dict[str, Any]:
    events = check(CheckSpec(project=Project(tasks=list(tasks)), project_dir=folder), Control())
    (document,) = [event.document for event in events if isinstance(event, Result)]
    return dict(document)


def test_a_label_is_replaced_and_a_picture_set_aside(tmp_path: Path) -> None:
    class_folders(tmp_path / "d", {"x": 6, "y": 6})
    task = Task(name="t", source="d")
    before = labels(tmp_path, task)
    write(
        tmp_path,
        'picture = "d/x/000.png"\ntask = "t"\nlabel = "y"',
        f'picture = "{(tmp_path / "d" / "x" / "001.png").as_posix()}"\ntask = "t"\naside = true',
        'picture = "d/x/002.png"\ntask = "t"\nkeep = true',
        'picture = "d/x/003.png"\ntask = "other"\nlabel = "y"',
    )
    after = labels(tmp_path, task)
    assert after == {
        name: "y" if name == "x/000.png" else label for name, label in before.items() if name != "x/001.png"
    }
    _, said = table_for(tmp_path, [task])
    assert any("1 label is corrected and 1 picture is set aside by labels.toml" in text for text in said)
    document = checked(tmp_path, task)
    assert document["tasks"]["t"]["corrected"] == {"relabelled": 1, "aside": 1}
    assert document["tasks"]["t"]["classes"] == {"x": 4, "y": 7} and document["ok"]
    (tmp_path / CORRECTIONS_FILE).unlink()
    assert labels(tmp_path, task) == before and "corrected" not in checked(tmp_path, task)["tasks"]["t"]


def test_corrections_leave_all_other_pictures_in_their_parts(tmp_path: Path) -> None:
    class_folders(tmp_path / "d", {"x": 23, "y": 17, "z": 3})

    def parts() -> dict[str, int]:
        table, _ = table_for(tmp_path, [Task(name="t", source="d")], validation=0.3, test=0.1)
        return {
            f"{path.parent.name}/{path.name}": int(part) for path, part in zip(table.paths, table.part, strict=True)
        }

    before = parts()
    lines = [f'picture = "d/x/{at:03}.png"\ntask = "t"\nlabel = "y"' for at in range(5)]
    lines += [f'picture = "d/y/{at:03}.png"\ntask = "t"\naside = true' for at in range(4)]
    write(tmp_path, *lines)
    after = parts()
    assert after == {name: part for name, part in before.items() if name not in {f"y/{at:03}.png" for at in range(4)}}
    trained = [name for name, part in before.items() if part == 0 and name.startswith("z/")]
    write(tmp_path, *(f'picture = "d/{name}"\ntask = "t"\nlabel = "x"' for name in trained))
    moved = {name for name, part in parts().items() if part != before[name]}
    assert len(moved) == 1 and moved.pop().startswith("z/"), "a class is never missing from training"


def test_a_class_that_loses_its_last_picture_is_no_class(tmp_path: Path) -> None:
    class_folders(tmp_path / "d", {"x": 6, "y": 6, "z": 1})
    write(tmp_path, 'picture = "d/z/000.png"\ntask = "t"\nlabel = "x"')
    table, _ = table_for(tmp_path, [Task(name="t", source="d")])
    assert table.classes["t"] == ["x", "y"] and len(table) == 13


def test_labels_and_numbers_are_corrected_as_cells_are_written(tmp_path: Path) -> None:
    lines = ["image,marks,size"]
    for number in range(12):
        picture(tmp_path / "p" / f"{number}.png", number)
        lines.append(f"p/{number}.png,{'a;b' if number % 2 else 'a'},{number}.5")
    (tmp_path / "t.csv").write_text("\n".join(lines), encoding="utf-8")
    marks = Task(name="marks", kind="multi-label", source="t.csv", column="marks", separator=";")
    size = Task(name="size", kind="number", source="t.csv", column="size")
    write(
        tmp_path,
        'picture = "p/0.png"\ntask = "marks"\nlabel = "b;a"',
        'picture = "p/1.png"\ntask = "marks"\nlabel = ";"',
        'picture = "p/0.png"\ntask = "size"\nlabel = "100"',
    )
    assert labels(tmp_path, marks)["p/0.png"] == "a, b" and labels(tmp_path, marks)["p/1.png"] == "none"
    assert labels(tmp_path, size)["p/0.png"] == "100"
    write(tmp_path, 'picture = "p/0.png"\ntask = "size"\nlabel = "many"')
    with pytest.raises(RequestError, match=r"'many' in labels\.toml, which is no number"):
        table_for(tmp_path, [size])


def test_folders_that_overlap_and_tables_with_a_picture_twice(tmp_path: Path) -> None:
    class_folders(tmp_path / "d", {"a": 5, "b": 5})
    (tmp_path / "d" / "b" / "again.png").write_bytes((tmp_path / "d" / "a" / "000.png").read_bytes())
    both = Task(name="t", kind="multi-label", source="d")
    assert labels(tmp_path, both)["a/000.png"] == "a, b"
    write(tmp_path, 'picture = "d/a/000.png"\ntask = "t"\nlabel = "b"')
    assert labels(tmp_path, both)["a/000.png"] == "b"
    lines = ["image,kind", *(f"d/{name}/00{at}.png,{name}" for name in "ab" for at in range(5)), "d/a/000.png,a"]
    (tmp_path / "t.csv").write_text("\n".join(lines), encoding="utf-8")
    table, _ = table_for(tmp_path, [Task(name="t", source="t.csv", column="kind")])
    said = [table.labels_of(row)["t"] for row, path in enumerate(table.paths) if path.name == "000.png"]
    assert sorted(said) == ["b", "b", "b"]


def test_a_picture_with_a_mask_can_be_set_aside_but_not_relabelled(tmp_path: Path) -> None:
    masks = masked_pictures(tmp_path / "m", 6)
    task = Task(name="cut", kind="mask", source=str(masks / "images"), masks=str(masks / "masks"))
    write(tmp_path, 'picture = "m/images/002.png"\ntask = "cut"\naside = true')
    table, _ = table_for(tmp_path, [task])
    assert len(table) == 5
    write(tmp_path, 'picture = "m/images/002.png"\ntask = "cut"\nlabel = "wall"')
    with pytest.raises(RequestError, match="cannot be relabelled"):
        table_for(tmp_path, [task])


def test_what_corrects_nothing_is_said_and_what_is_wrong_is_refused(tmp_path: Path) -> None:
    class_folders(tmp_path / "d", {"x": 6, "y": 6})
    task = Task(name="t", source="d")
    write(tmp_path, 'picture = "d/x/nowhere.png"\ntask = "t"\naside = true')
    document = checked(tmp_path, task)
    assert document["ok"] and any(
        "corrects 1 picture that the task does not" in p["text"] for p in document["problems"]
    )
    write(tmp_path, 'picture = "d/x/000.png"\ntask = "t"\nlabel = "y"\naside = true')
    document = checked(tmp_path, task)
    assert not document["ok"] and "[[corrections]] number 1" in document["problems"][0]["text"]


def test_pictures_and_labels_that_are_not_known_are_refused(tmp_path: Path) -> None:
    class_folders(tmp_path / "d", {"x": 2, "y": 2})
    project = Project(tasks=[Task(name="t", source="d")])
    refuse_unknown(project, tmp_path, "t", [tmp_path / "d" / "x" / "000.png"], "y")
    with pytest.raises(RequestError, match=r"has no label z\. It has: x, y\."):
        refuse_unknown(project, tmp_path, "t", [tmp_path / "d" / "x" / "000.png"], "z")
    with pytest.raises(RequestError, match="has no picture"):
        refuse_unknown(project, tmp_path, "t", [tmp_path / "d" / "x" / "900.png"], "y")
