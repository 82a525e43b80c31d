from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.engine.data.pictures import class_folders, picture
from workbench.core.control import Control
from workbench.core.events import Result
from workbench.core.project import BackboneChoice, Project, Split, Task
from workbench.core.recipe import Recipe
from workbench.core.specs import CheckSpec
from workbench.engine.data import check as module
from workbench.engine.data.check import check
from workbench.engine.device_check import CardProblem


@pytest.fixture(autouse=True)
def no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "card_problem", lambda: None)


def checked(folder: Path, *tasks: Task, **sections: Any) -> dict[str, Any]:
    sections.setdefault("recipe", Recipe(image_size=16))
    sections.setdefault("backbone", BackboneChoice(name="vit_b_16"))
    project = Project(tasks=list(tasks), **sections)
    *_, last = check(CheckSpec(project=project, project_dir=folder), Control())
    assert isinstance(last, Result) and last.what == "check"
    return last.document


def folder_task(name: str) -> Task:
    return Task(name=name, source=name)


def texts(document: dict[str, Any], level: str = "warning") -> str:
    return "\n".join(problem["text"] for problem in document["problems"] if problem["level"] == level)


def test_sound_data_have_no_problem(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"a": 30, "b": 30})
    document = checked(tmp_path, folder_task("m"))
    assert document["ok"] and document["problems"] == [] and document["pictures"] == 60
    task = document["tasks"]["m"]
    assert task["kind"] == "single-label" and task["count"] == 60 and task["classes"] == {"a": 30, "b": 30}
    assert task["parts"] == {"train": 48, "validation": 12, "test": 0} and task["unreadable"] == []
    assert task["parts_by_class"]["a"] == {"train": 24, "validation": 6, "test": 0}
    assert [Path(path).name for path in task["samples"]["b"]] == ["000.png", "001.png", "002.png"]
    assert len(task["first"]) == 12 and {Path(path).parent.name for path in task["first"]} == {"a", "b"}


def test_an_error_of_one_task_leaves_the_others_reported(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"a": 30, "b": 30})
    class_folders(tmp_path / "one", {"only": 5}, first_seed=90)
    (tmp_path / "bad" / "a").mkdir(parents=True)
    (tmp_path / "bad" / "a" / "x.png").write_text("no picture")
    document = checked(tmp_path, *map(folder_task, ("m", "one", "none", "bad")))
    assert not document["ok"] and document["tasks"]["m"]["count"] == 60
    assert [problem["level"] for problem in document["problems"]][:3] == ["error"] * 3
    errors = texts(document, "error")
    assert "none" in errors and "'only'" in errors and "none of its pictures can be read" in errors
    assert document["tasks"]["none"]["count"] == 0
    assert document["tasks"]["bad"]["unreadable"][0]["reason"].startswith("it is not a picture")
    assert all(problem["fix"] for problem in document["problems"])


def test_each_weakness_of_a_folder_is_named(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"many": 45, "some": 12, "few": 2, "single": 1})
    (tmp_path / "m" / "some" / "torn.jpg").touch()
    (tmp_path / "m" / "vacant").mkdir()
    shutil.copy(tmp_path / "m" / "many" / "000.png", tmp_path / "m" / "many" / "again.png")
    shutil.copy(tmp_path / "m" / "many" / "001.png", tmp_path / "m" / "some" / "wrong.png")
    picture(tmp_path / "m" / "loose.png", 700)
    document = checked(tmp_path, folder_task("m"))
    assert document["ok"]
    said = texts(document)
    assert "2 classes have fewer than 5 pictures: few, single" in said
    assert "many has 46 pictures and single only 1" in said
    assert "2 classes have no validation picture: few, single" in said
    assert "torn.jpg: the file is empty" in said
    assert "no picture lies in vacant" in said
    assert "1 picture lies directly in" in said
    assert "more than once with different labels" in said and "wrong.png" in said
    assert "2 pictures are copies of others" in said


def test_small_pictures_are_named(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"a": 30, "b": 30})
    said = texts(checked(tmp_path, folder_task("m"), recipe=Recipe(image_size=224)))
    assert said == "m: most pictures are small (about 12 × 10 pixels) beside the 224 that the network sees."


def test_empty_and_thin_validation_parts(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"a": 6, "b": 6})
    assert "no picture is kept aside for validation" in texts(
        checked(tmp_path, folder_task("m"), split=Split(validation=0.0))
    )
    assert "only 2 pictures for validation" in texts(checked(tmp_path, folder_task("m")))


def test_two_tasks_that_say_the_same(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"a": 30, "b": 30})
    class_folders(tmp_path / "n", {"x": 30, "y": 30})
    document = checked(tmp_path, folder_task("m"), folder_task("n"))
    assert document["shared"] == {"m|n": 60} and document["pictures"] == 60
    assert "m and n have the same pictures and the same labels." in texts(document)
    shutil.move(tmp_path / "n" / "x" / "000.png", tmp_path / "n" / "y" / "100.png")
    assert "the same labels" not in texts(checked(tmp_path, folder_task("m"), folder_task("n")))


