"""Accuracy against pictures a class: what is drawn, what judges, and that more pictures help where they must."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.training.runs import carry_out, project, two_tasks
from tests.engine.transfer.blend.runs import document, stopped
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import to_json
from workbench.core.kinds import CLOSED_FORM
from workbench.core.project import Project
from workbench.core.shots import shots_file
from workbench.core.specs import ShotsSpec
from workbench.engine.transfer.shots.draws import Pool, answered_right, summed_up
from workbench.engine.transfer.shots.job import shots

BACKBONE = {"name": "mobilenet_v3_small", "weights": "starter"}


def asked(wanted: Project, folder: Path, **more: Any) -> ShotsSpec:
    return ShotsSpec.model_validate({"project": wanted, "project_dir": folder, "draws": 2, "shots": (1,), **more})


@given(st.lists(st.integers(0, 3), min_size=8, max_size=40), st.integers(1, 6), st.booleans(), st.integers(0, 9))
def test_draws_grow_and_never_judge_themselves(classes: list[int], shot: int, apart: bool, number: int) -> None:
    targets = np.array(classes, np.int64)
    known = np.arange(len(targets)) % 3 != 0 if apart else np.ones(len(targets), np.bool_)
    pool = Pool(targets, known, 4, apart)
    few, more = pool.draw(shot, number), pool.draw(shot + 1, number)
    assert set(few) <= set(more) and known[few].all()
    assert not set(few) & set(pool.judging(few))
    of_class = np.bincount(targets[few], minlength=4)
    assert (of_class == np.minimum(pool.counts, shot)).all()
    assert pool.short(shot) == int((of_class < shot).sum())


def test_classes_that_lie_apart_are_told_from_one_picture_each() -> None:
    targets = np.repeat(np.arange(3), 8)
    features = torch.nn.functional.one_hot(torch.from_numpy(targets), 5).float() + 0.01 * torch.randn(24, 5)
    pool = Pool(targets, np.arange(24) % 2 == 0, 3, apart=True)
    drawn = pool.draw(1, 0)
    for head in CLOSED_FORM:
        assert answered_right(features, pool, head, drawn, pool.judging(drawn)).all(), head


def test_the_interval_holds_both_doubts() -> None:
    pool = Pool(np.arange(80) % 2, np.arange(80) < 40, 2, apart=True)
    steady = [np.array([1.0, 1.0, 0.0, 1.0] * 10)] * 4
    value, ends = summed_up(steady, pool)
    assert value == 0.75 and ends is not None and ends[0] < 0.75 < ends[1]
    swinging = [np.full(40, float(at % 2)) for at in range(4)]
    _, wide = summed_up(swinging, pool)
    assert wide is not None and wide[1] - wide[0] > ends[1] - ends[0]


def test_draws_that_agree_on_a_handful_of_pictures_promise_no_certainty() -> None:
    pool = Pool(np.array([0, 0, 1, 1]), np.ones(4, np.bool_), 2, apart=False)
    for right in (0.0, 0.5, 1.0):
        value, ends = summed_up([np.array([right, right])] * 20, pool)
        assert value == right and ends is not None
        assert ends[0] <= right <= ends[1] and ends[1] - ends[0] >= 0.4


def test_of_the_projects_backbone(tmp_path: Path) -> None:
    wanted = project(two_tasks(tmp_path, each=20), BACKBONE)
    wanted = wanted.model_copy(update={"split": wanted.split.model_copy(update={"validation": 0.4})})
    found = document(shots(asked(wanted, tmp_path, shots=(1, 10, 90)), Control()))
    assert json.loads(shots_file(tmp_path, None).read_text()) == json.loads(to_json(found))
    task = found["tasks"]["colour"]
    assert task["shots"] == [1, 10] and task["judged_on"] == 24 and task["chance"] == pytest.approx(1 / 3)
    assert [(each["features"], each["head"]) for each in task["curves"]] == [
        (source, head) for source in ("backbone", "pixels") for head in CLOSED_FORM
    ]
    ridge = task["curves"][0]["points"]
    assert ridge[-1]["score"] > task["chance"] and ridge[-1]["score"] >= ridge[0]["score"]
    for curve in task["curves"]:
        for point in curve["points"]:
            assert 0 <= point["interval"][0] <= point["score"] <= point["interval"][1] <= 1


def test_of_a_run_and_without_enough_outside_of_training(tmp_path: Path) -> None:
    wanted = project(two_tasks(tmp_path, each=4), BACKBONE, preset="full", epochs=1)
    found = document(shots(asked(wanted, tmp_path, tasks=("colour",)), Control()))
    assert found["tasks"]["colour"]["judged_on"] is None and found["tasks"]["colour"]["shots"] == [1]
    carry_out(wanted, tmp_path)
    run = tmp_path / "runs" / "001-run"
    with pytest.raises(RequestError, match="outside of training"):
        list(shots(asked(wanted, tmp_path, run_dir=run, run=run.name), Control()))


def test_what_cannot_be_tried_is_refused_and_it_ends_when_told(tmp_path: Path) -> None:
    wanted = project(two_tasks(tmp_path, each=8), BACKBONE)
    for more, said in (({"draws": 1}, "1 draws"), ({"shots": (0,)}, "one picture"), ({"tasks": ("x",)}, "no task x")):
        with pytest.raises(RequestError, match=said):
            list(shots(asked(wanted, tmp_path, **more), Control()))
    control = Control()
    heard = stopped(shots(asked(wanted, tmp_path), control), control)
    assert not any(event.event == "result" for event in heard)
    assert not shots_file(tmp_path, None).exists()
