"""A run that was broken off and goes on ends with the bits of one that was not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from tests.engine.training.runs import at_each_step, carry_out, ended, losses, project, two_tasks, weights, with_dropout
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Checkpoint, Epoch, Event, Notice, RunResumed, Step
from workbench.core.project import Project


@dataclass(frozen=True)
class Whole:
    """A run that was not broken off, and the project that it belongs to."""

    folder: Path
    wanted: Project
    events: list[Event]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """Each step is said by itself in this module, so that a test can break off after exactly that one."""
    folder = tmp_path_factory.mktemp("project")
    wanted = project(with_dropout(two_tasks(folder), 0.3), {"freeze": 3}, head_epochs=3, epochs=3, patience=0)
    with pytest.MonkeyPatch.context() as patch:
        at_each_step(patch)
        yield Whole(folder, wanted, carry_out(wanted, folder, "whole"))


def cancel_at(step: int) -> Callable[[Event, Control], None]:
    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last == step:
            control.cancel()

    return watch


def same_weights(folder: Path, run: str) -> bool:
    pairs = [(weights(folder, kind, "whole"), weights(folder, kind, run)) for kind in ("last", "best")]
    return all(torch.equal(found[name], value) for expected, found in pairs for name, value in expected.items())


# An epoch has 3 steps: 4 is inside the 2nd epoch of the heads, 6 ends it, 9 ends the phase, 11 is inside the 1st epoch
# of the stages, 15 ends its 2nd and 18 the run's last.
@pytest.mark.parametrize("step", [4, 9, 15])
def test_resumed_equals_uninterrupted(whole: Whole, step: int) -> None:
    run = f"broken-{step}"
    assert max(losses(whole.events)) == 18
    broken = carry_out(whole.wanted, whole.folder, run, watch=cancel_at(step))
    assert ended(broken).status == "interrupted"
    assert not (whole.folder / "runs" / run / "results").exists()
    rest = carry_out(whole.wanted, whole.folder, run, resume=True)
    (resumed,) = [event for event in rest if isinstance(event, RunResumed)]
    assert resumed.step == step and ended(rest).status == "finished"
    assert {**losses(broken), **losses(rest)} == losses(whole.events)
    assert same_weights(whole.folder, run)
    assert ended(rest).best == ended(whole.events).best
    scores = {e.epoch: (e.score, e.train, e.validation) for e in [*broken, *rest] if isinstance(e, Epoch)}
    assert scores == {e.epoch: (e.score, e.train, e.validation) for e in whole.events if isinstance(e, Epoch)}


def test_broken_off_between_two_phases(whole: Whole) -> None:
    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Epoch) and event.epoch == 3:
            control.cancel()

    broken = carry_out(whole.wanted, whole.folder, "between", watch=watch)
    assert max(losses(broken)) == 9
    rest = carry_out(whole.wanted, whole.folder, "between", resume=True)
    assert {**losses(broken), **losses(rest)} == losses(whole.events)
    assert same_weights(whole.folder, "between")


def test_a_damaged_last_checkpoint_means_going_on_from_the_one_before(whole: Whole) -> None:
    carry_out(whole.wanted, whole.folder, "damaged", watch=cancel_at(17))
    (whole.folder / "runs" / "damaged" / "checkpoints" / "last" / "state.pt").write_bytes(b"torn")
    rest = carry_out(whole.wanted, whole.folder, "damaged", resume=True)
    (resumed,) = [event for event in rest if isinstance(event, RunResumed)]
    assert resumed.step == 15
    assert any("after step 15 is done again" in event.text for event in rest if isinstance(event, Notice))
    assert all(loss == losses(whole.events)[step] for step, loss in losses(rest).items())
    assert same_weights(whole.folder, "damaged")


class Killed(Exception):
    """Ends a run like a crash: it is told nothing and saves nothing."""


@pytest.mark.parametrize("step", [2, 11])
def test_crashed_within_an_epoch_it_goes_on_from_within(whole: Whole, step: int) -> None:
    run, said = f"crashed-{step}", list[Event]()

    def watch(event: Event, control: Control) -> None:
        said.append(event)
        if isinstance(event, Step) and event.last == step:
            raise Killed

    recipe = whole.wanted.recipe.model_copy(update={"save_every_s": 1e-6})
    wanted = whole.wanted.model_copy(update={"recipe": recipe})
    with pytest.raises(Killed):
        carry_out(wanted, whole.folder, run, watch=watch)
    rest = carry_out(wanted, whole.folder, run, resume=True)
    (resumed,) = [event for event in rest if isinstance(event, RunResumed)]
    assert resumed.step == step - 1  # the checkpoint of the step itself comes before the next one
    assert {**losses(said), **losses(rest)} == losses(whole.events)
    assert same_weights(whole.folder, run)


def test_without_an_interval_an_epoch_has_no_checkpoint_within(whole: Whole) -> None:
    recipe = whole.wanted.recipe.model_copy(update={"save_every_s": 0.0})
    events = carry_out(whole.wanted.model_copy(update={"recipe": recipe}), whole.folder, "seldom")
    said = [event.last if isinstance(event, Step) else event for event in events]
    at = [last_step(said, place) for place, event in enumerate(events) if is_last(event)]
    assert set(at) == {3, 6, 9, 12, 15, 18}


def last_step(said: list[object], place: int) -> int:
    return next(each for each in reversed(said[:place]) if isinstance(each, int))


def is_last(event: Event) -> bool:
    return isinstance(event, Checkpoint) and event.kind == "last"


def test_killed_before_its_first_checkpoint_a_run_begins_anew_with_its_own_table(whole: Whole) -> None:
    killed = whole.folder / "runs" / "killed"
    killed.mkdir()
    for name in ("resolved.toml", "table.csv"):
        shutil.copy(whole.folder / "runs" / "whole" / name, killed / name)
    recipe = whole.wanted.recipe.model_copy(update={"seed": 5, "epochs": 1})
    other = whole.wanted.model_copy(update={"recipe": recipe})
    again = carry_out(other, whole.folder, "killed", resume=True)
    assert any("begins anew" in event.text for event in again if isinstance(event, Notice))
    (resumed,) = [event for event in again if isinstance(event, RunResumed)]
    assert (resumed.phase, resumed.epoch, resumed.step) == ("heads", 1, 0)  # all that was said before is void
    assert losses(again) == losses(whole.events)


def test_without_its_pictures_a_run_does_not_go_on_and_stays_as_it_is(whole: Whole) -> None:
    carry_out(whole.wanted, whole.folder, "moved", watch=cancel_at(4))
    before = weights(whole.folder, run="moved")
    pictures, elsewhere = whole.folder / "colours", whole.folder / "elsewhere"
    pictures.rename(elsewhere)
    with pytest.raises(RequestError, match=r"None of the 1\d pictures that colour"):
        carry_out(whole.wanted, whole.folder, "moved", resume=True)
    elsewhere.rename(pictures)
    after = weights(whole.folder, run="moved")
    assert all(torch.equal(after[name], value) for name, value in before.items())


def test_lost_caches_are_filled_again_with_the_same_bits_in_a_new_run(whole: Whole) -> None:
    shutil.rmtree(whole.folder / "cache")
    assert losses(carry_out(whole.wanted, whole.folder, "again", resume=True)) == losses(whole.events)


def test_resumed_it_answers_from_stored_features_where_it_would_have_uninterrupted(tmp_path: Path) -> None:
    def cancel(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.phase == "stages":
            control.cancel()

    phases = [{"freeze": "all", "epochs": 2}, {"freeze": 4, "epochs": 1, "learning_rate": 5.0}]
    wanted = project(two_tasks(tmp_path), phases=phases)
    wanted = wanted.model_copy(update={"split": wanted.split.model_copy(update={"test": 0.2})})
    events = carry_out(wanted, tmp_path, "run")
    best = ended(events).best
    assert best is not None and best.epoch <= 2, "the heads' best stays the run's"
    folder = tmp_path / "runs" / "run" / "results"
    names = ["metrics-train.json", "metrics-validation.json", "metrics-test.json", "predictions.csv"]
    expected = [(folder / name).read_text(encoding="utf-8") for name in names]
    shutil.rmtree(folder.parent)
    carry_out(wanted, tmp_path, "run", watch=cancel)
    assert not folder.exists()
    carry_out(wanted, tmp_path, "run", resume=True)
    assert [(folder / name).read_text(encoding="utf-8") for name in names] == expected
