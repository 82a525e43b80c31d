"""`workbench compare`: runs of every kind of task, for people and for programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.documents import document_of
from tests.engine.training.runs import carry_out, four_kinds, project
from workbench.cli import main
from workbench.project.store import ProjectFile

KINDS = {"colour": "single-label", "marks": "multi-label", "size": "number", "area": "mask"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose two runs differ in their epochs."""
    tmp_path = tmp_path_factory.mktemp("compare")
    made = [
        project(four_kinds(tmp_path), {"name": "squeezenet1_0"}, preset="probe", epochs=epochs) for epochs in (1, 2)
    ]
    file = ProjectFile.create(tmp_path / "p", made[0])
    for number, each in enumerate(made, start=1):
        carry_out(each, file.folder, f"00{number}-probe")
    return file.folder


def test_runs_are_compared_on_the_same_pictures(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    document = document_of(capfd, "compare", folder, "1", "2")
    assert (document["part"], document["runs"]) == ("validation", ["001-probe", "002-probe"])
    assert {row["key"]: row["values"] for row in document["settings"]} == {
        "recipe.epochs": {"001-probe": 1, "002-probe": 2}
    }
    assert {name: task["kind"] for name, task in document["tasks"].items()} == KINDS
    for number, run in enumerate(document["runs"]):
        scores = document_of(capfd, "evaluate", folder, "--run", run)["tasks"]
        for name, task in document["tasks"].items():
            for metric, value in scores[name]["metrics"].items():
                assert task["runs"][run]["metrics"][metric] == pytest.approx(value, rel=1e-5), metric
            assert task["groups"][run]["mean"] == task["runs"][run]["metrics"][task["metric"]]
            (pair,) = task["pairs"]
            assert pair["pictures"] == task["runs"][run]["count"] and pair["scores"][number] is not None
    assert main(["compare", str(folder), "1", "2", "--part", "train"]) == 0
    said = capfd.readouterr().out
    assert "recipe.epochs" in said and "002-probe beside 001-probe: accuracy" in said
    assert "They answer differently on " in said and "IoU " in said
    assert "noise" in said.splitlines()[-1]


def test_as_many_disagreements_are_named_as_asked_for(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def sizes(*words: object) -> tuple[int, int]:
        (pair,) = document_of(capfd, "compare", folder, "1", "2", *words)["tasks"]["size"]["pairs"]
        return pair["disagree"], len(pair["disagreements"])

    there, named = sizes("--all")
    assert there == named > 2 and sizes("--limit", 1) == (there, 1) and sizes("--limit", 0) == (there, 0)
    assert main(["compare", str(folder), "1", "2", "--limit", "1"]) == 0
    assert f"on {there} of " in (said := capfd.readouterr().out) and "the first 1, more with --limit or --all" in said
    assert main(["compare", str(folder), "1", "2", "--limit", "-1"]) == 2
    assert "no number of pictures" in capfd.readouterr().err


def test_what_cannot_be_compared_is_refused(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for words, named in ((["1"], "Two different"), (["1", "001-probe"], "Two different"), (["1", "7"], "no run 7")):
        assert main(["compare", str(folder), *words]) == 2
        assert named in capfd.readouterr().err
    assert main(["compare", str(folder), "1", "2", "--part", "test"]) == 2
    assert "no picture in its test part" in capfd.readouterr().err
