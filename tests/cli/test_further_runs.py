"""What can be made of a run that has ended: more epochs, the same again, and a new run with its weights."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.forks import Forks
from tests.engine.training.runs import project, two_tasks
from workbench.core.changes import Change
from workbench.core.resolved import load_resolved
from workbench.engine.training.changes import write_changes
from workbench.project.history import RunHistory
from workbench.project.runs import read_run
from workbench.project.store import ProjectFile

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes of these tests are forked")


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
    assert asked.recipe.epochs == 1 and asked.recipe.image_size == 32
    assert ProjectFile.read(trained).project.backbone.weights == "none"  # the project is as it was


def test_a_run_is_repeated_with_what_was_changed_in_it(forks: Forks, trained: Path) -> None:
    events, code = train(forks, trained, "--name", "first", "--set", "recipe.epochs=3", "--set", "recipe.seed=5")
    first = trained / "runs" / events[0]["run"]
    assert code == 0
    write_changes(first, [Change(epoch=2, set={"recipe.learning_rate": 1e-4})])
    runs = [first.name]
    for _ in range(2):
        events, code = train(forks, trained, "--repeat", runs[-1], "--name", "again")
        assert code == 0
        assert [event["epoch"] for event in events if event["event"] == "changed"] == [2]
        runs.append(events[0]["run"])
    told, again = (RunHistory.read(trained / "runs" / run) for run in runs[1:])
    assert told.train_loss == again.train_loss and told.changes[0].settings == again.changes[0].settings
    before = told.changes[0].step
    assert told.train_loss["colour"].y[:before] == RunHistory.read(first).train_loss["colour"].y[:before]
    assert told.train_loss["colour"].y != RunHistory.read(first).train_loss["colour"].y
    resolved = [load_resolved(trained / "runs" / run) for run in runs]
    assert len({each.project.model_dump_json() for each in resolved}) == 1
    assert len({each.data_hash for each in resolved}) == 1


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--more", "0"), "0 more epochs"),
        (("--more", "2", "--name", "x"), "keeps its settings"),
        (("--more", "2", "--from", "1"), "keeps its settings"),
        (("--more", "2", "--resume", "77"), "no run 77"),
        (("--from", "77"), "no run 77"),
        (("--repeat", "1", "--set", "recipe.epochs=3"), "keeps its settings"),
        (("--repeat", "77"), "no run 77"),
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


def test_a_run_whose_checkpoints_are_damaged_is_not_trained_further_and_stays_as_it_is(
    forks: Forks, trained: Path
) -> None:
    kept = trained / "runs" / "001-probe" / "checkpoints"
    hidden = trained / "hidden"
    hidden.mkdir()
    for kind in ("last", "previous"):
        if (kept / kind).exists():
            (kept / kind).rename(hidden / kind)
    events, code = train(forks, trained, "--more", "1", "--resume", "1")
    for path in hidden.iterdir():
        path.rename(kept / path.name)
    assert code == 2 and any("no checkpoint to go on from" in event.get("error", "") for event in events), events
    assert read_run(trained, "001-probe").status == "finished"


def test_a_damaged_best_is_told_and_the_end_stands_for_it(forks: Forks, trained: Path) -> None:
    best = trained / "runs" / "001-probe" / "checkpoints" / "best" / "weights.safetensors"
    best.write_bytes(best.read_bytes()[:-100])
    events, code = train(forks, trained, "--more", "1", "--resume", "1")
    said = [event["text"] for event in events if event["event"] == "notice"]
    assert code == 0 and any("The best checkpoint is damaged" in text for text in said)
    (document,) = [event["document"] for event in events if event["event"] == "result"]
    assert document["metrics"]["colour"]["accuracy"] is not None
