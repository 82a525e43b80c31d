"""What can be made of a run that has ended: more epochs, and a new run that begins with its weights."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.forks import Forks
from tests.engine.training.runs import project, two_tasks
from workbench.core.resolved import load_resolved
from workbench.project.history import RunHistory
from workbench.project.runs import read_run
from workbench.project.store import ProjectFile

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes of these tests are forked")


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    forks = Forks()
    yield forks
    forks.close()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, forks: Forks) -> Path:
    folder = tmp_path_factory.mktemp("further")
    wanted = project(two_tasks(folder), {"name": "squeezenet1_0"}, preset="probe", epochs=2)
    file = ProjectFile.create(folder / "p", wanted)
    assert train(forks, file.folder)[1] == 0
    return file.folder


def train(forks: Forks, folder: Path, *options: str) -> tuple[list[dict[str, Any]], int]:
    return forks.carry_out(["train", str(folder), "--events", *options])


def test_the_latest_run_is_trained_for_more_epochs(forks: Forks, trained: Path) -> None:
    events, code = train(forks, trained, "--more", "2")
    assert code == 0 and events[-1]["status"] == "finished"
    history = RunHistory.read(trained / "runs/001-probe")
    assert [epoch.epoch for epoch in history.epochs] == [1, 2, 3, 4]
    assert list(history.train_loss["colour"].x) == list(range(1, len(history.train_loss["colour"].x) + 1))
    assert read_run(trained, "001-probe").status == "finished"


def test_a_new_run_begins_with_the_weights_and_heads_of_another(forks: Forks, trained: Path) -> None:
    events, code = train(forks, trained, "--from", "1", "--name", "anew", "--set", "recipe.epochs=1")
    assert code == 0
    said = [event["text"] for event in events if event["event"] == "notice"]
    assert any("From run 001-probe heads begin: colour, pattern" in text for text in said)
    asked = load_resolved(trained / "runs" / events[0]["run"]).project
    assert (asked.backbone.name, asked.backbone.weights) == ("squeezenet1_0", "run:001-probe")
    assert asked.recipe.epochs == 1
    assert ProjectFile.read(trained).project.backbone.weights == "none"  # the project is as it was


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--more", "0"), "0 more epochs"),
        (("--more", "2", "--name", "x"), "keeps its settings"),
        (("--more", "2", "--from", "1"), "keeps its settings"),
        (("--more", "2", "--resume", "77"), "no run 77"),
        (("--from", "77"), "no run 77"),
    ],
)
def test_wrong_requests_write_nothing(
    forks: Forks, trained: Path, options: tuple[str, ...], named: str
) -> None:
    before = sorted(path.name for path in (trained / "runs").iterdir())
    events, code = train(forks, trained, *options)
    assert code == 2 and named in events[0]["error"]
    assert sorted(path.name for path in (trained / "runs").iterdir()) == before


def test_a_run_that_did_not_finish_is_to_be_resumed_first(forks: Forks, trained: Path) -> None:
    _, code = forks.carry_out(["train", str(trained), "--events", "--name", "killed"], 4)
    assert code == -9
    (name,) = [path.name for path in (trained / "runs").iterdir() if path.name.endswith("-killed")]
    events, code = train(forks, trained, "--more", "1", "--resume", name)
    assert code == 2 and "interrupted" in events[0]["error"] and f"--resume {name}" in events[0]["advice"]
