"""Settings that are changed while a run trains: when they hold, what is kept, and that they can be done again."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.engine.training.runs import carry_out, ended, losses, project, two_tasks, weights, with_dropout
from workbench.core.changes import CHANGES_FILE, read_changes
from workbench.core.control import Control
from workbench.core.events import Changed, Checkpoint, Event, Notice, Progress, RunResumed, Step
from workbench.core.project import Project
from workbench.engine.training import step_log
from workbench.engine.training.feature_cache import COMPUTING


@pytest.fixture(autouse=True)
def each_step_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_log, "INTERVAL_S", 0.0)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Three steps an epoch: one epoch on features (steps 1 to 3), then four on pixels (4 to 15)."""
    tasks = with_dropout(two_tasks(tmp_path_factory.mktemp("data")), 0.2)
    backbone = {"name": "mobilenet_v3_small", "freeze": 3}
    return project(tasks, backbone, head_epochs=1, epochs=4, patience=0, warmup_epochs=0.0, ema=0.9, balancing="dwa")


def tell(told: Mapping[int, Mapping[str, Any]]) -> Callable[[Event, Control], None]:
    """Ask for changes after these steps."""

    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last in told:
            control.change(told[event.last])

    return watch


def changed(events: list[Event]) -> list[tuple[int, int, dict[str, Any]]]:
    return [(e.epoch, e.step, dict(e.settings)) for e in events if isinstance(e, Changed)]


def rates(events: list[Event]) -> dict[int, dict[str, float]]:
    return {e.last: {k: v for k, (v,) in e.learning_rates.items()} for e in events if isinstance(e, Step)}


def said(events: list[Event]) -> str:
    return "\n".join(event.text for event in events if isinstance(event, Notice))


TOLD: dict[int, dict[str, Any]] = {
    5: {"recipe.learning_rate": 1e-4, "tasks.pattern.weight": 2.0},
    8: {"backbone.freeze": 4},
    11: {"backbone.freeze": 2, "recipe.augment": "light"},
}


@pytest.fixture(scope="module")
def whole(wanted: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Event]]:
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(step_log, "INTERVAL_S", 0.0)
        return folder, carry_out(wanted, folder, watch=tell(TOLD))


def test_changes_hold_from_the_next_epoch_on(wanted: Project, whole: tuple[Path, list[Event]]) -> None:
    _, events = whole
    assert ended(events).status == "finished"
    assert changed(events) == [
        (3, 6, {"recipe.learning_rate": ("auto", 1e-4), "tasks.pattern.weight": (1.0, 2.0)}),
        (4, 9, {"backbone.freeze": (3, 4)}),
        (5, 12, {"backbone.freeze": (4, 2), "recipe.augment": ("standard", "light")}),
    ]
    rate = rates(events)
    assert max(rate[7].values()) < 1e-4 < max(rate[6].values())
    assert len(rate[10]) < len(rate[9]) < len(rate[13])  # fewer stages, then more than at first
    shares = {e.last: e.weights["pattern"][0] / e.weights["colour"][0] for e in events if isinstance(e, Step)}  # type: ignore[operator]
    assert shares[4] == pytest.approx(1.0) and shares[8] == pytest.approx(2.0)


def test_what_was_changed_is_kept_with_the_run(whole: tuple[Path, list[Event]]) -> None:
    kept = [(change.epoch, change.set) for change in read_changes(whole[0] / "runs/001-run")]
    assert kept == [(3, TOLD[5]), (4, TOLD[8]), (5, TOLD[11])]


# 5: before the first change holds; 8: it holds; 9: at the very epoch at which the second begins; 14: all hold.
@pytest.mark.parametrize("step", [5, 9])
def test_a_resumed_run_changes_the_same_at_the_same_epochs(
    wanted: Project, whole: tuple[Path, list[Event]], tmp_path: Path, step: int
) -> None:
    def watch(event: Event, control: Control) -> None:
        tell(TOLD)(event, control)
        if isinstance(event, Step) and event.last == step:
            control.cancel()

    broken = carry_out(wanted, tmp_path, watch=watch)
    rest = carry_out(wanted, tmp_path, resume=True, watch=tell({at: told for at, told in TOLD.items() if at > step}))
    assert [event.step for event in rest if isinstance(event, RunResumed)] == [step]
    assert {**losses(broken), **losses(rest)} == losses(whole[1])
    for kind in ("last", "best"):
        found = weights(tmp_path, kind)
        assert all(torch.equal(value, found[name]) for name, value in weights(whole[0], kind).items())


def kept_soon(run_dir: Path) -> list[tuple[int, dict[str, Any]]]:
    """What is on disk as soon as anything is."""
    until = time.monotonic() + 20.0
    while not (run_dir / CHANGES_FILE).exists() and time.monotonic() < until:
        time.sleep(0.005)
    return [(change.epoch, change.set) for change in read_changes(run_dir)]


