"""What a recipe can ask for beside the defaults, in whole runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from torchvision.models import mobilenet_v3_small

from tests.engine.training.runs import (
    at_each_step,
    carry_out,
    ended,
    four_kinds,
    losses,
    project,
    result,
    two_tasks,
    weights,
)
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Epoch, Event, Interpolation, Notice, PhaseStarted, Progress, Result, Step
from workbench.core.project import Project

EVERYTHING: dict[str, Any] = {
    "unfreeze": "one-by-one",
    "head_epochs": 1,
    "epochs": 2,
    "ema": 0.9,
    "mixup": 0.3,
    "cutmix": 1.0,
    "accumulate": 2,
    "clip": 1.0,
    "batch_size": 6,
    "warmup_epochs": 0.0,
    "patience": 0,
}


@dataclass(frozen=True)
class Whole:
    folder: Path
    wanted: Project
    events: list[Event]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """All kinds of task, and everything that can be asked for; every step is said by itself."""
    folder = tmp_path_factory.mktemp("project")
    wanted = project(four_kinds(folder), {"freeze": 3}, **EVERYTHING)
    with pytest.MonkeyPatch.context() as patch:
        at_each_step(patch)
        yield Whole(folder, wanted, carry_out(wanted, folder, "whole"))


def test_stages_join_one_after_another(whole: Whole) -> None:
    phases = [event for event in whole.events if isinstance(event, PhaseStarted)]
    told = [(phase.name, phase.epochs, phase.first_epoch) for phase in phases]
    assert told == [("heads", 1, 1), ("last stage", 1, 2), ("last 2 stages", 1, 3)]
    trained = [set(event.learning_rates) for event in whole.events if isinstance(event, Step)]
    assert "stage4" not in trained[0] and "stage3" not in trained[-2 - 3] and "stage3" in trained[-1]
    assert phases[1].trainable_parameters < phases[2].trainable_parameters


def test_accumulated_batches_make_one_step(whole: Whole) -> None:
    steps = [event for event in whole.events if isinstance(event, Step) and event.phase == "last stage"]
    assert len(steps) == 3 and all(event.first == event.last for event in steps)  # 29 pictures, 12 a step


def test_what_cannot_be_mixed_is_said(whole: Whole) -> None:
    told = [event.text for event in whole.events if isinstance(event, Notice) and "mixed" in event.text]
    assert told == ["Pictures with a number (size) are not mixed: a mixture of two has no number to learn."]


def test_the_model_is_the_average_of_the_weights(whole: Whole) -> None:
    best = ended(whole.events).best
    assert best is not None
    at = next(event for event in whole.events if isinstance(event, Epoch) and event.epoch == best.epoch)
    assert at.best and at.score == best.score
    if best.epoch == 3:
        kept, last = weights(whole.folder, "best", "whole"), weights(whole.folder, "last", "whole")
        assert not torch.equal(kept["backbone.features.12.0.weight"], last["backbone.features.12.0.weight"])
        state = torch.load(whole.folder / "runs" / "whole" / "checkpoints" / "last" / "state.pt", weights_only=True)
        averaged = state["average"]["weights"]["backbone.features.12.0.weight"]
        assert torch.equal(kept["backbone.features.12.0.weight"], averaged)


def test_broken_off_it_goes_on_with_the_same_bits(whole: Whole) -> None:
    last = max(losses(whole.events))

    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last == last - 1:
            control.cancel()

    broken = carry_out(whole.wanted, whole.folder, "broken", watch=watch)
    rest = carry_out(whole.wanted, whole.folder, "broken", resume=True)
    assert {**losses(broken), **losses(rest)} == losses(whole.events)
    for kind in ("last", "best"):
        expected, found = weights(whole.folder, kind, "whole"), weights(whole.folder, kind, "broken")
        assert all(torch.equal(found[name], value) for name, value in expected.items())


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Two tasks, and a backbone whose weights come from a file."""
    folder = tmp_path_factory.mktemp("pretrained")
    torch.manual_seed(0)
    torch.save(mobilenet_v3_small().state_dict(), folder / "weights.pt")
    return folder, {"freeze": 4, "weights": f"file:{folder / 'weights.pt'}"}


