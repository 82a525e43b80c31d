"""Two processes give the losses of one; they agree on what they are told; runs go on with another number of them."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.engine.distributed.second import Second
from tests.engine.training.runs import carry_out, ended, losses, project, two_tasks
from tests.engine.transfer.domains.pictures import lamplit
from workbench.core.control import Control
from workbench.core.events import Epoch, Event, Progress, RunResumed, RunStarted, Step, TaskPaused
from workbench.core.project import Project
from workbench.core.resolved import load_resolved
from workbench.core.transfer import Transfer
from workbench.engine.training import step_log

AGREE, LEAST = 1e-4, 1e-3
"""The bound of a relative difference, and the smallest loss of which that can be asked: a ten-thousandth of it is the
rounding of the probability near 1 of which it is the logarithm."""
STEPS = 100


@dataclass(frozen=True)
class Pair:
    """A project's folder, its tasks, what one process says of a run, and the process that takes part in others."""

    folder: Path
    tasks: list[dict[str, Any]]
    second: Second
    one: list[Event]

    def wanted(self, **recipe: Any) -> Project:
        """100 steps of two pictures for each process: 6 epochs of 10 on features, 4 on pixels."""
        backbone = {"name": "mobilenet_v3_small", "weights": "starter", "freeze": 4}
        settings = {"batch_size": 4, "head_epochs": 6, "epochs": 4, "patience": 0, "interpolate": "off"}
        return project(self.tasks, backbone, **{**settings, "batch_norm": "eval", **recipe})


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("project")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    pair = Pair(folder, two_tasks(folder, each=16), Second(), [])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(step_log, "INTERVAL_S", 0.0)  # each step is said by itself
        pair.one.extend(carry_out(pair.wanted(), folder, "one"))
        yield pair
    pair.second.close()
    torch.set_num_threads(threads)


def furthest(one: list[Event], two: list[Event]) -> float:
    """The largest relative difference between the losses of two runs, which have the same steps with the same labels.

    Of losses below LEAST, which are learnt by heart, it is the difference over LEAST: at most 1e-7 of a loss.
    """
    first, other = losses(one), losses(two)
    assert first.keys() == other.keys()
    found = 0.0
    for step, by_task in first.items():
        for task, loss in by_task.items():
            value = other[step][task]
            assert (loss is None) == (value is None)
            if loss is not None and value is not None:
                found = max(found, abs(value - loss) / max(abs(loss), LEAST))
    return found


def scores(events: list[Event]) -> list[tuple[int, float | None, bool]]:
    return [(e.epoch, e.score, e.best) for e in events if isinstance(e, Epoch)]


def at(step: int, order: Callable[[Control], None]) -> Callable[[Event, Control], None]:
    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.first <= step <= event.last:
            order(control)

    return watch


def test_with_equal_weights_and_a_task_that_is_without_a_label_in_one_of_them(pair: Pair) -> None:
    two = pair.second.beside(pair.wanted(), pair.folder, "two")
    assert len(losses(two)) == STEPS
    assert furthest(pair.one, two) < AGREE
    assert scores(pair.one) == scores(two)
    (started,) = [event for event in two if isinstance(event, RunStarted)]
    assert started.device == "2 devices, first cpu"
    assert load_resolved(pair.folder / "runs" / "two").devices == 2


def test_with_aligned_mtl(pair: Pair) -> None:
    wanted = pair.wanted(balancing="aligned_mtl")
    one = carry_out(wanted, pair.folder, "one-aligned")
    two = pair.second.beside(wanted, pair.folder, "two-aligned")
    assert furthest(one, two) < AGREE
    assert furthest(pair.one, one) > AGREE  # it does something


@pytest.mark.parametrize("balancing", ["famo", "uw"])
def test_methods_that_learn(pair: Pair, balancing: str) -> None:
    wanted = pair.wanted(balancing=balancing, head_epochs=1, epochs=1, ema=0.9)
    one = carry_out(wanted, pair.folder, f"one-{balancing}")
    assert furthest(one, pair.second.beside(wanted, pair.folder, f"two-{balancing}")) < AGREE


