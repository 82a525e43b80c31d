"""Single steps: pieces add up to the batch, a lack of memory makes them smaller, and a stop leaves no trace."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.engine.training.test_phases import resolved
from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.resolved import Resolved
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.model.heads import HeadSettings
from workbench.engine.model.network import HeadChoice, MultiTaskNetwork, build_network
from workbench.engine.training.inputs import Batch, FeatureInputs, Heard
from workbench.engine.training.labels import Labels
from workbench.engine.training.phases import plan
from workbench.engine.training.trainer import Trainer

ROWS = np.arange(10, dtype=np.int64)
CPU = torch.device("cpu")


class Pieces(FeatureInputs):
    """Features in pieces of a size; counts the passes and may run out of memory, or be told to stop, in one of them."""

    def __init__(self, network: MultiTaskNetwork, size: int, most: int = 100, control: Control | None = None) -> None:
        values = torch.randn(10, 512, generator=torch.Generator().manual_seed(3))
        super().__init__(network, values, np.ones(10, np.bool_), CPU)
        self.chunk, self.most, self.control, self.sizes = size, most, control, [0][:0]

    def training_answers(self, varied: Tensor, tasks: Sequence[str]) -> Heard:
        if len(varied) > self.most:
            raise torch.OutOfMemoryError("too much")
        self.sizes.append(len(varied))
        if self.control is not None:
            self.control.stop()
        return super().training_answers(varied, tasks)


def facts() -> Resolved:
    return resolved(head_epochs=2)


def table() -> SampleTable:
    targets = {"a": np.array([0, 1, -1, 0, 1, 1, 0, -1, 1, 0]), "b": np.array([-1, -1, -1, 1, 0, -1, -1, -1, -1, 1])}
    none = np.zeros(10, np.int64)
    return SampleTable(
        paths=[Path(f"{row}.png") for row in ROWS],
        part=np.zeros(10, np.int8),
        targets={task: np.asarray(values, np.int64) for task, values in targets.items()},
        classes={"a": ["x", "y"], "b": ["x", "y"]},
        sizes=np.zeros((10, 2), np.int32),
        bytes=none,
        copies=none,
    )


def trainer(size: int, most: int = 100, control: Control | None = None, dropout: float = 0.0) -> tuple[Trainer, Pieces]:
    settings = HeadSettings(dropout)
    heads = {"a": HeadChoice("linear", 2, settings), "b": HeadChoice("mlp", 2, settings)}
    network = build_network("resnet18", heads, freeze="all").train()
    inputs = Pieces(network, size, most, control)
    labels = Labels(table(), network.tasks, CPU, {})
    return Trainer(network, inputs, labels, facts(), plan(facts(), 10)[0], CPU), inputs


def batch(inputs: Pieces, readable: np.ndarray[tuple[int], np.dtype[np.bool_]] | None = None) -> Batch:
    (whole,) = inputs.batches([ROWS])
    return whole if readable is None else whole._replace(readable=readable)


def heads(made: Trainer) -> Tensor:
    return torch.cat([value.detach().flatten() for value in made.network.heads.parameters()])


@pytest.mark.parametrize("size", [1, 3, 4, 9])
def test_pieces_add_up_to_the_whole_batch(size: int) -> None:
    whole, inputs = trainer(100)
    parts, pieces = trainer(size)
    one, other = whole.step(batch(inputs), 1, Control()), parts.step(batch(pieces), 1, Control())
    assert one is not None and other is not None
    assert max(pieces.sizes) <= size and max(pieces.sizes) - min(pieces.sizes) <= 1 and sum(pieces.sizes) == 10
    assert one.counts == other.counts == (8, 3)
    assert torch.allclose(one.losses, other.losses, atol=1e-6) and torch.equal(one.right, other.right)
    for (name, expected), found in zip(
        whole.network.heads.named_parameters(), parts.network.heads.parameters(), strict=True
    ):
        assert expected.grad is not None and found.grad is not None, name
        assert torch.allclose(found.grad, expected.grad, atol=1e-6), name


def test_too_little_memory_makes_the_pieces_smaller_and_changes_nothing_else() -> None:
    whole, inputs = trainer(100)
    small, pieces = trainer(100, most=3)
    one, other = whole.step(batch(inputs), 1, Control()), small.step(batch(pieces), 1, Control())
    assert one is not None and other is not None and torch.allclose(one.losses, other.losses, atol=1e-6)
    assert max(pieces.sizes) <= 3
    none, _ = trainer(100, most=0)
    with pytest.raises(RunError, match="memory for one picture"):
        none.step(batch(inputs), 1, Control())


def test_a_stop_between_two_pieces_leaves_no_trace() -> None:
    control = Control()
    made, inputs = trainer(4, control=control, dropout=0.5)
    before, random = heads(made), torch.random.get_rng_state()
    assert made.step(batch(inputs), 1, control) is None
    assert len(inputs.sizes) == 1
    assert torch.equal(heads(made), before) and torch.equal(torch.random.get_rng_state(), random)


def test_unreadable_pictures_count_for_nothing() -> None:
    made, inputs = trainer(100)
    readable = np.ones(10, np.bool_)
    readable[[3, 4, 9]] = False
    outcome = made.step(batch(inputs, readable), 1, Control())
    assert outcome is not None and outcome.counts == (5, 0)
    nothing = made.step(batch(inputs, np.zeros(10, np.bool_)), 1, Control())
    assert nothing is not None and nothing.counts == (0, 0)


def test_a_batch_without_labels_changes_nothing() -> None:
    made, inputs = trainer(100)
    before = heads(made)
    made.step(batch(inputs, np.zeros(10, np.bool_)), 1, Control())
    assert torch.equal(heads(made), before)
