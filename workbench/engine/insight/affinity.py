"""The `affinity` job: what a step for one task does to the loss of every other.

Task affinity of Fifty et al., "Efficiently Identifying Task Groupings for Multi-Task Learning", NeurIPS 2021
(arXiv 2109.04617), equation 1: Z(i → j) = 1 - L_j(after a step of the shared weights for i alone) / L_j(before), on the
same batch. Here the steps start from a run's kept model, and each is as long as would lower its own task's loss by one
per cent if losses were straight, so that a task with long gradients is not taken for a helpful one. It is a measurement
and no promise: how well tasks do when trained together need not follow it (Bachmann et al., "It's a Match!", arXiv
2301.02873).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Progress, Result, to_json
from workbench.core.files import write_atomically
from workbench.core.resolved import TABLE_FILE
from workbench.core.specs import AffinitySpec
from workbench.engine import device as devices
from workbench.engine.data.batches import even_batches
from workbench.engine.data.drawing import epoch_order
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.table_file import load_table
from workbench.engine.insight.predictor import Predictor
from workbench.engine.training.amounts import piece
from workbench.engine.training.balancing import Equal
from workbench.engine.training.experiment import PIXEL_LIMIT_BYTES
from workbench.engine.training.gradients import SharedGradients
from workbench.engine.training.inputs import Batch, PixelInputs
from workbench.engine.training.labels import Labels
from workbench.engine.training.objectives import task_losses
from workbench.engine.training.passes import Passes, Work
from workbench.engine.training.phases import plan
from workbench.engine.training.setup import mask_helpers

LOOKING = "looking ahead"
AFFINITY_FILE = "affinity.json"
FALL = 0.01
"""The share of its own loss by which a task's step would lower it if losses were straight."""
LONGEST = 1e-3
"""No step is longer than this share of the weights' length: where a task's gradient is nearly nought, none is right."""


def affinity(spec: AffinitySpec, control: Control) -> Iterator[Event]:
    """Measure every pair of a run's tasks on batches of its training part; the run's model stays as it is.

    Yields:
        Progress, and one Result "affinity", which also lies in the run's results: {"run", "tasks", "batches",
        "matrix": (T, T) mean of Z from row to column, null where no batch had labels of both, "standard_error": its
        doubt over batches}. Where it is told to end, no Result.

    Raises:
        RequestError: the run has one task, or no shared weights that train.
        RunError: the run has kept no model.
    """
    look = _Lookahead(spec)
    found: list[npt.NDArray[np.float64]] = []
    with look.store:
        yield Progress(what=LOOKING, done=0, total=len(look.pieces))
        with closing(look.inputs.batches(look.pieces)) as gathered:
            for number, batch in enumerate(gathered, start=1):
                values = look.measure(look.work(batch), control)
                if values is None or control.ending:
                    return
                found.append(values)
                yield Progress(what=LOOKING, done=number, total=len(look.pieces))
                control.wait_while_paused()
    document = {"run": spec.run, "tasks": list(look.tasks), "batches": len(found), **_summary(np.stack(found))}
    write_atomically(spec.run_dir / "results" / AFFINITY_FILE, to_json(document, indent=1))
    yield Result(what="affinity", document=document)


