"""A run that has ended is trained for more epochs, and what is added can be broken off and resumed like the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from tests.engine.training.runs import carry_out, ended, losses, project, result, two_tasks, weights
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Epoch, Event, PhaseStarted, RunResumed, Step
from workbench.core.project import Project
from workbench.core.resolved import load_resolved
from workbench.core.specs import CalibrateSpec, EvaluateSpec
from workbench.engine.insight.confidence.job import calibrate
from workbench.engine.insight.evaluate import evaluate
from workbench.engine.training import step_log
from workbench.engine.training.results import stored_parts


@pytest.fixture(autouse=True)
def each_step_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_log, "INTERVAL_S", 0.0)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Three steps an epoch: one epoch on features, then two on pixels."""
    tasks = two_tasks(tmp_path_factory.mktemp("data"))
    backbone = {"name": "mobilenet_v3_small", "freeze": 3}
    return project(tasks, backbone, head_epochs=1, epochs=2, patience=0, warmup_epochs=0.0)


def at(step: int, act: Callable[[Control], None]) -> Callable[[Event, Control], None]:
    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last == step:
            act(control)

    return watch


def rates(events: list[Event]) -> dict[int, float]:
    """Step → the highest learning rate."""
    lines = [event for event in events if isinstance(event, Step)]
    return {event.last: max(rate for (rate,) in event.learning_rates.values()) for event in lines}


def test_more_epochs_follow_in_a_phase_of_their_own(wanted: Project, tmp_path: Path) -> None:
    first = carry_out(wanted, tmp_path)
    assert max(losses(first)) == 9
    more = carry_out(wanted, tmp_path, resume=True, more=2)
    assert [(e.name, e.first_epoch, e.epochs) for e in more if isinstance(e, PhaseStarted)] == [
        ("stages", 4, 2)
    ]
    assert [e.step for e in more if isinstance(e, RunResumed)] == [9]
    assert sorted(losses(more)) == [10, 11, 12, 13, 14, 15]
    assert [e.epoch for e in more if isinstance(e, Epoch)] == [4, 5]
    assert rates(more)[10] == pytest.approx(rates(first)[4])  # it rises to its full height again
    assert rates(more)[15] < rates(more)[10]
    assert ended(more).status == "finished" and result(more)["status"] == "finished"
    again = carry_out(wanted, tmp_path, resume=True, more=1)
    assert sorted(losses(again)) == [16, 17, 18]
    kept = [(more.phase, more.done, more.epochs) for more in load_resolved(tmp_path / "runs/001-run").more]
    assert kept == [(1, 2, 2), (2, 2, 1)]


def test_what_is_added_can_be_broken_off_and_resumed(wanted: Project, tmp_path: Path) -> None:
    for run in ("whole", "broken"):
        carry_out(wanted, tmp_path, run)
    whole = carry_out(wanted, tmp_path, "whole", resume=True, more=2)
    first = carry_out(wanted, tmp_path, "broken", resume=True, more=2, watch=at(11, Control.cancel))
    assert ended(first).status == "interrupted" and max(losses(first)) == 11
    rest = carry_out(wanted, tmp_path, "broken", resume=True)
    assert {**losses(first), **losses(rest)} == losses(whole)
    found = weights(tmp_path, "last", "broken")
    assert all(torch.equal(value, found[name]) for name, value in weights(tmp_path, "last", "whole").items())


@pytest.mark.parametrize(("step", "phase"), [(2, "heads"), (7, "stages")])
def test_a_stopped_run_goes_on_in_the_phase_that_was_under_way(
    wanted: Project, tmp_path: Path, step: int, phase: str
) -> None:
    stopped = carry_out(wanted, tmp_path, watch=at(step, Control.stop))
    assert ended(stopped).status == "stopped"
    more = carry_out(wanted, tmp_path, resume=True, more=1)
    assert [e.name for e in more if isinstance(e, PhaseStarted)] == [phase]
    assert [e.step for e in more if isinstance(e, RunResumed)] == [step]
    assert sorted(losses(more)) == [step + 1, step + 2, step + 3]
    assert ended(more).status == "finished"


