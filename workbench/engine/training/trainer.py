"""One training step: forward, loss of every task, backward, update."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.resolved import Resolved
from workbench.engine import device as devices
from workbench.engine.data.batches import even_batches
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.balancing import BALANCING
from workbench.engine.training.inputs import Batch, Inputs
from workbench.engine.training.losses import LossSum, TaskLoss, class_weights, combine, loss_sum
from workbench.engine.training.optimiser import GRADIENT_NORM, build_optimiser, trainable
from workbench.engine.training.phases import HEAD_RECIPES, OTHER_HEAD, Phase


@dataclass(frozen=True)
class StepOutcome:
    """What one step came to; tensors stay on the device.

    Attributes:
        losses: (T,) mean cross-entropy per task, nats; meaningless where `counts` is 0.
        correct: (T,) pictures answered right.
        counts: labelled pictures per task.
        weights: factor of each task in the objective.
    """

    losses: Tensor
    correct: Tensor
    counts: tuple[int, ...]
    weights: dict[str, float]


class Trainer:
    """The network with the optimiser of a phase.

    Args:
        targets come from the table; pictures that turn out unreadable are masked.
    """

    def __init__(
        self,
        network: MultiTaskNetwork,
        inputs: Inputs,
        table: SampleTable,
        resolved: Resolved,
        phase: Phase,
        device: torch.device,
    ) -> None:
        self.network = network
        self.inputs = inputs
        self._targets = np.stack([table.targets[task] for task in network.tasks], axis=1)
        self._device = device
        self._losses = {task.name: _task_loss(resolved, task.name, phase, device) for task in resolved.tasks}
        self.balancing = BALANCING[resolved.project.recipe.balancing](network.tasks)
        self.optimiser = build_optimiser(network, phase, {t.name: _ridge(resolved, t.name) for t in resolved.tasks})
        self.scaler = devices.gradient_scaler(device, resolved.precision)
        self._micro = inputs.chunk

    def step(self, batch: Batch, epoch: int, control: Control) -> StepOutcome | None:
        """Change the parameters once, by the mean losses of the whole batch, worked on in pieces that fit the device.

        Returns:
            None where `control.ending` came between two pieces: nothing has changed then.

        Raises:
            RunError: the device has not the memory for a single picture.
        """
        random = devices.random_state(self._device) if len(batch.rows) > self._micro else []
        while True:
            try:
                outcome = self._step(batch, epoch, control)
            except torch.OutOfMemoryError as error:
                self._shrink(error)
                continue
            if outcome is None:
                devices.set_random_state(self._device, random)
            return outcome

    def _step(self, batch: Batch, epoch: int, control: Control) -> StepOutcome | None:
        targets = np.where(batch.readable[:, None], self._targets[batch.rows], MISSING)
        counts = dict(zip(self.network.tasks, (targets != MISSING).sum(axis=0).tolist(), strict=True))
        balance = self.balancing.weights()
        self.optimiser.zero_grad(set_to_none=True)
        shown, correct = torch.zeros(2, len(counts), device=self._device).unbind()
        on_device = devices.move(targets, self._device)
        for piece in even_batches(np.arange(len(batch.rows)), self._micro):
            if piece[0] and control.ending:
                return None
            sums = self._forward(batch, slice(piece[0], piece[-1] + 1), on_device, epoch)
            if any(counts.values()):
                self.scaler.scale(combine(sums, counts, self._losses, balance)).backward()  # type: ignore[no-untyped-call]
            shown = shown + torch.stack([sums[task].cross_entropy for task in counts])
            correct = correct + torch.stack([sums[task].correct for task in counts])
        if any(counts.values()):
            self._update()
        total = torch.tensor([max(1, count) for count in counts.values()], device=self._device)
        weights = {task: balance[task] * self._losses[task].weight for task in counts}
        return StepOutcome(shown / total, correct, tuple(counts.values()), weights)

    def _forward(self, batch: Batch, piece: slice, targets: Tensor, epoch: int) -> dict[str, LossSum]:
        """The losses of a piece of the batch; `targets` (B, T) are of the whole batch."""
        logits = self.inputs.training_logits(batch.x[piece], batch.rows[piece], epoch)
        return {
            task: loss_sum(logits[task], targets[piece, i], self._losses[task])
            for i, task in enumerate(self.network.tasks)
        }

    def _update(self) -> None:
        self.scaler.unscale_(self.optimiser)
        torch.nn.utils.clip_grad_norm_(trainable(self.optimiser), GRADIENT_NORM)
        self.scaler.step(self.optimiser)
        self.scaler.update()

    def _shrink(self, error: torch.OutOfMemoryError) -> None:
        """Work on half as many pictures at once."""
        if self._micro == 1:
            raise RunError(
                f"{devices.describe(self._device)} has not the memory for one picture.",
                "Lower recipe.image_size, choose a smaller backbone, or set recipe.device to cpu.",
            ) from error
        self._micro = max(1, self._micro // 2)
        self.optimiser.zero_grad(set_to_none=True)
        devices.give_back_memory(self._device)


def _task_loss(resolved: Resolved, name: str, phase: Phase, device: torch.device) -> TaskLoss:
    task, asked = resolved.task(name), resolved.project.task(name)
    weights = class_weights(task.class_counts).to(device) if asked.class_weights else None
    return TaskLoss(len(task.classes), asked.weight, weights, phase.label_smoothing)


def _ridge(resolved: Resolved, name: str) -> float:
    """The ridge penalty of a task's head, in units of the whole objective."""
    task, asked = resolved.task(name), resolved.project.task(name)
    penalty = HEAD_RECIPES.get(task.head, OTHER_HEAD).penalty(task.counts.get("train", 0))
    return penalty * asked.weight / TaskLoss(len(task.classes)).scale