def test_the_way_back_is_scored_and_its_best_point_kept(pretrained: tuple[Path, dict[str, Any]]) -> None:
    folder, backbone = pretrained
    recipe: dict[str, Any] = {"head_epochs": 4, "epochs": 1, "patience": 0, "learning_rate": 0.05}
    phases = [{"freeze": 4, "epochs": 1}]  # so that the last epoch is the only one
    events = carry_out(project(two_tasks(folder), backbone, **recipe, phases=phases, interpolate="keep"), folder)
    (found,) = [event for event in events if isinstance(event, Interpolation)]
    assert found.shares == [0.0, 0.25, 0.5, 0.75, 1.0] and len(found.validation) == 5
    (epoch,) = [event for event in events if isinstance(event, Epoch)]
    assert found.scores[-1] == epoch.score
    known = [score for score in found.scores if score is not None]
    assert found.scores[found.shares.index(found.kept)] == max(known)
    best = ended(events).best
    assert best is not None and best.score == max(known)
    assert result(events)["way_back"]["kept"] == found.kept
    name = "backbone.features.12.0.weight"
    begin, end, kept = weight_at_the_beginning(folder), weights(folder)[name], weights(folder, "best")[name]
    assert torch.allclose(kept, torch.lerp(begin, end, found.kept), atol=1e-6)


def test_cancelled_on_the_way_back_a_run_goes_back_once_it_goes_on(pretrained: tuple[Path, dict[str, Any]]) -> None:
    def cancel(event: Event, control: Control) -> None:
        if isinstance(event, Progress) and event.what == "scoring the way back at 25%":
            control.cancel()

    folder, backbone = pretrained
    wanted = project(two_tasks(folder), backbone, phases=[{"freeze": 4, "epochs": 1}], interpolate="keep")
    events = carry_out(wanted, folder, "cancelled", watch=cancel)
    assert ended(events).status == "interrupted"
    assert not any(isinstance(event, Interpolation | Result) for event in events)
    more = carry_out(wanted, folder, "cancelled", resume=True)
    assert ended(more).status == "finished" and sum(isinstance(event, Interpolation) for event in more) == 1


def test_cancelled_after_the_way_back_a_run_says_again_what_was_found_on_it(
    pretrained: tuple[Path, dict[str, Any]],
) -> None:
    def cancel(event: Event, control: Control) -> None:
        if isinstance(event, Progress) and event.what == "scoring the test part":
            control.cancel()

    folder, backbone = pretrained
    recipe: dict[str, Any] = {"phases": [{"freeze": 4, "epochs": 1}], "learning_rate": 1.0, "interpolate": "keep"}
    wanted = project(two_tasks(folder), backbone, **recipe)
    wanted = wanted.model_copy(update={"split": wanted.split.model_copy(update={"test": 0.2})})
    events = carry_out(wanted, folder, "after", watch=cancel)
    (found,) = [event for event in events if isinstance(event, Interpolation)]
    assert found.kept < 1.0 and ended(events).status == "interrupted"
    best = weights(folder, "best", "after")
    rest = carry_out(wanted, folder, "after", resume=True)
    assert [event for event in rest if isinstance(event, Interpolation)] == [found]
    assert result(rest)["way_back"] == found.model_dump(include={"shares", "scores", "kept"})
    assert all(torch.equal(best[name], value) for name, value in weights(folder, "best", "after").items())


def test_a_run_without_checkpoint_whose_weights_are_gone_asks_for_them(
    pretrained: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    mine = shutil.copy(pretrained[0] / "weights.pt", tmp_path / "mine.pt")
    wanted = project(two_tasks(tmp_path), {**pretrained[1], "weights": f"file:{mine}"}, preset="full", epochs=1)
    carry_out(wanted, tmp_path, watch=lambda event, control: control.cancel() if event.event == "step" else None)
    shutil.rmtree(tmp_path / "runs" / "001-run" / "checkpoints")
    mine.rename(tmp_path / "elsewhere.pt")
    with pytest.raises(RequestError, match="there is no such file") as refused:
        carry_out(wanted, tmp_path, resume=True)
    assert "Put them back where they were" in refused.value.fix


def weight_at_the_beginning(folder: Path) -> torch.Tensor:
    state: dict[str, torch.Tensor] = torch.load(folder / "weights.pt", weights_only=True)
    return state["features.12.0.weight"]


def test_nothing_pretrained_has_no_way_back(whole: Whole) -> None:
    assert not any(isinstance(event, Interpolation) for event in whole.events)
    assert result(whole.events)["way_back"] is None
