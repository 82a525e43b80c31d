"""`new` and `check` on every kind of task, in this process: neither needs torch."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.engine.data.pictures import class_folders, masked_pictures, picture
from workbench.cli import main
from workbench.core.control import Control
from workbench.core.events import Result
from workbench.core.specs import CheckSpec
from workbench.engine.data.check import check
from workbench.project.store import ProjectFile


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sixty pictures with a table, and twenty with masks."""
    monkeypatch.chdir(tmp_path)
    lines = ["image,grams,few,said,coded,parted"]
    for at in range(60):
        picture(tmp_path / f"{at}.png", at)
        cells = [f'"{at // 4},{at % 4}"', str(at % 5), ("a|b", "b", "|", "")[at % 4], str(at), "x;y" if at % 2 else "y"]
        lines.append(",".join([f"{at}.png", *cells]))
    (tmp_path / "l.csv").write_text("\n".join(lines), encoding="utf-8")
    masked_pictures(tmp_path / "cells", 20, first_seed=300)
    return tmp_path


def made(*words: str) -> dict[str, dict[str, Any]]:
    """The tasks of the project p that `new` writes, by name."""
    assert main(["new", "p", *words]) == 0
    return {task["name"]: task for task in tomllib.loads(Path("p/project.toml").read_text(encoding="utf-8"))["tasks"]}


def document(folder: str) -> dict[str, Any]:
    """What `check` says of a project."""
    file = ProjectFile.read(Path(folder))
    *_, last = check(CheckSpec(project=file.project, project_dir=file.folder), Control())
    assert isinstance(last, Result)
    return last.document


def test_what_is_taken_without_a_kind_is_printed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tasks = made("--task", "g=l.csv:grams", "--task", "f=l.csv:few", "--task", "s=l.csv:said")
    assert tasks["g"]["kind"] == "number" and "kind" not in tasks["f"] and "kind" not in tasks["s"]
    said = capsys.readouterr().out
    assert "g: number, numbers from 0 to 14.3, 60 labelled pictures." in said
    assert "If each number of g is a class of its own, add --kind g=single-label." in said
    assert "f: single-label, 5 classes, 60 labelled pictures." in said and "of f is a class" not in said
    assert "s: single-label, 3 classes, 45 labelled pictures." in said
    checked = document("p")
    assert checked["tasks"]["g"]["numbers"]["maximum"] == 14.3


def test_the_line_that_trains_it_can_be_copied(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "my photos", "--task", "f=l.csv:few"]) == 0
    assert "Train it with: workbench train 'my photos'\n" in capsys.readouterr().out


def test_kinds_that_are_asked_for(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--task", "c=l.csv:coded", "--kind", "c=single-label", "--task", "s=l.csv:said", "--kind", "s=multi-label"]
    words += ["--task", "d=l.csv:parted", "--kind", "d=multi-label", "--set", "tasks.d.separator=;"]
    tasks = made(*words, "--task", "n=l.csv:few", "--kind", "n=number")
    said = capsys.readouterr().out
    assert "c: single-label, 60 classes" in said and "s: multi-label, 2 labels (a, b), 45 labelled" in said
    assert "d: multi-label, 2 labels (x, y), 60" in said and "n: number, numbers from 0 to 4, 60" in said
    assert "is a class of its own" not in said and tasks["d"]["separator"] == ";"
    checked = document("p")
    assert checked["ok"] and checked["tasks"]["s"]["classes"] == {"a": 15, "b": 30}
    assert checked["tasks"]["d"]["classes"] == {"x": 30, "y": 60}


def test_masks_lie_where_the_command_line_says(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "here").mkdir()
    monkeypatch.chdir(place / "here")
    tasks = made("--task", "m=../cells/images", "--kind", "m=mask", "--set", "tasks.m.masks=../cells/masks")
    assert tasks["m"]["masks"] == str(place / "cells" / "masks")
    assert "m: mask, 20 pictures with a mask." in capsys.readouterr().out
    checked = document("p")
    assert checked["ok"] and checked["tasks"]["m"]["classes"] == {"background": 20, "foreground": 20}
    main(["check", "p"])
    assert "m: 20 pictures with masks of 2 classes (train 16, validation 4, test 0)" in capsys.readouterr().out


def test_masks_inside_the_project_move_with_it(place: Path) -> None:
    (place / "p").mkdir()
    (place / "cells").rename(place / "p" / "cells")
    tasks = made("--task", "m=p/cells/images", "--kind", "m=mask", "--set", "tasks.m.masks=p/cells/masks")
    assert (tasks["m"]["source"], tasks["m"]["masks"]) == ("cells/images", "cells/masks")
    (place / "p").rename(place / "q")
    assert document("q")["ok"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["g=l.csv:grams", "--head", "t=mlp"], "The head mlp of t cannot answer a number task. Choose one of number."),
        (["t=l.csv:few", "--kind", "t=multi-label", "--head", "t=linear"], "cannot answer a multi-label task"),
        (["t=l.csv:said", "--kind", "t=number"], "'a|b' in row 2 of l.csv"),
        (["t=classes", "--kind", "t=number"], "a number cannot come from folders"),
        (["t=cells/images", "--kind", "t=mask"], "`masks` is empty"),
        (["t=cells/images", "--kind", "t=mask", "--set", "tasks.t.masks=none"], "does not exist"),
        (["t=cells/images", "--kind", "t=mask", "--set", "tasks.t.masks=coloured"], "it holds colours"),
        (["t=l.csv:few", "--kind", "t=mask", "--set", "tasks.t.masks=cells/masks"], "is a file"),
        (
            ["t=cells/images", "--kind", "t=mask", "--set", "tasks.t.masks=cells/masks", "--set", "recipe.resize=crop"],
            "cuts off what the masks of t mark",
        ),
        (["t=l.csv:empty"], "no column 'empty'"),
    ],
)
def test_what_no_run_could_train_is_refused(
    place: Path, capsys: pytest.CaptureFixture[str], words: list[str], named: str
) -> None:
    class_folders(place / "classes", {"1": 2, "2": 2})
    for at in range(20):
        picture(place / "coloured" / f"{at:03}.png", 900 + at)
    task = words[0].replace("g=", "t=")
    assert main(["new", "q", "--task", task, *words[1:]]) == 2
    assert named in capsys.readouterr().err and not (place / "q").exists()


def test_numbers_and_labels_in_words(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made("--task", "g=l.csv:grams", "--task", "s=l.csv:said", "--kind", "s=multi-label", "--task", "f=l.csv:few")
    capsys.readouterr()
    assert main(["check", "p"]) == 0
    said = capsys.readouterr().out
    assert "g: 60 pictures with numbers from 0 to 14.3 (train 4" in said
    assert "s: 45 pictures with 2 labels (" in said and "f: 60 pictures in 5 classes (" in said