def test_a_run_of_heads_alone_goes_on_on_its_features(wanted: Project, tmp_path: Path) -> None:
    recipe = wanted.recipe.model_copy(update={"preset": "probe", "epochs": 2, "augment": "none"})
    probe = wanted.model_copy(update={"recipe": recipe})
    carry_out(probe, tmp_path)
    more = carry_out(probe, tmp_path, resume=True, more=3)
    assert [e.epoch for e in more if isinstance(e, Epoch)] == [3, 4, 5]


def test_heads_that_are_worked_out_at_once_have_nothing_to_train_longer(wanted: Project, tmp_path: Path) -> None:
    tasks = [task.model_copy(update={"head": "centroid"}) for task in wanted.tasks]
    recipe = wanted.recipe.model_copy(update={"preset": "few-shot"})
    few = wanted.model_copy(update={"tasks": tasks, "recipe": recipe})
    carry_out(few, tmp_path)
    with pytest.raises(RequestError, match="worked out at once") as refused:
        carry_out(few, tmp_path, resume=True, more=1)
    assert "--from 001-run" in refused.value.fix and not load_resolved(tmp_path / "runs/001-run").more


def test_without_a_checkpoint_there_is_nothing_to_go_on_from(wanted: Project, tmp_path: Path) -> None:
    carry_out(wanted, tmp_path)
    for kind in ("last", "previous"):
        (tmp_path / "runs/001-run/checkpoints" / kind / "state.pt").write_bytes(b"")
    with pytest.raises(RequestError, match="no checkpoint to go on from") as refused:
        carry_out(wanted, tmp_path, resume=True, more=1)
    assert "--from 001-run" in refused.value.fix
    assert not load_resolved(tmp_path / "runs/001-run").more


def test_trained_longer_without_a_better_model_a_run_keeps_what_that_has_answered(tmp_path: Path) -> None:
    """As it was calibrated, and of the parts that it was asked about."""
    wanted = project(two_tasks(tmp_path), preset="full", epochs=1, learning_rate=0.0, batch_norm="eval")
    carry_out(wanted, tmp_path)
    run_dir = tmp_path / "runs" / "001-run"
    place = {"project_dir": tmp_path, "run_dir": run_dir, "run": "001-run"}
    list(evaluate(EvaluateSpec(**place, part="train"), Control()))
    list(calibrate(CalibrateSpec(**place), Control()))
    before = {path.name: path.read_bytes() for path in (run_dir / "results").iterdir()}
    assert "metrics-train.json" in before and b"calibration" in before["metrics.json"]
    more = carry_out(wanted, tmp_path, resume=True, more=1)
    assert not any(event.best for event in more if isinstance(event, Epoch))
    assert {path.name: path.read_bytes() for path in (run_dir / "results").iterdir()} == before
    assert result(more)["metrics"] == json.loads(before["summary.json"])


def test_a_calibrated_run_that_was_stopped_keeps_its_calibration_when_it_is_finished_without_a_better_model(
    tmp_path: Path,
) -> None:
    wanted = project(two_tasks(tmp_path), preset="full", epochs=2, learning_rate=0.0, batch_norm="eval")
    wanted = wanted.model_copy(update={"split": wanted.split.model_copy(update={"test": 0.2})})
    carry_out(wanted, tmp_path, watch=lambda event, control: control.stop() if isinstance(event, Epoch) else None)
    run_dir = tmp_path / "runs" / "001-run"
    place = {"project_dir": tmp_path, "run_dir": run_dir, "run": "001-run"}
    list(calibrate(CalibrateSpec(**place), Control()))
    before = (run_dir / "results" / "metrics.json").read_bytes()
    assert stored_parts(run_dir) == ["validation"] and b"calibration" in before
    more = carry_out(wanted, tmp_path, resume=True, more=1)
    assert ended(more).status == "finished" and not any(event.best for event in more if isinstance(event, Epoch))
    assert (run_dir / "results" / "metrics.json").read_bytes() == before
    list(evaluate(EvaluateSpec(**place, part="test"), Control()))
    assert stored_parts(run_dir) == ["validation", "test"]
    assert b"calibration" in (run_dir / "results" / "metrics-test.json").read_bytes()
