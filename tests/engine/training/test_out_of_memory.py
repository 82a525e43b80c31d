"""Memory that runs out anywhere in a step: the step is done all the same, with the whole batch, in smaller pieces."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.engine.training.runs import carry_out, ended, losses, project, two_tasks
from tests.engine.training.test_phases import resolved
from tests.engine.training.test_trainer import CPU, ROWS, table
from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.events import Event, Notice
from workbench.core.resolved import Resolved
from workbench.engine.data.batches import read_ahead
from workbench.engine.data.drawing import Draws
from workbench.engine.insight.answers import collect
from workbench.engine.insight.outputs import Outputs
from workbench.engine.memory import halved, in_pieces, shortage
from workbench.engine.model.heads import HeadSettings
from workbench.engine.model.network import HeadChoice, MultiTaskNetwork, build_network
from workbench.engine.training import feature_cache, keeper, passes
from workbench.engine.training.inputs import Batch, Heard, Mixed
from workbench.engine.training.labels import Labels
from workbench.engine.training.phases import plan
from workbench.engine.training.trainer import Trainer

METHODS = ["equal", "famo", "dwa", "pcgrad", "gradnorm"]
STEPS = 3


class Pictures:
    """Ten small pictures."""

    chunk = fits = 8
    level = "none"

    def __init__(self, network: MultiTaskNetwork) -> None:
        self.network, self.tasks = network, network.tasks
        self.pictures = torch.rand(10, 3, 32, 32, generator=torch.Generator().manual_seed(3))

    def batches(self, draws_of_batches: list[Draws], first: int = 0) -> Generator[Batch, None, None]:
        for draws in draws_of_batches[first:]:
            yield Batch(draws, self.pictures[torch.from_numpy(draws)], np.ones(len(draws), np.bool_))

    def varied(self, x: Tensor, draws: Draws, epoch: int, mixed: Mixed | None = None) -> Tensor:
        return x

    def training_answers(self, varied: Tensor, tasks: Sequence[str]) -> Heard:
        return Heard(self.network.answer(self.network.see(varied, tasks)))

    def answers(self, x: Tensor) -> dict[str, Tensor]:
        return self.network.answer(self.network.see(x))


@pytest.fixture(scope="module")
def network() -> MultiTaskNetwork:
    heads = {"a": HeadChoice("linear", 2, HeadSettings()), "b": HeadChoice("mlp", 2, HeadSettings())}
    return build_network("squeezenet1_1", heads, freeze=3)


@pytest.fixture(scope="module")
def start(network: MultiTaskNetwork) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in network.state_dict().items()}


def facts(method: str) -> Resolved:
    backbone = {"name": "squeezenet1_1", "freeze": 3}
    return resolved(backbone, head_epochs=1, balancing=method, ema=0.9, batch_size=10)


def made(network: MultiTaskNetwork, start: dict[str, Tensor], method: str) -> Trainer:
    network.load_state_dict(start)
    network.train()
    asked = facts(method)
    phase = plan(asked, 10)[1]
    network.freeze(phase.freeze)
    return Trainer(network, Pictures(network), Labels(table(), network.tasks, CPU, {}), asked, phase, CPU)


def trained(trainer: Trainer, lack: Callable[[int], None] = lambda step: None) -> dict[str, Tensor]:
    """The weights after some steps, and the average; before each, `lack` may prepare that memory runs out in it."""
    torch.manual_seed(0)
    (batch,) = trainer.inputs.batches([ROWS])
    for step in range(STEPS):
        lack(step)
        assert trainer.step(batch, 1, Control(), step) is not None
    assert trainer.average is not None
    averaged = {f"average of {name}": value for name, value in trainer.average.weights.items()}
    return {name: value.clone() for name, value in {**trainer.network.state_dict(), **averaged}.items()}


@pytest.fixture(scope="module")
def undisturbed(network: MultiTaskNetwork, start: dict[str, Tensor]) -> dict[str, dict[str, Tensor]]:
    return {method: trained(made(network, start, method)) for method in METHODS}


def once(
    owner: Any,
    name: str,
    patch: pytest.MonkeyPatch,
    *,
    after: bool = False,
    error: Exception = torch.OutOfMemoryError("too much"),  # noqa: B008 - raised once, never changed
) -> list[str]:
    """Let memory run out in the next call of a method, before it has done anything or after all of it."""
    original, happened = getattr(owner, name), list[str]()

    def short(*args: Any, **options: Any) -> Any:
        if happened:
            return original(*args, **options)
        happened.append(name)
        if after:
            original(*args, **options)
        raise error

    patch.setattr(owner, name, short)
    return happened


def half_made(trainer: Trainer, patch: pytest.MonkeyPatch) -> list[str]:
    """Memory runs out while the optimiser makes what it keeps of a parameter."""
    happened = once(trainer.optimiser, "step", patch)
    parameter = trainer.optimiser.param_groups[0]["params"][0]
    if parameter not in trainer.optimiser.state:
        trainer.optimiser.state[parameter]["step"] = torch.zeros(())
    return happened


def a_processors() -> Exception:
    """What torch says where a processor's memory is not enough."""
    try:
        torch.empty(10**16)
    except RuntimeError as error:
        return error
    raise AssertionError("this machine has ten petabytes")


