"""Whole runs on small pictures: what they say, what they leave behind, and what stands still."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.engine.training.runs import carry_out, ended, losses, project, result, two_tasks, weights
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import (
    Checkpoint,
    Epoch,
    Event,
    Notice,
    PhaseStarted,
    Progress,
    Result,
    RunFailed,
    RunPaused,
    RunStarted,
    Step,
)
from workbench.core.project import Project
from workbench.core.resolved import load_resolved
from workbench.core.specs import EvaluateSpec, Part
from workbench.engine.insight.evaluate import evaluate
from workbench.engine.model.network import HeadChoice, build_network
from workbench.engine.training import judging, loop, results
from workbench.engine.training.checkpoints import Checkpoints
from workbench.engine.training.results import stored_parts


def of(events: list[Event], kind: type[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def test_a_balanced_run_from_end_to_end(tmp_path: Path) -> None:
    wanted = project(two_tasks(tmp_path), {"freeze": 3}, head_epochs=3, epochs=2, patience=0)
    events = carry_out(wanted, tmp_path)
    assert ended(events).status == "finished"
    started = of(events, RunStarted)[0]
    assert list(started.tasks) == ["colour", "pattern"] and started.epochs == 5
    assert started.tasks["colour"].classes == ["blue", "green", "red"]
    assert [stage.frozen for stage in started.stages] == [True, True, True, False, False]
    phases = of(events, PhaseStarted)
    assert [(p.name, p.epochs, p.first_epoch) for p in phases] == [("heads", 3, 1), ("stages", 2, 4)]
    assert phases[0].trainable_parameters < phases[1].trainable_parameters == started.trainable_parameters
    epochs = of(events, Epoch)
    assert [(e.phase, e.epoch) for e in epochs] == [
        ("heads", 1),
        ("heads", 2),
        ("heads", 3),
        ("stages", 4),
        ("stages", 5),
    ]
    assert list(losses(events)) == list(range(1, epochs[-1].step + 1))
    assert all(0 <= e.score <= 1 and e.remaining_s >= 0 for e in epochs)
    best = max(epochs, key=lambda e: (e.score, -sum(v["loss"] for v in e.validation.values())))
    assert ended(events).best is not None and ended(events).best.epoch == best.epoch
    assert {event.kind for event in of(events, Checkpoint)} == {"last", "best"}
    learned = {name for event in of(events, Step) if event.phase == "stages" for name in event.learning_rates}
    assert learned == {"stage3", "stage4", "head colour", "head pattern"}


def test_results_are_those_by_which_the_best_was_chosen(tmp_path: Path) -> None:
    wanted = project(two_tasks(tmp_path), preset="full", epochs=2)
    events = carry_out(wanted, tmp_path)
    run = tmp_path / "runs" / "001-run"
    document = json.loads((run / "results" / "metrics.json").read_text(encoding="utf-8"))
    assert document == json.loads((run / "results" / "metrics-validation.json").read_text(encoding="utf-8"))
    assert document["run"] == "001-run" and document["part"] == "validation"
    summary = json.loads((run / "results" / "summary.json").read_text(encoding="utf-8"))
    assert summary == {task: facts["metrics"] for task, facts in document["tasks"].items()}
    chosen = next(e for e in of(events, Epoch) if e.epoch == ended(events).best.epoch)  # type: ignore[union-attr]
    for task, facts in document["tasks"].items():
        assert facts["metrics"]["accuracy"] == pytest.approx(chosen.validation[task]["accuracy"])
        assert facts["metrics"]["loss"] == pytest.approx(chosen.validation[task]["loss"])
        assert facts["count"] == len(facts["images"]) == sum(map(sum, facts["confusion"]))
        assert all((tmp_path / image["image"]).is_file() for image in facts["images"])
    assert result(events)["metrics"] == {task: facts["metrics"] for task, facts in document["tasks"].items()}
    lines = predictions(run)
    seen = {image["image"] for facts in document["tasks"].values() for image in facts["images"]}
    assert {line["image"] for line in lines} == seen and {line["part"] for line in lines} == {"validation"}


def test_training_pictures_are_answered_when_asked_for_and_then_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = project(two_tasks(tmp_path), preset="full", epochs=1)
    events = carry_out(wanted, tmp_path)
    run = tmp_path / "runs" / "001-run"
    assert stored_parts(run) == ["validation"]
    before = predictions(run)
    asked = score(tmp_path, "train")
    assert json.loads((run / "results" / "metrics-train.json").read_text(encoding="utf-8")) == asked
    assert json.loads((run / "results" / "summary.json").read_text(encoding="utf-8")) == result(events)["metrics"]
    lines = predictions(run)
    assert lines[: len(before)] == before and len(lines) == 24
    right = [line["colour.target"] == line["colour.prediction"] for line in lines if line["part"] == "train"]
    assert sum(right) / len(right) == pytest.approx(asked["tasks"]["colour"]["metrics"]["accuracy"])
    assert sum(line["pattern.target"] == "" for line in lines) == 6
    assert score(tmp_path, "train") == asked and predictions(run) == lines

    def stop(event: Event, control: Control) -> None:
        if isinstance(event, Epoch) and event.best:
            control.stop()

    longer = carry_out(wanted, tmp_path, resume=True, more=20, watch=stop)
    assert ended(longer).status == "stopped"
    assert stored_parts(run) == ["validation"], "what another model has answered is gone"
    assert {line["part"] for line in predictions(run)} == {"validation"}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(results, "write_atomically", full)
    spec = EvaluateSpec(project_dir=tmp_path, run_dir=run, run="001-run", part="train")
    *others, last = evaluate(spec, Control())
    assert isinstance(last, Result) and "No space left" in of(others, Notice)[-1].text


def test_answers_of_one_model_are_never_put_beside_those_of_another(tmp_path: Path) -> None:
    wanted = project(two_tasks(tmp_path), preset="full", epochs=1)
    carry_out(wanted, tmp_path)
    run = tmp_path / "runs" / "001-run"
    before = predictions(run)

    def cancel(event: Event, control: Control) -> None:
        if isinstance(event, Checkpoint) and event.kind == "best":
            control.cancel()

    longer = carry_out(wanted, tmp_path, resume=True, more=20, watch=cancel)
    assert ended(longer).status == "interrupted"
    score(tmp_path, "train")
    assert stored_parts(run) == ["validation"] and predictions(run) == before


@pytest.mark.parametrize(
    "text", ["image;part\nMüll.png;validation\n".encode("cp1252"), b"", b"image,part,error\n1.png,validation,\n"]
)
def test_predictions_that_another_program_has_changed_are_left_as_they_are(tmp_path: Path, text: bytes) -> None:
    carry_out(project(two_tasks(tmp_path), preset="full", epochs=1), tmp_path)
    run = tmp_path / "runs" / "001-run"
    file = run / "results" / "predictions.csv"
    file.write_bytes(text)
    spec = EvaluateSpec(project_dir=tmp_path, run_dir=run, run="001-run", part="train")
    *others, last = evaluate(spec, Control())
    assert isinstance(last, Result) and "was changed by another program" in of(others, Notice)[-1].text
    assert file.read_bytes() == text and stored_parts(run) == ["validation"]


def test_training_pictures_with_stored_features_are_answered_at_once(tmp_path: Path) -> None:
    carry_out(project(two_tasks(tmp_path), preset="probe", epochs=1), tmp_path)
    assert stored_parts(tmp_path / "runs" / "001-run") == ["train", "validation"]
    assert len(predictions(tmp_path / "runs" / "001-run")) == 24


def test_a_run_cancelled_while_it_is_scored_is_interrupted_and_scored_once_it_goes_on(tmp_path: Path) -> None:
    wanted, events = told_while_it_is_scored(tmp_path, Control.cancel)
    run = tmp_path / "runs" / "001-run"
    assert ended(events).status == "interrupted" and not of(events, Result) and stored_parts(run) == []
    more = carry_out(wanted, tmp_path, resume=True)
    assert ended(more).status == "finished" and not of(more, PhaseStarted) and not of(more, Epoch)
    assert stored_parts(run) == ["validation", "test"]


def test_a_run_stopped_while_it_is_scored_says_so(tmp_path: Path) -> None:
    _, events = told_while_it_is_scored(tmp_path, Control.stop)
    assert ended(events).status == result(events)["status"] == "stopped"
    assert stored_parts(tmp_path / "runs" / "001-run") == ["validation"]


def told_while_it_is_scored(folder: Path, order: Callable[[Control], None]) -> tuple[Project, list[Event]]:
    """What was asked, and what a run said that was told something while its test part was scored."""

    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Progress) and event.what == "scoring the test part":
            order(control)

    wanted = project(two_tasks(folder), preset="full", epochs=1)
    wanted = wanted.model_copy(update={"split": wanted.split.model_copy(update={"test": 0.2})})
    return wanted, carry_out(wanted, folder, watch=watch)


def predictions(run: Path) -> list[dict[str, str]]:
    with open(run / "results" / "predictions.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def score(folder: Path, part: Part) -> dict[str, Any]:
    spec = EvaluateSpec(project_dir=folder, run_dir=folder / "runs" / "001-run", run="001-run", part=part)
    (found,) = of(list(evaluate(spec, Control())), Result)
    document: dict[str, Any] = json.loads(json.dumps(found.document))
    return document


def test_a_frozen_backbone_stays_bit_for_bit(tmp_path: Path) -> None:
    backbone = {"name": "resnet18", "freeze": 3}
    wanted = project(two_tasks(tmp_path), backbone, head_epochs=1, epochs=2, batch_norm="train", patience=0)
    carry_out(wanted, tmp_path)
    fresh = build_network("resnet18", {"colour": HeadChoice("linear", 3)}).backbone.state_dict()
    after = weights(tmp_path)
    still, moved = 0, 0
    for name, value in fresh.items():
        same = torch.equal(after[f"backbone.{name}"], value)
        if name.startswith(("layer3", "layer4")):
            moved += not same
            assert not (same and name.endswith("running_mean")), name
        else:
            assert same, name
            still += 1
    assert still > 40 and moved > 40


def test_a_probe_leaves_the_whole_backbone_as_it_is_and_is_quick_the_second_time(tmp_path: Path) -> None:
    tasks = two_tasks(tmp_path)
    wanted = project(tasks, preset="probe", epochs=3)
    first = carry_out(wanted, tmp_path)
    assert any(event.what == "computing features" for event in first if event.event == "progress")
    fresh = build_network("mobilenet_v3_small", {"colour": HeadChoice("linear", 3)}).backbone.state_dict()
    after = weights(tmp_path)
    assert all(torch.equal(after[f"backbone.{name}"], value) for name, value in fresh.items())
    second = carry_out(wanted, tmp_path, "002-run")
    assert not any(event.what == "computing features" for event in second if event.event == "progress")
    assert losses(second) == losses(first)


def test_a_full_run_from_nothing_learns(tmp_path: Path) -> None:
    recipe = {"preset": "full", "epochs": 8, "patience": 0, "augment": "light"}
    wanted = project(two_tasks(tmp_path, each=12), {"name": "resnet18"}, **recipe)
    events = carry_out(wanted, tmp_path)
    assert load_resolved(tmp_path / "runs" / "001-run").batch_norm == "train"
    assert [phase.name for phase in of(events, PhaseStarted)] == ["stages"]
    assert ended(events).best is not None and ended(events).best.score >= 0.8  # type: ignore[union-attr,operator]
    epochs = of(events, Epoch)
    assert epochs[-1].train["colour"]["loss"] < 0.5 * epochs[0].train["colour"]["loss"]


def test_heads_before_stages_of_random_weights_do_not_drown_these(tmp_path: Path) -> None:
    events = carry_out(project(two_tasks(tmp_path), {"freeze": 0}, head_epochs=1, epochs=1), tmp_path)
    stages = of(events, Epoch)[-1]
    assert stages.phase == "stages"
    assert max(part["colour"]["loss"] or 0 for part in (stages.train, stages.validation)) < 10


def test_patience_ends_a_phase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = iter([0.5, 0.6, 0.6, 0.4, 0.5, 0.9])
    monkeypatch.setattr(judging, "score", lambda metrics, kinds: next(scores))
    monkeypatch.setattr(judging, "mean_loss", lambda metrics, guessing: 1.0)
    wanted = project(two_tasks(tmp_path), preset="probe", epochs=6, patience=3)
    events = carry_out(wanted, tmp_path)
    assert [(e.score, e.best) for e in of(events, Epoch)] == [
        (0.5, True),
        (0.6, True),
        (0.6, False),
        (0.4, False),
        (0.5, False),
    ]
    assert ended(events).best.epoch == 2  # type: ignore[union-attr]


def test_without_validation_the_last_epoch_is_the_best(tmp_path: Path) -> None:
    wanted = project(two_tasks(tmp_path), preset="probe", epochs=3)
    wanted = wanted.model_copy(update={"split": wanted.split.model_copy(update={"validation": 0.0})})
    events = carry_out(wanted, tmp_path)
    assert ended(events).status == "finished" and ended(events).best.epoch == 3  # type: ignore[union-attr]
    assert ended(events).best.score is None  # type: ignore[union-attr]
    assert result(events)["part"] == "train"
    assert (tmp_path / "runs" / "001-run" / "results" / "metrics.json").is_file()


def test_stopping_keeps_the_best_with_its_scores(tmp_path: Path) -> None:
    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Epoch) and event.phase == "stages" and event.epoch == 4:
            control.stop()

    wanted = project(two_tasks(tmp_path), {"freeze": 3}, head_epochs=2, epochs=50, patience=0)
    events = carry_out(wanted, tmp_path, watch=watch)
    assert ended(events).status == "stopped" and result(events)["status"] == "stopped"
    epochs = of(events, Epoch)
    assert epochs[-1].epoch == 4
    best = next(e for e in epochs if e.epoch == ended(events).best.epoch)  # type: ignore[union-attr]
    left = tmp_path / "runs" / "001-run" / "results"
    document = json.loads((left / "metrics.json").read_text(encoding="utf-8"))
    assert document["tasks"]["colour"]["metrics"]["accuracy"] == pytest.approx(best.validation["colour"]["accuracy"])
    assert not (left / "metrics-train.json").exists()


def test_stopping_before_the_first_validation_keeps_a_model(tmp_path: Path) -> None:
    def watch(event: Event, control: Control) -> None:
        if isinstance(event, PhaseStarted):
            control.stop()

    events = carry_out(project(two_tasks(tmp_path), preset="full"), tmp_path, watch=watch)
    assert ended(events).status == "stopped" and ended(events).best.score is None  # type: ignore[union-attr]
    assert Checkpoints(tmp_path / "runs" / "001-run").read("best") is not None
    assert result(events)["metrics"] == {}
    assert any("not scored" in notice.text for notice in of(events, Notice))


def test_a_pause_rests_and_answers(tmp_path: Path) -> None:
    paused: list[float] = []

    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Epoch) and event.epoch == 1:
            import threading

            control.pause()
            threading.Timer(0.2, control.resume).start()
            paused.append(event.elapsed_s)

    events = carry_out(project(two_tasks(tmp_path), preset="probe", epochs=3), tmp_path, watch=watch)
    assert [event.paused for event in of(events, RunPaused)] == [True, False]
    assert paused and ended(events).status == "finished" and len(of(events, Epoch)) == 3


def test_a_picture_that_breaks_after_the_table_is_fixed_is_masked_and_listed(tmp_path: Path) -> None:
    tasks = two_tasks(tmp_path)
    broken = tmp_path / "colours" / "red" / "001.png"

    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Notice) and "random weights" in event.text:
            broken.write_bytes(broken.read_bytes()[:200])

    events = carry_out(project(tasks, preset="full", epochs=2, patience=0), tmp_path, watch=watch)
    assert ended(events).status == "finished"
    (notice,) = [n for n in of(events, Notice) if "001.png" in n.text]
    assert notice.level == "warning"
    score(tmp_path, "train")
    lines = predictions(tmp_path / "runs" / "001-run")
    (line,) = [line for line in lines if line["image"] == "colours/red/001.png"]
    assert line["colour.prediction"] == "" and line["colour.target"] == "red"
    assert "cut off" in line["error"]


def test_a_run_that_can_read_no_picture_fails_and_says_so(tmp_path: Path) -> None:
    tasks = two_tasks(tmp_path)

    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Notice) and "random weights" in event.text:
            for path in tmp_path.glob("colours/*/*.png"):
                path.write_bytes(path.read_bytes()[:200])

    events = carry_out(project(tasks, preset="full", epochs=2), tmp_path, watch=watch)
    assert ended(events).status == "failed" and not of(events, Epoch)
    (failed,) = of(events, RunFailed)
    assert failed.error == "No picture could be read in epoch 1, so nothing was learned."


@pytest.mark.parametrize(
    ("backbone", "recipe", "words"),
    [
        ({"name": "resnet19"}, {}, "not a known backbone"),
        ({"freeze": 9}, {}, "freeze depth"),
        ({}, {"image_size": 16}, "at least"),
        ({}, {"device": "cuda:77"}, "cuda:77"),
        ({"weights": "file:absent.pt"}, {}, "absent.pt"),
        ({}, {"precision": "fp16"}, "fp16"),
    ],
)
def test_a_wrong_request_writes_nothing(
    tmp_path: Path, backbone: dict[str, Any], recipe: dict[str, Any], words: str
) -> None:
    wanted = project(two_tasks(tmp_path), backbone, **recipe)
    with pytest.raises(RequestError, match=words):
        carry_out(wanted, tmp_path)
    assert list((tmp_path / "runs" / "001-run").iterdir()) == []


def test_a_failure_is_said_with_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("nothing to divide by")

    monkeypatch.setattr(loop, "_close_epoch", fail)
    events = carry_out(project(two_tasks(tmp_path), preset="probe"), tmp_path)
    failed = events[-2]
    assert isinstance(failed, RunFailed) and "nothing to divide by" in failed.error
    assert "ZeroDivisionError" in failed.traceback and failed.advice
    assert ended(events).status == "failed"


def test_events_follow_the_interval_and_steps_are_whole(tmp_path: Path) -> None:
    events = carry_out(project(two_tasks(tmp_path), preset="probe", epochs=4), tmp_path)
    steps = of(events, Step)
    assert all(
        event.last >= event.first and len(event.losses["colour"]) == event.last - event.first + 1 for event in steps
    )
    assert len(steps) <= 4 + ended(events).elapsed_s / 0.05
