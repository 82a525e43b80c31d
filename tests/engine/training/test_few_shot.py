"""Runs of the preset few-shot: heads are worked out, nothing trains, and one picture of a class is enough."""

from __future__ import annotations

from pathlib import Path

import torch

from tests.engine.training.runs import carry_out, ended, project, two_tasks, weights
from workbench.core.events import Epoch, Event, PhaseStarted, Step
from workbench.core.project import Project


def asked(folder: Path, each: int) -> Project:
    return project(two_tasks(folder, each=each), {"name": "resnet18", "weights": "starter"}, preset="few-shot")


def epochs(events: list[Event]) -> list[Epoch]:
    return [event for event in events if isinstance(event, Epoch)]


def test_both_heads_are_worked_out_and_scored_in_one_epoch(tmp_path: Path) -> None:
    events = carry_out(asked(tmp_path, each=10), tmp_path)
    (epoch,) = epochs(events)
    assert ended(events).status == "finished"
    assert [e.trainable_parameters for e in events if isinstance(e, PhaseStarted)] == [0]
    assert epoch.best and epoch.score is not None and epoch.score > 0.6
    assert epoch.train["colour"]["accuracy"] == 1.0


def test_one_picture_of_each_class_is_enough(tmp_path: Path) -> None:
    wanted = asked(tmp_path, each=1)
    events = carry_out(wanted.model_copy(update={"tasks": wanted.tasks[:1]}), tmp_path)
    assert ended(events).status == "finished" and len(epochs(events)) == 1


def test_beside_a_task_that_trains_the_head_stays_as_it_was_worked_out(tmp_path: Path) -> None:
    tasks = two_tasks(tmp_path, each=6)
    tasks[1]["head"] = "linear"
    said, kept = {}, {}
    for count in (1, 3):
        wanted = project(tasks, {"name": "resnet18", "weights": "starter"}, preset="few-shot", epochs=count)
        said[count] = carry_out(wanted, tmp_path / str(count))
        kept[count] = weights(tmp_path / str(count))
        assert len(epochs(said[count])) == count
    assert torch.equal(kept[3]["heads.task colour.weight"], kept[1]["heads.task colour.weight"])
    assert not torch.equal(kept[3]["heads.task pattern.linear.weight"], kept[1]["heads.task pattern.linear.weight"])
    assert all(event.learning_rates.keys() == {"head pattern"} for event in said[3] if isinstance(event, Step))