Place = Callable[[Trainer, pytest.MonkeyPatch], list[str]]
PLACES: dict[str, Place] = {
    "forward": lambda trainer, patch: once(trainer._passes, "forward", patch),
    "a processor's": lambda trainer, patch: once(trainer._passes, "_forward", patch, error=a_processors()),
    "behind forward": lambda trainer, patch: once(trainer._passes, "forward", patch, after=True),
    "behind backward": lambda trainer, patch: once(trainer._passes, "backward", patch, after=True),
    "a task's gradient": lambda trainer, patch: once(passes.SharedGradients, "add", patch, after=True),
    "clipping": lambda trainer, patch: once(torch.nn.utils, "clip_grad_norm_", patch),
    "optimiser": half_made,
    "average": lambda trainer, patch: once(trainer.average, "update", patch),
    "balancing": lambda trainer, patch: once(trainer.balancing, "learn", patch),
    "losses once more": lambda trainer, patch: once(trainer._passes, "losses", patch),
    "agreement": lambda trainer, patch: once(trainer, "_measured_beside", patch, after=True),
}


MEETS: dict[str, list[str]] = {
    **dict.fromkeys(PLACES, METHODS),
    "behind backward": ["equal", "famo", "dwa"],
    "a processor's": ["equal", "pcgrad"],
    "balancing": ["famo", "dwa", "pcgrad", "gradnorm"],
    "losses once more": ["famo"],
    "agreement": ["equal", "famo", "dwa"],
}
"""The methods with which a step comes by each place."""
LATE = ("optimiser", "average", "balancing")
"""Places after which a step goes through the network no more."""


@pytest.mark.parametrize(("place", "method"), [(place, method) for place in PLACES for method in MEETS[place]])
def test_wherever_memory_runs_out_in_a_step_the_run_comes_to_the_same(
    network: MultiTaskNetwork,
    start: dict[str, Tensor],
    undisturbed: dict[str, dict[str, Tensor]],
    place: str,
    method: str,
) -> None:
    met = 0
    for step in range(STEPS):
        trainer = made(network, start, method)
        happened: list[list[str]] = []

        def lack(now: int, step: int = step, trainer: Trainer = trainer) -> None:
            if now == step:
                happened.append(PLACES[place](trainer, patch))  # noqa: B023 - called within this turn of the loop

        with pytest.MonkeyPatch.context() as patch:
            found = trained(trainer, lack)
        assert len(trainer.said) == len(happened[0]), "each lack of memory is told once"
        met += len(happened[0])
        assert distance(found, undisturbed[method], start) < 0.02
        if step == STEPS - 1 and place in LATE:
            assert all(torch.equal(value, found[name]) for name, value in undisturbed[method].items())
    assert met


def distance(found: dict[str, Tensor], expected: dict[str, Tensor], start: dict[str, Tensor]) -> float:
    """How far apart two networks have come, in terms of how far they have come from their start.

    The first steps of Adam go by a gradient's sign, so that single weights may differ by all of their way where the
    sums of pieces differ in their last bits.
    """
    apart = sum(float((found[name] - value).float().square().sum()) for name, value in expected.items())
    way = sum(float((expected[name] - value).float().square().sum()) for name, value in start.items())
    return float(np.sqrt(apart / way))


def test_a_lack_of_memory_says_what_the_run_does_from_then_on(
    network: MultiTaskNetwork, start: dict[str, Tensor]
) -> None:
    trainer = made(network, start, "equal")
    with pytest.MonkeyPatch.context() as patch:
        trained(trainer, lambda step: once(trainer._passes, "forward", patch) and None)
    assert trainer.said == [
        f"The memory ran out: from here on {some} worked on at once."
        for some in ("4 pictures are", "2 pictures are", "1 picture is")
    ]