class _Lookahead:
    """A run's model and training part, ready to be stepped and put back."""

    def __init__(self, spec: AffinitySpec) -> None:
        predictor = Predictor(spec.run_dir)
        self._network, resolved, self._device = predictor.network, predictor.resolved, predictor.device
        self.tasks = self._network.tasks
        if len(self.tasks) < 2:
            raise RequestError(f"Run {spec.run} has one task only.", "Choose a run of two tasks or more.")
        self._network.freeze(resolved.project.backbone.freeze)
        self._shared = self._network.shared_parameters()
        if not self._shared:
            raise RequestError(
                f"The tasks of run {spec.run} share no weights that train, so no step for one can touch another.",
                "Train a run that freezes fewer stages.",
            )
        table = load_table(spec.run_dir / TABLE_FILE, spec.project_dir)
        phase = plan(resolved, len(table.rows("train")))[-1]
        folder = spec.project_dir / "cache" / "pixels"
        self.store = PixelStore(
            folder, table.paths, resolved.view, PIXEL_LIMIT_BYTES, devices.cores(), read_only=True
        )
        self.inputs = PixelInputs(self._network, self.store, resolved, self._device, piece(resolved), "none")
        self.pieces = _pieces(table, resolved.project.recipe.seed, resolved.batch_size, spec.batches)
        masks, _ = mask_helpers(table, resolved)
        self._labels = Labels(table, self.tasks, self._device, masks)
        losses = task_losses(resolved, phase, Equal, self._device)
        self._counted = np.array([losses[task].weight > 0 for task in self.tasks])
        scaler = torch.amp.GradScaler(enabled=False)
        self._passes = Passes(self._network, self.inputs, self._labels, losses, self._shared, scaler, self._device)

    def work(self, batch: Batch) -> Work:
        """A batch with its labels."""
        labelled = self._labels.labelled[batch.rows] & batch.readable[:, None] & self._counted
        counts = dict(zip(self.tasks, labelled.sum(axis=0).tolist(), strict=True))
        present = tuple(task for task, count in counts.items() if count)
        return Work(batch, 0, 0, labelled, counts, present, bool((labelled.sum(axis=1) > 1).any()))

    def measure(self, work: Work, control: Control) -> npt.NDArray[np.float64] | None:
        """(T, T) of Z for one batch, NaN where a task has no label in it; None if told to end."""
        matrix = np.full((len(self.tasks), len(self.tasks)), np.nan)
        places = [self.tasks.index(task) for task in work.present]
        gradients = self._passes.task_gradients(work, control, self._passes.tally(), heads=False)
        before = self._passes.losses(work, control)
        if gradients is None or before is None:
            return None
        kept = [parameter.detach().clone() for parameter in self._shared]
        for task, place, loss in zip(work.present, places, before.tolist(), strict=True):
            if _step(self._shared, gradients, work.present, task, FALL * loss):
                after = self._passes.losses(work, control)
                _put_back(self._shared, kept)
                if after is None:
                    return None
                matrix[place, places] = (1 - after / before.clamp(min=1e-12)).numpy()
        return matrix


@torch.no_grad()
def _step(
    shared: Sequence[nn.Parameter], gradients: SharedGradients, tasks: Sequence[str], task: str, fall: float
) -> bool:
    """Step the shared weights so that one task's loss would fall by `fall` if it were straight; whether that can be."""
    for parameter in shared:
        parameter.grad = None
    gradients.write({other: float(other == task) for other in tasks})
    found = [p.grad if p.grad is not None else torch.zeros_like(p) for p in shared]
    slope, size = _length(found), _length(shared)
    step = min(fall / slope, LONGEST * size) if slope > 0 else 0.0
    for parameter, gradient in zip(shared, found, strict=True):
        parameter.grad = None
        if step > 0:
            parameter.sub_(gradient, alpha=step / slope)
    return step > 0


def _length(tensors: Sequence[Tensor]) -> float:
    """The Euclidean length of all of them as one vector."""
    return float(torch.stack([each.detach().double().square().sum() for each in tensors]).sum().sqrt())


@torch.no_grad()
def _put_back(shared: Sequence[nn.Parameter], kept: Sequence[Tensor]) -> None:
    for parameter, before in zip(shared, kept, strict=True):
        parameter.copy_(before)


def _pieces(table: SampleTable, seed: int, size: int, most: int) -> list[npt.NDArray[np.int64]]:
    """Up to `most` batches of the training part, in an order of its own."""
    return even_batches(epoch_order(table.rows("train"), seed, 0), size)[:most]


def _summary(found: npt.NDArray[np.float64]) -> dict[str, list[list[float | None]]]:
    """Mean and standard error over batches (n, T, T); None where there is nothing."""
    counts = np.isfinite(found).sum(axis=0)
    sums = np.nansum(found, axis=0)
    mean = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    squares = np.nansum((found - mean) ** 2, axis=0)
    error = np.where(counts > 1, np.sqrt(squares / np.maximum(counts - 1, 1) / np.maximum(counts, 1)), np.nan)
    return {"matrix": _known(mean), "standard_error": _known(error)}


def _known(values: npt.NDArray[np.float64]) -> list[list[float | None]]:
    return [[value if np.isfinite(value) else None for value in row] for row in values.tolist()]