def test_tables_with_missing_pictures_and_empty_cells(tmp_path: Path) -> None:
    lines = ["image,c,d"]
    for number in range(60):
        picture(tmp_path / f"{number}.png", number)
        lines.append(f"{number}.png,{'xy'[number % 2]},{'pq'[number % 2] if number < 20 else ''}")
    lines += ["gone.png,x,p", ",y,q"]
    (tmp_path / "l.csv").write_text("\n".join(lines), encoding="utf-8")
    document = checked(tmp_path, *(Task(name=name, source="l.csv", column=name) for name in "cd"))
    said = texts(document)
    assert "c and d: 1 picture named in the table cannot be found, such as gone.png (there is no such file)." in said
    assert "d: 40 of 60 cells are empty" in said and "c: 40" not in said
    assert "c and d: 1 row of l.csv names no picture" in said
    assert document["tasks"]["c"]["unreadable"] == [{"path": "gone.png", "reason": "there is no such file"}]


def test_nothing_left_for_training_is_an_error(tmp_path: Path) -> None:
    class_folders(tmp_path / "m" / "train", {"a": 8, "b": 8})
    class_folders(tmp_path / "m" / "test", {"a": 8, "b": 8})
    class_folders(tmp_path / "n", {"x": 8, "y": 8})
    (tmp_path / "l.csv").write_text(
        "image,c\n" + "".join(f"m/test/{name}/00{number}.png,{name}\n" for name in "ab" for number in range(8)),
        encoding="utf-8",
    )
    document = checked(tmp_path, folder_task("m"), Task(name="c", source="l.csv", column="c"))
    assert "c: no picture is left for training." in texts(document, "error")


def test_what_concerns_the_whole_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "has no task" in texts(checked(tmp_path), "error")
    class_folders(tmp_path / "m", {"a": 30, "b": 30})
    document = checked(tmp_path, folder_task("m"), backbone=BackboneChoice(weights="file:none.pt"))
    assert "'file:none.pt': there is no such file" in texts(document, "error")
    (tmp_path / "l.csv").write_text("image,c\nm/a/000.png,x\nm/b/000.png,y\n", encoding="utf-8")
    task = Task(name="c", source="l.csv", column="c")
    assert "is no column" in texts(checked(tmp_path, task, split=Split(group="who")), "error")
    monkeypatch.setattr(module, "card_problem", lambda: CardProblem("A card lies idle.", "Run: pip"))
    assert "A card lies idle." in texts(checked(tmp_path, folder_task("m")))
    assert "idle" not in texts(checked(tmp_path, folder_task("m"), recipe=Recipe(image_size=16, device="cpu")))


def test_a_job_that_is_asked_to_end_gives_no_document(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"a": 5, "b": 5})
    control = Control()
    control.cancel()
    project = Project(tasks=[folder_task("m")])
    events = list(check(CheckSpec(project=project, project_dir=tmp_path), control))
    assert not any(isinstance(event, Result) for event in events)


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({"backbone": BackboneChoice(name="resnet18", freeze=99)}, "freeze depth 99"),
        ({"backbone": BackboneChoice(name="resnet18")}, "recipe.image_size is 16"),
        ({"recipe": Recipe(device="tpu")}, "'tpu' is not a device"),
        ({"recipe": Recipe(device="cpu", precision="fp16")}, "fp16 does not train on cpu"),
    ],
)
def test_what_a_run_would_refuse_is_an_error(tmp_path: Path, sections: dict[str, Any], said: str) -> None:
    class_folders(tmp_path / "m", {"a": 10, "b": 10})
    document = checked(tmp_path, folder_task("m"), **sections)
    assert not document["ok"] and said in texts(document, "error")
    assert document["tasks"]["m"]["count"] == 20


def test_one_file_under_two_classes_is_called_by_both_names(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"a": 10, "b": 10})
    (tmp_path / "m" / "b" / "link.png").symlink_to(tmp_path / "m" / "a" / "000.png")
    said = texts(checked(tmp_path, folder_task("m")))
    assert "different labels" in said and str(Path("a", "000.png")) in said and str(Path("b", "link.png")) in said


def test_files_that_cannot_be_read_have_no_labels_that_differ(tmp_path: Path) -> None:
    class_folders(tmp_path / "m", {"a": 10, "b": 10})
    for name in ("a", "b"):
        (tmp_path / "m" / name / "empty.png").write_bytes(b"")
    said = texts(checked(tmp_path, folder_task("m")))
    assert "2 pictures cannot be read" in said and "different labels" not in said


@pytest.mark.parametrize(("size", "told"), [(224, True), (128, False)])
def test_starters_know_small_pictures_alone(tmp_path: Path, size: int, told: bool) -> None:
    class_folders(tmp_path / "m", {"a": 30, "b": 30})
    backbone, recipe = BackboneChoice(name="resnet18", weights="starter"), Recipe(image_size=size)
    document = checked(tmp_path, folder_task("m"), backbone=backbone, recipe=recipe)
    assert ("Starter weights know pictures of up to 128 px" in texts(document)) == told
