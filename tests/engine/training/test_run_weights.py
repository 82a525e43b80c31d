"""A run that begins with what another one has learned."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.engine.training import runs
from tests.engine.training.runs import carry_out, ended, project, weights
from workbench.core.errors import RequestError, RunError
from workbench.core.events import Event, Notice, Step
from workbench.core.resolved import load_resolved

STANDING = {"preset": "probe", "epochs": 1, "learning_rate": 0.0}
"""Nothing that is loaded changes in such a run."""


def three_kinds(folder: Path) -> list[dict[str, Any]]:
    """A class, labels and a number; masks would take longer."""
    return runs.four_kinds(folder)[:3]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a run on tasks of three kinds, on a backbone that no other seed gives."""
    folder = tmp_path_factory.mktemp("project")
    wanted = project(three_kinds(folder), preset="probe", epochs=2, seed=5)
    assert ended(carry_out(wanted, folder)).status == "finished"
    return folder


def go_on(folder: Path, run: str, spec: str, tasks: list[dict[str, Any]] | None = None) -> str:
    """Carry a run out that begins with `spec`; what it says of its heads."""
    wanted = project(tasks or three_kinds(folder), {"weights": spec}, **STANDING)
    events = carry_out(wanted, folder, run)
    assert ended(events).status == "finished"
    told = [event.text for event in events if isinstance(event, Notice) and "heads begin" in event.text]
    assert len(told) <= 1
    return "".join(told)


def same(folder: Path, run: str, prefix: str) -> bool:
    before, after = weights(folder, "best"), weights(folder, "last", run)
    names = [name for name in before if name.startswith(prefix)]
    return bool(names) and all(torch.equal(before[name], after[name]) for name in names)


def test_heads_of_equal_tasks_come_along_and_so_do_their_scales(first: Path) -> None:
    told = go_on(first, "002-all", "run:latest")
    assert told == "From run 001-run heads begin: colour, marks, size with what they have learned there."
    assert same(first, "002-all", "")
    assert load_resolved(first / "runs" / "002-all").project.backbone.weights == "run:001-run"


def test_the_backbone_alone_comes_along_where_that_is_wanted(first: Path) -> None:
    assert go_on(first, "003-backbone", "run:1:backbone") == ""
    assert same(first, "003-backbone", "backbone.") and not same(first, "003-backbone", "heads.task colour.")


def test_other_classes_kinds_names_and_own_stages_start_anew(first: Path) -> None:
    colour, marks, size = three_kinds(first)
    tasks = [colour, {**marks, "name": "signs"}, {**size, "own_stages": 1}]
    told = go_on(first, "004-some", "run:001-run", tasks)
    assert told == "From run 001-run heads begin: colour with what it has learned there; signs, size anew."
    assert same(first, "004-some", "heads.task colour.") and not same(first, "004-some", "heads.task size.")
    told = go_on(first, "005-others", "run:001-run", [{**colour, "head": "mlp"}])
    assert told == "From run 001-run heads begin: colour anew."


def test_a_run_of_another_project_is_named_by_its_folder(first: Path, tmp_path: Path) -> None:
    wanted = project(three_kinds(tmp_path), {"weights": f"run:{first / 'runs' / '001-run'}"}, **STANDING)
    assert ended(carry_out(wanted, tmp_path)).status == "finished"
    name = "backbone.features.0.0.weight"
    assert torch.equal(weights(tmp_path)[name], weights(first, "best")[name])


def test_what_is_not_there_is_refused_before_anything_is_written(first: Path, tmp_path: Path) -> None:
    run, starter = {"weights": "run:77"}, {"name": "resnet34", "weights": "starter"}
    for backbone, said in ((run, "There is no run 77"), (starter, "No starter weights ship for resnet34")):
        with pytest.raises(RequestError, match=said):
            carry_out(project(three_kinds(tmp_path), backbone), tmp_path)
        assert list((tmp_path / "runs" / "001-run").iterdir()) == []


def test_a_resumed_run_needs_the_other_ones_weights_no_more(first: Path, tmp_path: Path) -> None:
    source = tmp_path / "runs" / "001-run"
    shutil.copytree(first / "runs" / "001-run", source)
    wanted = project(three_kinds(tmp_path), {"weights": "run:1"}, preset="probe", epochs=2)

    def cancel(event: Event, control: Any) -> None:
        if isinstance(event, Step):
            control.cancel()

    carry_out(wanted, tmp_path, "002-on", watch=cancel)
    shutil.rmtree(source)
    assert ended(carry_out(wanted, tmp_path, "002-on", resume=True)).status == "finished"
    shutil.rmtree(tmp_path / "runs" / "002-on" / "checkpoints")
    with pytest.raises((RequestError, RunError)):
        carry_out(wanted, tmp_path, "002-on", resume=True)
