"""Runs that learn from a run's answers beside the labels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.engine.training.runs import (
    at_each_step,
    carry_out,
    draw,
    ended,
    four_kinds,
    losses,
    project,
    result,
    weights,
)
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Progress, RunFailed, Step
from workbench.core.project import Project
from workbench.core.resolved import load_resolved
from workbench.core.transfer import Transfer
from workbench.engine.data.sample_table import MISSING
from workbench.engine.data.table_file import load_table
from workbench.engine.training.taught import ASKING


class Home(NamedTuple):
    """A project's folder with a teacher in it, and the tasks."""

    folder: Path
    tasks: list[dict[str, Any]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("project")
    tasks = four_kinds(folder)
    with pytest.MonkeyPatch.context() as patch:
        at_each_step(patch)
        carry_out(project(tasks, epochs=1, head_epochs=1, interpolate="off"), folder, "001-teacher")
        yield Home(folder, tasks)


def student(tasks: list[dict[str, Any]], transfer: dict[str, Any] | None = None, **recipe: Any) -> Project:
    given = {"epochs": 1, "head_epochs": 2, "patience": 0, "interpolate": "off", "seed": 3, **recipe}
    asked = Transfer(teacher="1", **(transfer or {}))
    return project(tasks, **given).model_copy(update={"transfer": asked})


def notices(events: list[Event]) -> str:
    return " ".join(event.text for event in events if isinstance(event, Notice))


def test_every_kind_of_task_learns_from_a_teacher(home: Home) -> None:
    events = carry_out(student(home.tasks, {"features": 1.0}, mixup=0.3), home.folder, "002-student")
    assert ended(events).status == "finished"
    assert set(result(events)["metrics"]) == {"colour", "marks", "size", "area"}
    assert "Beside the labels, colour, marks, size, area learn from run 001-teacher." in notices(events)
    assert any(isinstance(event, Progress) and event.what == ASKING for event in events)
    facts = load_resolved(home.folder / "runs" / "002-student")
    assert facts.project.transfer.teacher == "001-teacher" and len(facts.teacher_sha256) == 64
    assert weights(home.folder, run="002-student").keys() == weights(home.folder, run="001-teacher").keys()


def test_what_the_teacher_says_changes_what_is_learned(home: Home) -> None:
    def learned(name: str, **transfer: Any) -> dict[str, Tensor]:
        carry_out(student(home.tasks[:1], transfer, preset="probe", epochs=2), home.folder, name)
        return weights(home.folder, run=name)

    plain, half = learned("003-none", share=0.0), learned("004-half", share=0.5)
    dkd = learned("005-dkd", share=0.5, distillation="dkd")
    head = "heads.task colour.layer.weight"
    name = (
        head if head in plain else next(key for key in plain if key.startswith("heads.task colour") and "weight" in key)
    )
    assert not torch.equal(plain[name], half[name]) and not torch.equal(half[name], dkd[name])


def test_a_broken_off_student_goes_on_with_the_same_bits(home: Home) -> None:
    wanted = student(home.tasks[:2], {"features": 0.5, "distillation": "dkd"}, epochs=2, batch_size=12)
    whole = carry_out(wanted, home.folder, "006-whole")
    last = max(losses(whole))
    for step in (2, last - 1):

        def watch(event: Event, control: Control, step: int = step) -> None:
            if isinstance(event, Step) and event.last == step:
                control.cancel()

        run = f"007-broken-{step}"
        broken = carry_out(wanted, home.folder, run, watch=watch)
        rest = carry_out(wanted, home.folder, run, resume=True)
        assert ended(broken).status == "interrupted" and ended(rest).status == "finished"
        assert {**losses(broken), **losses(rest)} == losses(whole)
        expected, found = weights(home.folder, run="006-whole"), weights(home.folder, run=run)
        assert all(torch.equal(found[name], value) for name, value in expected.items())


def test_pictures_without_labels_learn_from_the_teacher_alone(home: Home) -> None:
    for index in range(5):
        draw(home.folder / "more" / f"{index}.png", "red", index % 2 == 0, 500 + index)
    known = sorted((home.folder / "pictures").iterdir())[0]
    (home.folder / "more" / "known.png").write_bytes(known.read_bytes())
    (home.folder / "more" / "broken.png").write_bytes(b"nothing")
    events = carry_out(student(home.tasks[:3], {"unlabelled": "more"}), home.folder, "008-more")
    assert ended(events).status == "finished"
    said = notices(events)
    assert "5 pictures without labels from more; 2 pictures there" in said
    assert "5 pictures without a label learn from the teacher's answers alone." in said
    table = load_table(home.folder / "runs" / "008-more" / "table.csv", home.folder)
    assert len(table) == 41
    assert all((targets[36:] == MISSING).all() for targets in table.targets.values())
    assert (table.part[36:] == 0).all() and len(np.unique(table.copies)) == 41


def test_a_teacher_of_some_tasks_leaves_the_others_to_labels(home: Home) -> None:
    tasks = [home.tasks[0], {**home.tasks[1], "name": "other"}]
    events = carry_out(student(tasks, preset="probe", epochs=1), home.folder, "009-some")
    assert ended(events).status == "finished"
    assert "does not teach other (it has no such task)" in notices(events)


@pytest.mark.parametrize(
    ("transfer", "recipe", "said"),
    [
        ({"distillation": "none"}, {}, "Nothing of the teacher"),
        ({}, {"preset": "few-shot"}, "few-shot"),
        ({"unlabelled": "nowhere"}, {}, "nowhere"),
    ],
)
def test_what_cannot_be_is_refused(home: Home, transfer: dict[str, Any], recipe: dict[str, Any], said: str) -> None:
    with pytest.raises(RequestError, match=said):
        carry_out(student(home.tasks[:1], transfer, **recipe), home.folder, "010-refused")
    assert not (home.folder / "runs" / "010-refused" / "resolved.toml").exists()


def test_a_teacher_without_any_of_the_tasks_is_refused(home: Home) -> None:
    with pytest.raises(RequestError, match="cannot teach"):
        carry_out(student([{**home.tasks[0], "name": "strange"}]), home.folder, "011-strange")
    with pytest.raises(RequestError, match="no run 77"):
        carry_out(
            student(home.tasks[:1], {}).model_copy(update={"transfer": Transfer(teacher="77")}), home.folder, "012"
        )


def test_a_teacher_that_has_changed_ends_the_resumption(home: Home) -> None:
    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step):
            control.cancel()

    wanted = student(home.tasks[:1], {}, preset="probe", epochs=2)
    carry_out(wanted, home.folder, "013-changed", watch=watch)
    manifest = home.folder / "runs" / "001-teacher" / "checkpoints" / "best" / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    try:
        manifest.write_text(text + "\n", encoding="utf-8")
        events = carry_out(wanted, home.folder, "013-changed", resume=True)
    finally:
        manifest.write_text(text, encoding="utf-8")
    (failed,) = [event for event in events if isinstance(event, RunFailed)]
    assert "not the one that this run began with" in failed.error
