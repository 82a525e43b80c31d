"""Memory that runs out where a phase begins or a run goes on: it is begun anew, and the run comes to the same bits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.engine.training.runs import carry_out, ended, losses, project, two_tasks, weights
from tests.engine.training.test_out_of_memory import once
from workbench.core.control import Control
from workbench.core.events import Event, Notice, RunFailed, Step
from workbench.core.project import Project
from workbench.engine import device as devices
from workbench.engine.training import boundary, inputs, phase_start, step_log, trainer

BROKEN_AT = 5
"""A step of the second phase, on pictures; an epoch has three."""


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """One epoch on features, then two on pictures; a head that begins with what features show."""
    first, second = two_tasks(tmp_path_factory.mktemp("data"))
    tasks = [{**first, "head": "prototype"}, second]
    backbone = {"name": "squeezenet1_0", "freeze": 3}
    return project(tasks, backbone, head_epochs=1, epochs=2, patience=0, ema=0.9, interpolate="off")


@pytest.fixture(scope="module")
def whole(wanted: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Event]]:
    folder = tmp_path_factory.mktemp("whole")
    return folder, carry_out(wanted, folder)


def short_once(owner: Any) -> Callable[[pytest.MonkeyPatch], list[str]]:
    """Memory runs out the first time that a module guards against it."""

    def lack(patch: pytest.MonkeyPatch) -> list[str]:
        happened, original = list[str](), owner.shortage

        @contextmanager
        def short() -> Iterator[None]:
            if not happened:
                happened.append("short")
                raise torch.OutOfMemoryError("too much")
            with original():
                yield

        patch.setattr(owner, "shortage", short)
        return happened

    return lack


PLACES: dict[str, Callable[[pytest.MonkeyPatch], list[str]]] = {
    "the network": lambda patch: once(devices, "place", patch, after=True),
    "features": short_once(inputs),
    "a head": short_once(phase_start),
    "the trainer": lambda patch: once(phase_start, "Trainer", patch),
    "the optimiser": lambda patch: once(trainer, "build_optimiser", patch, after=True),
    "the average": lambda patch: once(trainer, "WeightAverage", patch, after=True),
    "what a checkpoint kept": lambda patch: once(trainer.Trainer, "restore", patch, after=True),
}
RESUMED = ("the network", "the trainer", "the average", "what a checkpoint kept")


@pytest.mark.parametrize("place", [place for place in PLACES if place != "what a checkpoint kept"])
def test_a_phase_begins_anew(
    wanted: Project, whole: tuple[Path, list[Event]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    happened = PLACES[place](monkeypatch)
    events = carry_out(wanted, tmp_path)
    assert happened and ended(events).status == "finished" and losses(events) == losses(whole[1])
    assert same(tmp_path, whole[0])


@pytest.mark.parametrize("place", RESUMED)
def test_a_run_goes_on(
    wanted: Project, whole: tuple[Path, list[Event]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def cancel(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last == BROKEN_AT:
            control.cancel()

    monkeypatch.setattr(step_log, "INTERVAL_S", 0.0)
    broken = carry_out(wanted, tmp_path, watch=cancel)
    happened = PLACES[place](monkeypatch)
    rest = carry_out(wanted, tmp_path, resume=True)
    assert happened and {**losses(broken), **losses(rest)} == losses(whole[1])
    assert same(tmp_path, whole[0])


def test_maps_of_frozen_stages_are_worked_out_in_smaller_pieces(
    wanted: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = wanted.recipe.model_copy(update={"head_epochs": 0, "augment": "none"})
    kept = wanted.model_copy(update={"recipe": recipe})
    expected = losses(carry_out(kept, tmp_path / "whole"))
    original = boundary.BoundarySource._through

    def short(self: boundary.BoundarySource, pixels: Tensor, *about: Any) -> Tensor:
        if len(pixels) > 3:
            raise torch.OutOfMemoryError("too much")
        return original(self, pixels, *about)

    monkeypatch.setattr(boundary.BoundarySource, "_through", short)
    events = carry_out(kept, tmp_path / "short")
    told = [event.text for event in events if isinstance(event, Notice)]
    assert any("is kept" in text for text in told) and sum("The memory ran out" in text for text in told) == 1
    for step, by_task in losses(events).items():
        assert by_task == pytest.approx(expected[step], abs=1e-3)


def test_what_never_fits_is_said_with_what_to_do(
    wanted: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*about: Any) -> None:
        raise torch.OutOfMemoryError("too much")

    monkeypatch.setattr(trainer, "WeightAverage", never)
    (failed,) = [event for event in carry_out(wanted, tmp_path) if isinstance(event, RunFailed)]
    assert "has not the memory to hold what this run trains" in failed.error and "recipe.ema" in failed.advice


def same(folder: Path, other: Path) -> bool:
    """Whether the last checkpoints of two runs have the same bits."""
    one, two = weights(folder), weights(other)
    return one.keys() == two.keys() and all(torch.equal(value, two[name]) for name, value in one.items())
