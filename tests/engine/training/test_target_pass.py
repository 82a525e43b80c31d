"""Learning from a target beside the labels: exact in pieces and across a stop, and it does what it is for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.engine.training.runs import carry_out, ended, losses, project, weights
from tests.engine.transfer.domains.pictures import lamplit, source_folder
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Epoch, Event, Notice, Step
from workbench.core.project import Project
from workbench.engine.training import step_log
from workbench.engine.training.target_pass import TargetPass, TargetPictures
from workbench.engine.transfer.domains.class_confusion import class_confusion


def wanted(folder: Path, dropout: float = 0.2, **transfer: Any) -> Project:
    """A project that trains the last stages of a small network, adapted to pictures under a lamp."""
    tasks = [{"name": "colour", "source": str(source_folder(folder, 8)), "dropout": dropout}]
    made = project(
        tasks,
        {"name": "shufflenet_v2_x0_5", "freeze": 2},
        epochs=2,
        head_epochs=0,
        patience=0,
        interpolate="off",
        augment="light",
        batch_norm="eval",
    )
    asked = {"adaptation": "mcc", "target": str(lamplit(folder, 5)), **transfer}
    return Project.model_validate({**made.model_dump(exclude_unset=True), "transfer": asked})


def cancel_at(step: int) -> Any:
    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last == step:
            control.cancel()

    return watch


def test_a_run_that_was_broken_off_goes_on_to_the_same_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_log, "INTERVAL_S", 0.0)
    asked = wanted(tmp_path)
    whole = carry_out(asked, tmp_path, "001-whole")
    broken = carry_out(asked, tmp_path, "002-parted", watch=cancel_at(2))
    again = carry_out(asked, tmp_path, "002-parted", resume=True)
    assert ended(broken).status == "interrupted" and {**losses(broken), **losses(again)} == losses(whole)
    one, other = weights(tmp_path, run="001-whole"), weights(tmp_path, run="002-parted")
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_the_target_moves_the_model_and_the_last_epoch_is_kept(tmp_path: Path) -> None:
    adapted = carry_out(wanted(tmp_path), tmp_path, "001-mcc")
    carry_out(wanted(tmp_path, confusion=0.0), tmp_path, "002-plain")
    one, other = weights(tmp_path, run="001-mcc"), weights(tmp_path, run="002-plain")
    moved = {name for name in one if not torch.equal(one[name], other[name])}
    assert any(name.startswith("heads.") for name in moved) and any(name.startswith("backbone.") for name in moved)
    epochs = [event for event in adapted if isinstance(event, Epoch)]
    assert all(event.best for event in epochs) and len(losses(adapted)) == len(epochs) * 3
    best = ended(adapted).best
    assert best is not None and best.epoch == epochs[-1].epoch


def test_memory_that_runs_out_in_the_pass_halves_the_pieces_and_changes_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = wanted(tmp_path, dropout=0.0)
    whole = carry_out(asked, tmp_path, "001-whole")
    answers, seen = TargetPass._answers, []

    def short(self: TargetPass, pixels: torch.Tensor, *rest: Any) -> dict[str, torch.Tensor]:
        seen.append(len(pixels))
        if len(pixels) > 4:
            raise torch.OutOfMemoryError("no more than four")
        return answers(self, pixels, *rest)

    monkeypatch.setattr(TargetPass, "_answers", short)
    events = carry_out(asked, tmp_path, "002-short")
    assert ended(events).status == "finished" and seen[0] == 8 and max(seen[1:]) <= 4
    assert any(isinstance(event, Notice) and "memory" in event.text for event in events)
    for step, each in losses(whole).items():
        assert losses(events)[step]["colour"] == pytest.approx(each["colour"], rel=1e-3)


class _Answers:
    """Answers of a small network to pixels, as they are."""

    def __init__(self, network: torch.nn.Module) -> None:
        self.network = network
        self.seen: list[int] = []

    def __call__(self, x: torch.Tensor, rows: np.ndarray, epoch: int, tasks: list[str]) -> dict[str, torch.Tensor]:
        self.seen.append(len(rows))
        return {task: self.network(x.float().flatten(1) / 255) for task in tasks}


class _Store:
    """Nine pictures, of which one cannot be read."""

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        pixels = np.random.default_rng(0).integers(0, 255, (9, 4, 4, 3), dtype=np.uint8)
        return pixels[rows], rows != 3


def made(network: torch.nn.Module) -> tuple[TargetPass, _Answers]:
    inputs = _Answers(network)
    target = TargetPictures(_Store(), 9, ("a", "b"), 0.7, 2.5)  # type: ignore[arg-type]
    found = TargetPass(target, network, inputs, 9, 0, torch.device("cpu"))
    return found, inputs


@pytest.mark.parametrize("micro", [1, 3, 5])
def test_pieces_give_the_gradient_of_the_whole_batch(micro: int) -> None:
    torch.manual_seed(0)
    network = torch.nn.Linear(48, 4)
    whole, inputs = made(network)
    assert whole.backward(0, ("a",), 2.0, 100, Control()) and inputs.seen == [8]
    expected = network.weight.grad
    network.zero_grad()
    pieces, inputs = made(network)
    assert pieces.backward(0, ("a",), 2.0, micro, Control())
    assert max(inputs.seen) <= micro and sum(inputs.seen) == 16
    torch.testing.assert_close(network.weight.grad, expected)
    readable = np.array([row for row in whole.rows(0) if row != 3])
    x = torch.from_numpy(_Store().read(readable)[0]).permute(0, 3, 1, 2).float().flatten(1) / 255
    (by_hand,) = torch.autograd.grad(2.0 * 0.7 * class_confusion(network(x)), [network.weight])
    torch.testing.assert_close(expected, by_hand)


def test_every_picture_comes_once_before_any_comes_again() -> None:
    found, _ = made(torch.nn.Linear(48, 4))
    found._batch = 4
    seen = np.concatenate([found.rows(step) for step in range(9)])
    assert all(sorted(seen[9 * turn : 9 * turn + 9]) == list(range(9)) for turn in range(4))
    assert not np.array_equal(seen[:9], seen[9:18]) and np.array_equal(found.rows(5), found.rows(5))


def test_it_ends_between_two_pieces() -> None:
    found, _ = made(torch.nn.Linear(48, 4))
    control = Control()
    control.stop()
    assert not found.backward(0, ("a",), 1.0, 2, control)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target": ""}, "transfer.target is empty"),
        ({"target": "/nowhere/at/all"}, "There is no folder"),
        ({"adaptation": "pseudo-labels"}, "answers of a run that has been trained"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    with pytest.raises(RequestError, match=words):
        carry_out(wanted(tmp_path, **change), tmp_path)


def test_a_recipe_of_heads_alone_is_refused(tmp_path: Path) -> None:
    asked = wanted(tmp_path)
    asked.recipe.preset = "probe"
    with pytest.raises(RequestError, match="trains heads alone"):
        carry_out(asked, tmp_path)
