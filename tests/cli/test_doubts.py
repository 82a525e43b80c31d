"""`workbench doubts` and `workbench relabel`: for people, for programs, and that what follows obeys."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.documents import document_of
from tests.engine.training.runs import draw
from workbench.cli import main

QUICK = ["recipe.image_size=32", "recipe.precision=fp32", "recipe.device=cpu", "recipe.preset=probe", "recipe.epochs=1"]
SETTINGS = [word for setting in QUICK for word in ("--set", setting)]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A project p of two colours, one picture in the wrong folder and a near copy in validation."""
    for number, colour in enumerate(("blue", "red")):
        for index in range(12):
            draw(tmp_path / "d" / colour / f"{index:03}.png", colour, False, 1000 * number + index)
    draw(tmp_path / "d" / "red" / "wrong.png", "blue", False, 77)
    task = ["--task", f"colour={tmp_path / 'd'}", "--backbone", "squeezenet1_0", "--weights", "none"]
    assert main(["new", str(tmp_path / "p"), *task, *SETTINGS]) == 0
    return tmp_path


def test_doubts_are_listed_decided_and_obeyed(place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    project, wrong = place / "p", place / "d" / "red" / "wrong.png"
    assert main(["doubts", str(project)]) == 0
    out = capfd.readouterr().out
    assert "colour: the probe agrees with" in out
    first = next(line for line in out.splitlines() if str(wrong) in line)
    assert first.split()[-5:-2] == ["train", "red", "blue"] or first.split()[-5:-2] == ["validation", "red", "blue"]
    document = document_of(capfd, "doubts", project, "--task", "colour", "--top", 1)
    (doubt,) = document["tasks"]["colour"]["doubts"]
    assert (doubt["image"], doubt["label"], doubt["suggestion"]) == (str(wrong), "red", "blue")

    said = document_of(capfd, "relabel", project, wrong, "--task", "colour", "--label", "blue")
    assert said == {"task": "colour", "verdict": "relabelled", "label": "blue", "pictures": [str(wrong)]}
    assert main(["relabel", str(project), str(place / "d" / "red" / "000.png"), "--task", "colour", "--aside"]) == 0
    assert "1 set aside. The next run obeys" in capfd.readouterr().out
    assert main(["check", str(project)]) == 0
    assert "labels corrected: 1, set aside: 1" in capfd.readouterr().out
    assert main(["train", str(project)]) == 0
    scored = [document_of(capfd, "evaluate", project, "--part", part) for part in ("train", "validation")]
    targets = {each["image"]: each["target"] for part in scored for each in part["tasks"]["colour"]["images"]}
    assert len(targets) == 24 and targets[str(wrong)] == "blue" and str(place / "d" / "red" / "000.png") not in targets

    assert main(["relabel", str(project), str(wrong), "--task", "colour", "--restore"]) == 0
    assert "1 back as given" in capfd.readouterr().out
    assert main(["relabel", str(project), str(wrong), "--task", "colour", "--restore"]) == 0
    assert "nothing had been decided" in capfd.readouterr().out
    assert main(["relabel", str(project), str(wrong), "--task", "colour", "--keep"]) == 0
    capfd.readouterr()
    document = document_of(capfd, "doubts", project)
    assert str(wrong) not in {each["image"] for each in document["tasks"]["colour"]["doubts"]}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["doubts", "--top", "0"], "--top 0 lists nothing."),
        (["doubts", "--task", "size"], "The project has no task size."),
        (["relabel", "nowhere.png", "--task", "colour", "--aside"], "The project has no picture"),
        (["relabel", "d/red/000.png", "--task", "size", "--aside"], "The project has no task size."),
        (["relabel", "d/red/000.png", "--task", "colour", "--label", "green"], "Task colour has no label green."),
        (["relabel", "d/red/000.png", "--task", "colour", "--label", " "], "an empty label is none"),
    ],
)
def test_mistakes_are_said_in_a_sentence_and_write_nothing(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(place)
    capsys.readouterr()
    assert main([words[0], "p", *words[1:]]) == 2
    caught = capsys.readouterr()
    assert said in caught.err and "Traceback" not in caught.err and caught.out == ""
    assert not (place / "p" / "labels.toml").exists() and not (place / "p" / "doubts").exists()