# 5: between two steps; 6: before the validation that ends an epoch, or in it; memory released: on disk alone.
@pytest.mark.parametrize(("step", "release"), [(5, False), (5, True), (6, False)])
def test_what_is_told_in_a_pause_is_on_disk_before_the_run_goes_on(
    wanted: Project, tmp_path: Path, step: int, release: bool
) -> None:
    seen: list[Any] = []
    wish = {"recipe.learning_rate": 1e-4}

    def tell_in_pause(control: Control) -> None:
        control.change({**wish, "recipe.augment": "standard"})
        seen.append(kept_soon(tmp_path / "runs/001-run"))
        control.change({"recipe.epochs": 3})
        control.resume()

    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last == step:
            control.pause(release)
            threading.Timer(0.2, tell_in_pause, [control]).start()

    events = carry_out(wanted, tmp_path, watch=watch)
    assert ended(events).status == "finished"
    assert seen == [[(3, wish)]]
    assert changed(events) == [(3, 6, {"recipe.learning_rate": ("auto", 1e-4)})]
    assert said(events).count("recipe.epochs cannot be changed while a run trains") == 1


def test_what_is_told_while_features_are_computed_holds_from_the_first_epoch(wanted: Project, tmp_path: Path) -> None:
    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Progress) and event.what == COMPUTING and event.done == event.total:
            control.pause()
            threading.Timer(0.2, tell_in_pause, [control]).start()

    def tell_in_pause(control: Control) -> None:
        control.change({"recipe.learning_rate": 1e-4})
        seen.append(kept_soon(tmp_path / "runs/001-run"))
        control.cancel()

    seen: list[Any] = []
    assert ended(carry_out(wanted, tmp_path, watch=watch)).status == "interrupted"
    assert seen == [[(1, {"recipe.learning_rate": 1e-4})]]
    rest = carry_out(wanted, tmp_path, resume=True)
    assert changed(rest) == [(1, 0, {"recipe.learning_rate": ("auto", 1e-4)})]


def test_a_run_with_the_same_list_does_the_same(
    wanted: Project, whole: tuple[Path, list[Event]], tmp_path: Path
) -> None:
    run_dir = tmp_path / "runs/001-run"
    run_dir.mkdir(parents=True)
    shutil.copy(whole[0] / "runs/001-run" / CHANGES_FILE, run_dir)
    events = carry_out(wanted, tmp_path)
    assert changed(events) == changed(whole[1]) and losses(events) == losses(whole[1])


def test_frozen_stages_stand_still_and_what_trains_on_keeps_its_momentum(
    wanted: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.engine.training.keeper.INTERVAL_S", 0.0)
    monkeypatch.setattr("workbench.engine.training.keeper._SHARE", 1e9)
    kept: list[tuple[dict[str, torch.Tensor], set[int]]] = []

    def watch(event: Event, control: Control) -> None:
        tell({5: {"backbone.freeze": 4}})(event, control)
        if isinstance(event, Checkpoint) and event.kind == "last":
            state = torch.load(tmp_path / "runs/001-run" / event.path / "state.pt", weights_only=True)
            steps = {int(each["step"]) for each in state["optimiser"]["state"].values()}
            kept.append((weights(tmp_path), steps))

    recipe = wanted.recipe.model_copy(update={"ema": 0.0, "epochs": 2})
    carry_out(wanted.model_copy(update={"recipe": recipe}), tmp_path, watch=watch)
    (heads, _), (before, _), (after, steps) = kept
    moved = {name for name in before if not torch.equal(heads[name], before[name])}
    moves = {name for name in before if not torch.equal(before[name], after[name])}
    assert moves and moves < moved
    assert steps == {6}  # of the optimiser, through the change


def test_what_means_nothing_in_a_phase_waits_or_is_refused(wanted: Project, tmp_path: Path) -> None:
    told = {2: {"backbone.freeze": 4, "recipe.augment": "none"}, 3: {"recipe.epochs": 3}, 4: {"backbone.freeze": 99}}
    told[5] = {"tasks.nothing.weight": 2.0}
    told[6] = {"recipe.learning_rate": -1.0}
    events = carry_out(wanted, tmp_path, watch=tell(told))
    assert ended(events).status == "finished"
    assert changed(events) == [(2, 3, {"backbone.freeze": (3, 4), "recipe.augment": ("standard", "none")})]
    assert "backbone.freeze holds from the next phase" in said(events)
    text = said(events)
    assert "recipe.epochs cannot be changed while a run trains" in text and "tasks.nothing.weight cannot" in text
    assert text.count("Nothing is changed") == 4


def test_a_run_of_heads_alone_refuses_what_it_has_not(wanted: Project, tmp_path: Path) -> None:
    recipe = wanted.recipe.model_copy(update={"preset": "probe", "epochs": 3, "augment": "none"})
    probe = wanted.model_copy(update={"recipe": recipe})
    told = {1: {"backbone.freeze": 4, "recipe.augment": "light", "recipe.learning_rate": 1e-3}}
    events = carry_out(probe, tmp_path, watch=tell(told))
    assert changed(events) == [(2, 3, {"recipe.learning_rate": ("auto", 1e-3)})]
    assert "backbone.freeze is not changed" in said(events) and "recipe.augment is not changed" in said(events)
    assert max(rates(events)[4].values()) <= 1e-3


def test_nothing_happens_where_nothing_changes(wanted: Project, tmp_path: Path) -> None:
    events = carry_out(wanted, tmp_path, watch=tell({5: {"backbone.freeze": 3}}))
    assert not changed(events) and not (tmp_path / "runs/001-run" / CHANGES_FILE).exists()
