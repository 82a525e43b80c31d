"""Steps with each balancing method through a real backbone: exact gradients, pieces, memory, stops, no side effects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from tests.engine.training.test_losses import loss
from tests.engine.training.test_phases import resolved
from workbench.core.control import Control
from workbench.core.resolved import Resolved
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.model.heads import HeadSettings
from workbench.engine.model.network import HeadChoice, MultiTaskNetwork, build_network
from workbench.engine.training.balancing import BALANCING
from workbench.engine.training.gradients import SharedGradients
from workbench.engine.training.inputs import Batch, Heard
from workbench.engine.training.labels import Labels
from workbench.engine.training.losses import combine
from workbench.engine.training.optimiser import build_optimiser, trainable
from workbench.engine.training.passes import Work
from workbench.engine.training.phases import HEAD_RECIPES, plan
from workbench.engine.training.trainer import Trainer

CPU = torch.device("cpu")
ROWS = np.arange(8, dtype=np.int64)
SHARED = {"a": [0, 1, 0, 1, 1, 0, 1, 0], "b": [1, 0, 0, -1, 1, 1, 0, 1]}
APART = {"a": [0, 1, -1, 1, -1, 0, -1, 0], "b": [-1, -1, 0, -1, 1, -1, 0, -1]}
NEEDS_GRADIENTS = [name for name, method in BALANCING.items() if method.needs == "gradients"]


class Pictures:
    """Eight pictures of noise straight through the network; each pass is counted, and may run out of memory."""

    def __init__(self, network: MultiTaskNetwork, chunk: int = 100, most: int = 100) -> None:
        self.network, self.chunk, self.most = network, chunk, most
        self.tasks, self.level = network.tasks, "none"
        self.images = torch.rand(8, 3, 32, 32, generator=torch.Generator().manual_seed(1))
        self.sizes: list[int] = []
        self.control: Control | None = None

    def batches(self, rows_of_batches: Sequence[Any], first: int = 0) -> Iterator[Batch]:
        for rows in rows_of_batches[first:]:
            yield Batch(rows, self.images[torch.from_numpy(rows)], np.ones(len(rows), np.bool_))

    def varied(self, x: Tensor, rows: Any, epoch: int, mixed: Any = None) -> Tensor:
        assert torch.equal(x, self.images[torch.from_numpy(rows)]), "pictures and rows belong together"
        return x

    def training_answers(self, varied: Tensor, tasks: Sequence[str]) -> Heard:
        if len(varied) > self.most:
            raise torch.OutOfMemoryError("too much")
        self.sizes.append(len(varied))
        if self.control is not None:
            self.control.stop()
        answers = self.network(varied)
        return Heard({task: answers[task] for task in tasks})

    def answers(self, x: Tensor) -> dict[str, Tensor]:
        return self.network(x)


def table(targets: dict[str, list[int]]) -> SampleTable:
    return SampleTable(
        paths=[Path(f"{row}.png") for row in ROWS],
        part=np.zeros(8, np.int8),
        targets={task: np.asarray(values, np.int64) for task, values in targets.items()},
        classes={task: ["x", "y"] for task in targets},
        sizes=np.zeros((8, 2), np.int32),
        bytes=np.zeros(8, np.int64),
        copies=np.zeros(8, np.int64),
    )


def facts(**recipe: Any) -> Resolved:
    return resolved({"freeze": 3}, head_epochs=0, epochs=2, **recipe)


def heads(dropout: float = 0.0) -> dict[str, HeadChoice]:
    return {task: HeadChoice(kind, 2, HeadSettings(dropout)) for task, kind in {"a": "linear", "b": "mlp"}.items()}


def trainer(
    method: str, targets: dict[str, list[int]], batch_norm: Any = "eval", dropout: float = 0.0, **pictures: Any
) -> tuple[Trainer, Pictures]:
    network = build_network("resnet18", heads(dropout), freeze=3, batch_norm=batch_norm, seed=4).train()
    inputs, asked = Pictures(network, **pictures), facts(balancing=method)
    labels = Labels(table(targets), network.tasks, CPU, {})
    return Trainer(network, inputs, labels, asked, plan(asked, 8)[-1], CPU), inputs  # type: ignore[arg-type]


def batch(inputs: Pictures) -> Batch:
    return next(iter(inputs.batches([ROWS])))


def gradients(made: Trainer) -> dict[str, Tensor]:
    return {n: p.grad.clone() for n, p in made.network.named_parameters() if p.grad is not None}


def same(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    return set(first) == set(second) and all(
        torch.allclose(value, second[name], atol=1e-5, rtol=1e-3) for name, value in first.items()
    )


@pytest.mark.parametrize("targets", [SHARED, APART], ids=["shared", "apart"])
def test_task_gradients_add_up_to_the_joint_gradient(targets: dict[str, list[int]]) -> None:
    """With no conflict taken away every factor is 1: the sum of exact gradients is the gradient of the sum."""
    made, inputs = trainer("pcgrad", targets)
    made.balancing.weights = lambda now: dict.fromkeys(now.tasks, 1.0)  # type: ignore[method-assign]
    joint, plain = trainer("equal", targets)
    assert made.step(batch(inputs), 1, Control()) is not None and joint.step(batch(plain), 1, Control(), 1) is not None
    assert same(gradients(made), gradients(joint))


def test_tasks_with_pictures_of_their_own_cost_one_pass_over_the_batch() -> None:
    made, inputs = trainer("upgrad", APART)
    outcome = made.step(batch(inputs), 1, Control())
    assert outcome is not None and outcome.counts == (5, 3)
    assert sorted(inputs.sizes) == [3, 5]
    together, all_of_them = trainer("upgrad", SHARED)
    together.step(batch(all_of_them), 1, Control())
    assert all_of_them.sizes == [8]


def test_batch_norm_that_trains_sees_the_whole_batch() -> None:
    made, inputs = trainer("upgrad", APART, batch_norm="train")
    made.step(batch(inputs), 1, Control())
    assert inputs.sizes == [8]


@pytest.mark.parametrize("method", BALANCING)
@pytest.mark.parametrize("targets", [SHARED, APART], ids=["shared", "apart"])
def test_pieces_and_a_lack_of_memory_change_nothing(method: str, targets: dict[str, list[int]]) -> None:
    found = []
    for settings in ({}, {"chunk": 3}, {"most": 2}):
        made, inputs = trainer(method, targets, **settings)
        outcome = made.step(batch(inputs), 1, Control())
        assert outcome is not None and max(inputs.sizes) <= settings.get("chunk", settings.get("most", 8))
        found.append((gradients(made), outcome.losses, outcome.right, outcome.weights))
    for other in found[1:]:
        assert same(found[0][0], other[0])
        assert torch.allclose(found[0][1], other[1], atol=1e-5) and torch.equal(found[0][2], other[2])
        assert other[3] == pytest.approx(found[0][3], rel=1e-3)


@pytest.mark.parametrize("method", BALANCING)
def test_a_stop_between_two_pieces_leaves_no_trace(method: str) -> None:
    made, inputs = trainer(method, APART, dropout=0.5, chunk=2)
    inputs.control = Control()
    before = {name: value.clone() for name, value in made.network.state_dict().items()}
    random, state = torch.random.get_rng_state(), str(made.state())
    assert made.step(batch(inputs), 1, inputs.control) is None
    assert all(torch.equal(value, before[name]) for name, value in made.network.state_dict().items())
    assert torch.equal(torch.random.get_rng_state(), random) and str(made.state()) == state


@pytest.mark.parametrize("method", BALANCING)
def test_a_task_without_a_label_or_a_weight_adds_nothing(method: str) -> None:
    made, inputs = trainer(method, {**SHARED, "b": [-1] * 8})
    other = made.network.heads["b"]
    before = [p.clone() for p in other.parameters()]
    outcome = made.step(batch(inputs), 1, Control())
    assert outcome is not None and outcome.counts == (8, 0)
    assert all(p.grad is None or not p.grad.any() for p in other.parameters())
    assert all(torch.equal(p, kept) for p, kept in zip(other.parameters(), before, strict=True))
    nothing, empty = trainer(method, {"a": [-1] * 8, "b": [-1] * 8})
    whole = {name: value.clone() for name, value in nothing.network.state_dict().items()}
    assert nothing.step(batch(empty), 1, Control()) is not None
    assert all(torch.equal(value, whole[name]) for name, value in nothing.network.state_dict().items())


@pytest.mark.parametrize("method", BALANCING)
def test_a_weight_of_nought_is_shown_its_loss_and_pulls_at_nothing(method: str) -> None:
    network = build_network("resnet18", heads(), freeze=3, seed=4).train()
    asked = facts(balancing=method)
    asked.project.tasks[1].weight = 0.0
    inputs = Pictures(network)
    labels = Labels(table(SHARED), network.tasks, CPU, {})
    made = Trainer(network, inputs, labels, asked, plan(asked, 8)[-1], CPU)  # type: ignore[arg-type]
    outcome = made.step(batch(inputs), 1, Control())
    assert outcome is not None and float(outcome.losses[1]) > 0.1 and np.isfinite(outcome.weights["a"] or 0)
    assert all(p.grad is None or not p.grad.any() for p in network.heads["b"].parameters())


def test_plain_sum_is_in_nats() -> None:
    losses = {}
    for method in ("equal", "fixed"):
        made, inputs = trainer(method, {"a": SHARED["a"], "b": [-1] * 8})
        made.step(batch(inputs), 1, Control(), 1)
        losses[method] = torch.cat(
            [p.grad.flatten() for p in made.network.heads["a"].parameters() if p.grad is not None]
        )
    assert torch.allclose(losses["fixed"], losses["equal"] * np.log(2), rtol=1e-4, atol=1e-7)


def plain_step(network: MultiTaskNetwork, images: Tensor, targets: Tensor, optimiser: torch.optim.Optimizer) -> Tensor:
    """A step of equal weighing, written out."""
    optimiser.zero_grad(set_to_none=True)
    logits, tasks = network(images), {"a": loss(classes=2), "b": loss(classes=2)}
    sums = {task: tasks[task](logits[task], targets[:, place]) for place, task in enumerate(tasks)}
    counts = {task: int((targets[:, place] >= 0).sum()) for place, task in enumerate(tasks)}
    combine(sums, counts, tasks, {"a": 1.0, "b": 1.0}).backward()
    nn.utils.clip_grad_norm_(trainable(optimiser), 5.0)
    optimiser.step()
    return torch.stack([sums[task].shown for task in tasks]) / torch.tensor(list(counts.values()))


@pytest.mark.parametrize("targets", [SHARED, APART], ids=["shared", "apart"])
@pytest.mark.parametrize("batch_norm", ["eval", "train"])
def test_equal_weighing_has_the_bits_of_a_plain_step_and_measuring_changes_none(
    targets: dict[str, list[int]], batch_norm: Any
) -> None:
    made, inputs = trainer("equal", targets, batch_norm=batch_norm, dropout=0.4)
    network = build_network("resnet18", heads(0.4), freeze=3, batch_norm=batch_norm, seed=4).train()
    asked = facts()
    optimiser = build_optimiser(network, plan(asked, 8)[-1], {"a": HEAD_RECIPES["linear"].ridge / np.log(2), "b": 0.0})
    both = torch.from_numpy(np.stack([targets["a"], targets["b"]], axis=1))
    assert made.agreement is not None
    if targets is APART and batch_norm == "eval":
        made.agreement = None  # where it is free, it comes with steps of another order of adding up
    torch.manual_seed(0)
    expected = [plain_step(network, inputs.images, both, optimiser) for _ in range(12)]
    torch.manual_seed(0)
    found = [made.step(batch(inputs), 1, Control(), step) for step in range(12)]
    if made.agreement is not None:
        assert made.agreement.matrix()[0][1] is not None, "it was measured meanwhile"
    assert all(one is not None and torch.equal(one.losses, other) for one, other in zip(found, expected, strict=True))
    state = network.state_dict()
    assert all(torch.equal(value, state[name]) for name, value in made.network.state_dict().items())


@pytest.mark.parametrize("method", ["equal", "fixed", "uw", "dwa"])
def test_where_it_is_free_agreement_is_measured_every_step_and_the_step_is_the_same(method: str) -> None:
    made, inputs = trainer(method, APART)
    plain, pictures = trainer(method, APART)
    plain.agreement = None
    measured = []
    assert made.agreement is not None
    take = made.agreement.add
    made.agreement.add = lambda tasks, gramian: measured.append(tasks) or take(tasks, gramian)  # type: ignore
    for step in range(3):
        one, other = made.step(batch(inputs), 1, Control(), step), plain.step(batch(pictures), 1, Control(), step)
        assert one is not None and other is not None and one.weights == pytest.approx(other.weights, rel=1e-4)
        assert same(gradients(made), gradients(plain)), step
    assert len(measured) == 3 and sum(inputs.sizes) == sum(pictures.sizes) == 24, "one pass over each batch"


@pytest.mark.parametrize("method", NEEDS_GRADIENTS)
def test_the_gramian_is_that_of_the_gradients(method: str) -> None:
    made, inputs = trainer(method, SHARED)
    seen = []
    ask = made.balancing.weights
    made.balancing.weights = lambda now: seen.append(now) or ask(now)  # type: ignore[func-returns-value,method-assign]
    made.step(batch(inputs), 1, Control())
    network, _ = trainer("equal", SHARED)
    shared = [p for p in network.network.backbone.parameters() if p.requires_grad]
    logits = network.network(inputs.images)
    rows = []
    for place, task in enumerate(("a", "b")):
        wanted = torch.tensor(SHARED[task])
        mean = nn.functional.cross_entropy(logits[task], wanted, ignore_index=-1) / np.log(2)
        rows.append(torch.cat([g.flatten() for g in torch.autograd.grad(mean, shared, retain_graph=place == 0)]))
    jacobian = torch.stack(rows).double()
    assert torch.allclose(seen[0].gramian, jacobian @ jacobian.T, rtol=1e-3)


def test_gradients_lie_in_memory_as_their_weights_do() -> None:
    weight = nn.Parameter(torch.randn(4, 3, 3, 3).contiguous(memory_format=torch.channels_last))
    found = SharedGradients(["a"], [weight])
    found.add("a", (weight**2).sum(), [], keep_graph=False)
    found.write({"a": 0.5})
    assert weight.grad is not None and weight.grad.stride() == weight.stride()
    assert torch.allclose(weight.grad, weight)


def test_a_lack_of_memory_after_the_step_does_not_take_it_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """FAMO looks at the batch once more when the parameters have changed already."""
    made, inputs = trainer("famo", SHARED)
    other, pictures = trainer("famo", SHARED)
    taken = made._update

    def update(work: Work) -> None:
        taken(work)
        inputs.most = 4

    monkeypatch.setattr(made, "_update", update)
    assert made.step(batch(inputs), 1, Control(), 1) is not None
    other.step(batch(pictures), 1, Control(), 1)
    assert inputs.sizes == [8, 4, 4]
    state = other.network.state_dict()
    assert all(torch.equal(value, state[name]) for name, value in made.network.state_dict().items())
