"""One run of all kinds of task at once: it trains, is scored, answers, goes on, and looks ahead."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from PIL import Image

from tests.engine.training.runs import at_each_step, carry_out, ended, four_kinds, losses, project, weights
from workbench.core.control import Control
from workbench.core.events import Epoch, Event, Notice, PhaseStarted, Result, RunStarted, Step
from workbench.core.kinds import KINDS
from workbench.core.parsing import parse_source
from workbench.core.project import Project, Task
from workbench.core.resolved import load_resolved
from workbench.core.specs import AffinitySpec, EvaluateSpec, PredictSpec
from workbench.engine.insight import affinity as affinity_job
from workbench.engine.insight.affinity import affinity
from workbench.engine.insight.evaluate import evaluate
from workbench.engine.insight.predict import predict


class Whole(NamedTuple):
    folder: Path
    wanted: Project
    events: list[Event]

    @property
    def run_dir(self) -> Path:
        return self.folder / "runs" / "whole"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    folder = tmp_path_factory.mktemp("kinds")
    tasks = four_kinds(folder)
    tasks[0]["own_stages"] = 1
    wanted = project(tasks, {"freeze": 2}, head_epochs=2, epochs=2, patience=0, augment="strong")
    with pytest.MonkeyPatch.context() as patch:
        at_each_step(patch)
        yield Whole(folder, wanted, carry_out(wanted, folder, "whole"))


def the_result(events: Iterator[Event]) -> Any:
    (found,) = [event for event in events if isinstance(event, Result)]
    return json.loads(json.dumps(found.document, allow_nan=False))


def test_masks_wait_for_the_phase_on_pixels_and_only_then_a_best_is_kept(whole: Whole) -> None:
    assert ended(whole.events).status == "finished"
    heads, stages = [event for event in whole.events if isinstance(event, PhaseStarted)]
    first, *_, last = [event for event in whole.events if isinstance(event, Epoch)]
    assert (heads.name, stages.name) == ("heads", "stages")
    assert set(first.validation) == {"colour", "marks", "size"} and not first.best
    assert set(last.validation) == {"colour", "marks", "size", "area"}
    best = ended(whole.events).best
    assert best is not None and best.epoch > 2
    for event in whole.events:
        if isinstance(event, Step):
            assert all((loss is None) == (event.phase == "heads") for loss in event.losses["area"])


def test_epochs_hold_the_metrics_of_each_kind(whole: Whole) -> None:
    (started,) = [event for event in whole.events if isinstance(event, RunStarted)]
    last = [event for event in whole.events if isinstance(event, Epoch)][-1]
    for name, facts in started.tasks.items():
        assert {"loss", KINDS[facts.kind].metric} <= set(last.validation[name])
        assert last.train[name]["loss"] is not None and last.train[name]["loss"] >= 0
    assert last.train["size"]["mae"] == pytest.approx(last.train["size"]["loss"])
    assert last.score is not None and 0 <= last.score <= 1


def test_the_run_knows_units_and_pixel_values(whole: Whole) -> None:
    resolved = load_resolved(whole.run_dir)
    size, area = resolved.task("size"), resolved.task("area")
    assert size.classes == [] and 25 < size.mean < 40 and size.deviation > 5
    assert area.mask_values == [0, 255] and area.classes == ["background", "foreground"] and sum(area.class_counts) > 0


@pytest.mark.parametrize("step", [3, 12])
def test_resumed_equals_uninterrupted(whole: Whole, step: int) -> None:
    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last == step:
            control.cancel()

    run = f"broken-{step}"
    broken = carry_out(whole.wanted, whole.folder, run, watch=watch)
    rest = carry_out(whole.wanted, whole.folder, run, resume=True)
    assert {**losses(broken), **losses(rest)} == losses(whole.events)
    for kind in ("last", "best"):
        expected, found = weights(whole.folder, kind, "whole"), weights(whole.folder, kind, run)
        assert all(torch.equal(found[name], value) for name, value in expected.items())


def test_what_is_stored_is_what_evaluate_works_out_anew(whole: Whole) -> None:
    stored = json.loads((whole.run_dir / "results" / "metrics-validation.json").read_text())
    spec = EvaluateSpec(project_dir=whole.folder, run_dir=whole.run_dir, run="whole", part="validation")
    again = the_result(evaluate(spec, Control()))
    for name, facts in stored["tasks"].items():
        assert facts["count"] == again["tasks"][name]["count"] > 0
        for metric, value in facts["metrics"].items():
            assert again["tasks"][name]["metrics"][metric] == pytest.approx(value, abs=1e-4), (name, metric)
    assert stored["tasks"]["area"]["images"][0]["mask"].startswith("masks/")


def test_other_pictures_of_every_kind(whole: Whole) -> None:
    tasks = {task.name: task for task in load_resolved(whole.run_dir).project.tasks}
    spec = EvaluateSpec(
        project_dir=whole.folder, run_dir=whole.run_dir, run="whole", data=tuple(tasks.values())
    )
    found = the_result(evaluate(spec, Control()))
    assert {name: facts["count"] for name, facts in found["tasks"].items()} == dict.fromkeys(tasks, 36)
    (whole.folder / "other.csv").write_text("image,marks\npictures/000.png,striped|blue\npictures/001.png,blue\n")
    other = Task(**{**tasks["marks"].model_dump(), **parse_source(f"{whole.folder / 'other.csv'}:marks")})
    events = list(evaluate(spec.model_copy(update={"data": (other,)}), Control()))
    assert any("unknown to the run (blue)" in event.text for event in events if isinstance(event, Notice))
    assert the_result(iter(events))["tasks"]["marks"]["images"][0]["target"] == ["striped"]


def test_predictions_have_a_column_for_what_each_kind_says(whole: Whole) -> None:
    list(evaluate(EvaluateSpec(project_dir=whole.folder, run_dir=whole.run_dir, run="whole", part="train"), Control()))
    with open(whole.run_dir / "results" / "predictions.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 36
    first = next(row for row in rows if row["image"].endswith("000.png"))
    assert first["colour.target"] == "red" and first["marks.target"] == "striped|warm"
    assert float(first["size.target"]) == 10.5 and float(first["size.spread"]) > 0
    assert 0 <= float(first["area.iou"]) <= 1


def test_answers_of_every_kind_and_masks_as_files(whole: Whole, tmp_path: Path) -> None:
    pictures = (whole.folder / "pictures" / "000.png", whole.folder / "masks" / "000.png", tmp_path / "broken.png")
    pictures[2].write_bytes(b"no picture")
    spec = PredictSpec(
        project_dir=whole.folder, run_dir=whole.run_dir, run="whole", images=pictures, out=tmp_path / "out"
    )
    first, second, broken = the_result(predict(spec, Control()))
    assert broken["error"] and broken["tasks"] == {}
    assert set(first["tasks"]["marks"]) == {"labels", "probabilities", "unknown"}
    low, high = first["tasks"]["size"]["interval"]
    assert low < first["tasks"]["size"]["value"] < high
    assert sum(first["tasks"]["area"]["areas"].values()) == pytest.approx(1)
    masks = [row["tasks"]["area"]["mask"] for row in (first, second)]
    assert [Path(mask).name for mask in masks] == ["000.png", "000-2.png"], "pictures of one name stay apart"
    with Image.open(masks[0]) as mask:
        values = np.asarray(mask)
    assert values.shape == (40, 40) and set(np.unique(values)) <= {0, 255}
    share = float((values == 255).mean())
    assert share == pytest.approx(first["tasks"]["area"]["areas"]["foreground"])
    without = the_result(predict(spec.model_copy(update={"out": None, "images": pictures[:1]}), Control()))
    assert without[0]["tasks"]["area"]["mask"] is None


def test_looking_ahead_leaves_the_model_as_it_is(whole: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(affinity_job, "FALL", 1e-4)  # a step so short that every loss is straight
    before = weights(whole.folder, "best", "whole")
    spec = AffinitySpec(project_dir=whole.folder, run_dir=whole.run_dir, run="whole", batches=3)
    found = the_result(affinity(spec, Control()))
    assert found["tasks"] == ["colour", "marks", "size", "area"] and found["batches"] == 3
    values = np.array(found["matrix"], dtype=float)
    assert values.shape == (4, 4) and np.isfinite(values).all()
    assert (np.diag(values) > 0).all(), "a step helps its own task"
    assert json.loads((whole.run_dir / "results" / "affinity.json").read_text()) == found
    after = weights(whole.folder, "best", "whole")
    assert all(torch.equal(value, after[name]) for name, value in before.items())


def test_own_stages_part_from_the_shared_ones_only_once_stages_train(whole: Whole) -> None:
    best = weights(whole.folder, "best", "whole")
    own = {name: value for name, value in best.items() if name.startswith("branches.task colour.")}
    assert {name.split(".")[3] for name in own} == {"9", "10", "11", "12"}  # what mobilenet_v3_small's last stage holds
    shared = {name: best[name.replace("branches.task colour.", "backbone.")] for name in own}
    assert any(not torch.equal(value, shared[name]) for name, value in own.items())


def test_a_run_of_masks_alone_needs_no_heads_first(tmp_path: Path) -> None:
    wanted = project(four_kinds(tmp_path)[3:], {"freeze": "all"}, head_epochs=2, epochs=1, patience=0)
    events = carry_out(wanted, tmp_path)
    (phase,) = [event for event in events if isinstance(event, PhaseStarted)]
    assert phase.name == "heads" and ended(events).best is not None
    stages = project(four_kinds(tmp_path)[3:], {"freeze": 4}, head_epochs=2, epochs=1, patience=0)
    (phase,) = [e for e in carry_out(stages, tmp_path, "002-run") if isinstance(e, PhaseStarted)]
    assert phase.name == "stages" and phase.first_epoch == 1
