"""A pause that releases memory: nothing of the network is held meanwhile, and the run ends with the same bits."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from tests.engine.training.runs import carry_out, ended, losses, project, two_tasks, weights, with_dropout
from workbench.core.control import Control
from workbench.core.events import Epoch, Event, PhaseStarted, RunFailed, RunPaused, RunResumed, Step
from workbench.core.project import Project
from workbench.engine.training import step_log


@pytest.fixture(autouse=True)
def each_step_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_log, "INTERVAL_S", 0.0)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Three steps an epoch: two epochs on features, then two on pixels."""
    folder = tmp_path_factory.mktemp("data")
    return project(
        with_dropout(two_tasks(folder), 0.3),
        {"name": "mobilenet_v3_small", "freeze": 3},
        head_epochs=2,
        epochs=2,
        patience=0,
        ema=0.9,
    )


@pytest.fixture(scope="module")
def whole(wanted: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Event]]:
    folder = tmp_path_factory.mktemp("whole")
    return folder, carry_out(wanted, folder)


def held_bytes() -> int:
    gc.collect()
    return sum(each.nbytes for each in gc.get_objects() if type(each) in (torch.Tensor, torch.nn.Parameter))


def is_release(event: Event) -> bool:
    return isinstance(event, RunPaused) and event.released


def release_at(*steps: int) -> tuple[list[int], Callable[[Event, Control], None]]:
    """Bytes of tensors that are held in each pause, and a watch that pauses and goes on."""
    held: list[int] = []

    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last in steps:
            control.pause(release=True)
        elif is_release(event):
            held.append(held_bytes())
            control.resume()

    return held, watch


# 2 is within an epoch on features, 3 before its validation, 8 within one on pixels, 12 before the last validation.
def test_released_and_gone_on_with_ends_with_the_bits_of_an_undisturbed_run(
    wanted: Project, whole: tuple[Path, list[Event]], tmp_path: Path
) -> None:
    before = held_bytes()
    held, watch = release_at(2, 3, 8, 12)
    events = carry_out(wanted, tmp_path, watch=watch)
    pauses = [(event.paused, event.step) for event in events if isinstance(event, RunPaused)]
    assert pauses == [(paused, step) for step in (2, 3, 8, 12) for paused in (True, False)]
    assert max(held) - before < 500_000  # of a network of 4 MB, its average and its optimiser
    expected = whole[1]
    assert ended(events).status == "finished" and losses(events) == losses(expected)
    scores = [(e.epoch, e.train, e.validation) for e in events if isinstance(e, Epoch)]
    assert scores == [(e.epoch, e.train, e.validation) for e in expected if isinstance(e, Epoch)]
    assert [e.name for e in events if isinstance(e, PhaseStarted)] == ["heads", "stages"]
    for kind in ("last", "best"):
        found = weights(tmp_path, kind)
        assert all(torch.equal(value, found[name]) for name, value in weights(whole[0], kind).items())


def test_a_resumed_run_holds_nothing_of_its_checkpoint(
    wanted: Project, whole: tuple[Path, list[Event]], tmp_path: Path
) -> None:
    def cancel(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last == 8:
            control.cancel()

    before = held_bytes()
    carry_out(wanted, tmp_path, watch=cancel)
    held, watch = release_at(10)
    events = carry_out(wanted, tmp_path, resume=True, watch=watch)
    assert [event.step for event in events if isinstance(event, RunResumed)] == [8]
    assert len(held) == 1 and held[0] - before < 500_000
    assert losses(events) == {step: loss for step, loss in losses(whole[1]).items() if step > 8}


@pytest.mark.parametrize("step", [2, 8])
def test_stopped_while_released_the_model_is_kept(wanted: Project, tmp_path: Path, step: int) -> None:
    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last == step:
            control.pause(release=True)
        elif is_release(event):
            control.stop()

    events = carry_out(wanted, tmp_path, watch=watch)
    assert ended(events).status == "stopped" and max(losses(events)) == step
    assert weights(tmp_path, "best")


def test_a_checkpoint_that_is_damaged_meanwhile_ends_the_run_with_what_to_do(wanted: Project, tmp_path: Path) -> None:
    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last == 2:
            control.pause(release=True)
        elif is_release(event):
            (tmp_path / "runs/001-run/checkpoints/last/state.pt").write_bytes(b"")
            control.resume()

    events = carry_out(wanted, tmp_path, watch=watch)
    (failed,) = [event for event in events if isinstance(event, RunFailed)]
    assert "is damaged" in failed.error and failed.advice == "Resume the run."