def test_a_step_that_does_not_fit_at_all_is_an_error_with_what_to_do(
    network: MultiTaskNetwork, start: dict[str, Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never() -> None:
        raise torch.OutOfMemoryError("too much")

    trainer = made(network, start, "equal")
    monkeypatch.setattr(trainer.optimiser, "step", never)
    with pytest.raises(RunError, match="memory for one picture"):
        trained(trainer)


def test_answers_and_features_come_in_pieces_that_fit() -> None:
    def double(x: Tensor) -> Tensor:
        if len(x) > 3:
            raise torch.OutOfMemoryError("too much")
        return 2 * x

    x = torch.arange(10.0)
    parts, at_once = in_pieces(double, x, 8)
    assert at_once == 2 and torch.equal(torch.cat(parts), 2 * x)
    with pytest.raises(RunError, match="memory for one picture"):
        halved(1, CPU, torch.OutOfMemoryError("too much"))


def test_validation_goes_on_in_smaller_pieces_and_says_so(
    network: MultiTaskNetwork, start: dict[str, Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer, asked = made(network, start, "equal"), facts("equal")
    tasks = {task.name: task for task in asked.tasks}

    def collected() -> tuple[list[Event], Outputs]:
        events: list[Event] = []
        answering = collect(network, trainer.inputs, ROWS, tasks, {}, Control())
        while True:
            try:
                events.append(next(answering))
            except StopIteration as end:
                assert end.value is not None
                return events, end.value

    nothing, whole = collected()
    assert not nothing
    original = Pictures.answers

    def short(self: Pictures, x: Tensor) -> dict[str, Tensor]:
        if len(x) > 3:
            raise torch.OutOfMemoryError("too much")
        return original(self, x)

    monkeypatch.setattr(Pictures, "answers", short)
    events, pieces = collected()
    assert [event.text for event in events if isinstance(event, Notice)] == [
        "The memory ran out: from here on 2 pictures are worked on at once."
    ]
    for task, values in whole.answers.items():
        assert np.allclose(pieces.answers[task], values, atol=1e-5)
    again, _ = collected()
    assert not again, "what fits is known by now"


def test_features_are_computed_in_smaller_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = project(two_tasks(tmp_path), {"name": "squeezenet1_1"}, preset="probe", epochs=2)
    whole = losses(carry_out(wanted, tmp_path))
    shutil.rmtree(tmp_path / "cache")
    original = feature_cache.view_features

    def short(network: MultiTaskNetwork, pixels: Tensor, asked: Resolved) -> Tensor:
        if len(pixels) > 3:
            raise torch.OutOfMemoryError("too much")
        return original(network, pixels, asked)

    monkeypatch.setattr(feature_cache, "view_features", short)
    events = carry_out(wanted, tmp_path, "002-short")
    assert ended(events).status == "finished"
    told = [event.text for event in events if isinstance(event, Notice)]
    assert sum("The memory ran out" in text for text in told) == 1
    for step, by_task in losses(events).items():
        assert by_task == pytest.approx(whole[step], abs=1e-3)


def test_a_batch_that_does_not_fit_the_device_stays_where_it_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = torch.rand(4, 3, 8, 8)
    happened = once(torch.Tensor, "to", monkeypatch)
    (batch,) = read_ahead(lambda rows: (pictures, np.ones(len(rows), np.bool_)), [np.arange(4)], CPU)
    assert happened and batch.pixels is pictures


def test_without_room_for_a_copy_the_best_is_written_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original, lacked = keeper.Keeper._model, list[bool]()

    def short(self: keeper.Keeper, trainer: Trainer, copied: bool = False) -> dict[str, Tensor]:
        if copied:
            lacked.append(True)
            raise torch.OutOfMemoryError("too much")
        return original(self, trainer, copied)

    monkeypatch.setattr(keeper.Keeper, "_model", short)
    wanted = project(two_tasks(tmp_path), {"name": "squeezenet1_1"}, preset="probe", epochs=4)
    events = carry_out(wanted, tmp_path)
    assert lacked and ended(events).status == "finished"
    kept = torch.load(tmp_path / "runs/001-run/checkpoints/best/state.pt", weights_only=True)
    best = ended(events).best
    assert best is not None and kept["best"]["epoch"] == best.epoch


def test_other_errors_are_no_lack_of_memory() -> None:
    with pytest.raises(RuntimeError, match="shapes") as caught, shortage():
        raise RuntimeError("shapes do not fit")
    assert not isinstance(caught.value, torch.OutOfMemoryError)
    with pytest.raises(torch.OutOfMemoryError), shortage():
        raise MemoryError