def test_with_a_teacher_and_matched_features(pair: Pair) -> None:
    wanted = pair.wanted(head_epochs=1, epochs=1)
    shutil.copytree(pair.folder / "runs" / "one", pair.folder / "runs" / "001-teacher")
    wanted = wanted.model_copy(update={"transfer": Transfer(teacher="1", features=1.0)})
    one = carry_out(wanted, pair.folder, "one-taught")
    assert furthest(one, pair.second.beside(wanted, pair.folder, "two-taught")) < AGREE


def test_memory_that_runs_out_in_one_of_them_halves_what_both_work_on(pair: Pair) -> None:
    wanted = pair.wanted(head_epochs=1, epochs=1)
    two = pair.second.beside(wanted, pair.folder, "short", short_at=13)
    assert ended(two).status == "finished"
    assert furthest(carry_out(wanted, pair.folder, "not-short"), two) < AGREE


def test_with_pictures_of_another_domain(pair: Pair) -> None:
    asked = pair.wanted(head_epochs=1, epochs=1).model_dump(exclude_unset=True)
    target = str(lamplit(pair.folder / "elsewhere", 3))
    wanted = Project.model_validate({**asked, "transfer": {"adaptation": "mcc", "target": target}})
    one = carry_out(wanted, pair.folder, "one-adapted")
    assert furthest(one, pair.second.beside(wanted, pair.folder, "two-adapted")) < AGREE


@pytest.mark.parametrize("first", [1, 2])
def test_a_run_goes_on_with_another_number_of_processes(pair: Pair, first: int) -> None:
    def some(count: int, **options: Any) -> list[Event]:
        begin = carry_out if count == 1 else pair.second.beside
        return begin(pair.wanted(), pair.folder, f"changed-{first}", **options)

    broken = some(first, watch=at(77, lambda control: control.cancel()))
    assert ended(broken).status == "interrupted"
    rest = some(3 - first, resume=True)
    (resumed,) = [event for event in rest if isinstance(event, RunResumed)]
    assert resumed.step == max(losses(broken)) and ended(rest).status == "finished"
    assert furthest(pair.one, [*broken, *rest]) < AGREE


def test_what_one_of_them_is_told_all_do(pair: Pair) -> None:
    two = pair.second.beside(pair.wanted(), pair.folder, "cancelled", cancel_at=65)
    assert ended(two).status == "interrupted" and max(losses(two)) == 66
    stopped = pair.second.beside(
        pair.wanted(), pair.folder, "stopped", watch=at(62, lambda control: control.stop())
    )
    assert ended(stopped).status == "stopped" and max(losses(stopped)) == 62


def test_both_rest_while_the_run_is_paused(pair: Pair) -> None:
    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last == 15:
            control.pause()
            control.pause_task("pattern")
            threading.Timer(0.5, control.resume).start()

    wanted = pair.wanted(head_epochs=2, epochs=1)
    two = pair.second.beside(wanted, pair.folder, "paused", watch=watch)
    assert ended(two).status == "finished"
    (paused,) = [event for event in two if isinstance(event, TaskPaused)]
    assert (paused.task, paused.step) == ("pattern", 15)


@pytest.mark.parametrize(("what", "size"), [("scoring the test part", 32), ("computing features", 36)])
def test_both_rest_where_one_of_them_has_nothing_left_to_do(pair: Pair, what: str, size: int) -> None:
    """What is told behind the last of an odd number of chunks is heard by the one that had none, too."""

    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Progress) and event.what == what and event.done == event.total:
            control.pause()
            control.pause_task("pattern")
            threading.Timer(0.5, control.resume).start()

    wanted = pair.wanted(head_epochs=1, epochs=1, image_size=size)
    parts = wanted.split.model_copy(update={"test": 0.2})
    two = pair.second.beside(
        wanted.model_copy(update={"split": parts}), pair.folder, f"odd-{size}", watch=watch
    )
    assert ended(two).status == "finished"
