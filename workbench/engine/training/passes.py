"""A batch's passes through the network: forward in pieces that fit the device, backward for each task or for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from workbench.core.control import Control
from workbench.engine.data.batches import even_batches
from workbench.engine.data.drawing import Draws
from workbench.engine.data.mixing import Mix
from workbench.engine.distributed import ALONE, Team
from workbench.engine.memory import shortage
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.gradients import SharedGradients, batch_norm_trains, gradient_of, leaving_no_trace
from workbench.engine.training.inputs import Batch, Heard, Inputs, Mixed, Rows
from workbench.engine.training.labels import Labels, without
from workbench.engine.training.losses import LossSum, TaskLoss, combine, mixed_loss
from workbench.engine.training.meter import Meter
from workbench.engine.training.tally import Tally
from workbench.engine.transfer.distillation.lesson import Lesson


@dataclass(frozen=True)
class Work:
    """A batch with its labels.

    Attributes:
        teaching: (B, T), which of this process's pictures teach each task that trains: by a label, or by a teacher's
            answer where there is one.
        counts: pictures that teach each task, in the whole batch.
        present: the tasks that are taught here and have a weight above nought and are not paused: they are balanced.
        overlapping: whether some picture teaches two tasks.
        step: steps of the run that were done before.
        paused: tasks whose losses are worked out, but that nothing learns from.
        mix: how the pictures are mixed with each other; None where they are not.
        labels: labelled pictures per task in the whole batch, where a teacher teaches as well; else `counts` says it.
    """

    batch: Batch
    epoch: int
    step: int
    teaching: npt.NDArray[np.bool_]
    counts: dict[str, int]
    present: tuple[str, ...]
    overlapping: bool
    paused: frozenset[str] = frozenset()
    mix: Mix | None = None
    labels: dict[str, int] | None = None

    @property
    def labelled(self) -> dict[str, int]:
        """Labelled pictures per task, in the whole batch."""
        return self.counts if self.labels is None else self.labels

    @property
    def taught(self) -> tuple[str, ...]:
        """The tasks that are taught here."""
        return tuple(task for task, count in self.counts.items() if count)

    @property
    def learnt(self) -> tuple[str, ...]:
        """The tasks that are taught here and are not paused."""
        return tuple(task for task in self.taught if task not in self.paused)


class Passes:
    """Forward and backward passes with the losses of a phase.

    Args:
        shared: the weights that train and that two tasks or more share.
        meter: told when a pass begins and ends.
        lesson: what is learned beside the labels; None where there is no teacher.

    Attributes:
        micro: pictures that are worked on at once, at most.
    """

    def __init__(
        self,
        network: MultiTaskNetwork,
        inputs: Inputs,
        labels: Labels,
        losses: Mapping[str, TaskLoss],
        shared: Sequence[nn.Parameter],
        scaler: torch.amp.GradScaler,
        device: torch.device,
        meter: Meter | None = None,
        team: Team = ALONE,
        lesson: Lesson | None = None,
    ) -> None:
        self._network, self._lesson = network, lesson
        self._inputs = inputs
        self._labels = labels
        self._losses = losses
        self._shared = shared
        self._scaler = scaler
        self._device, self._team = device, team
        self._meter = meter or Meter()
        self.micro = inputs.chunk

    def tally(self) -> Tally:
        """A fresh one."""
        return Tally(self._network.tasks, self._device)

    def pieces(self, work: Work) -> list[Rows]:
        """The batch in pieces of nearly one size."""
        return even_batches(np.arange(len(work.batch.rows)), self.micro)

    def forward(self, work: Work, rows: slice | Tensor, tasks: tuple[str, ...] | None = None) -> dict[str, LossSum]:
        """The losses of some rows of the batch, for the tasks named, or all that the batch teaches."""
        with self._meter.during("forward"):
            return self._forward(work, rows, tasks)

    def _forward(self, work: Work, rows: slice | Tensor, tasks: tuple[str, ...] | None) -> dict[str, LossSum]:
        chosen = work.taught if tasks is None else tasks
        here = rows if isinstance(rows, slice) else rows.numpy()
        batch = work.batch
        draws, mixed = batch.draws[here], self._partners(work, here)
        targets = self._targets(draws, batch.readable[here], chosen, work.epoch)
        varied = self._inputs.varied(self._taken(batch.x, rows), draws, work.epoch, mixed)
        heard = self._inputs.training_answers(varied, chosen)
        if mixed is None:
            sums = {task: self._losses[task](heard.answers[task], targets[task]) for task in chosen}
        else:
            others = self._targets(mixed.draws, batch.readable[mixed.mix.partners], chosen, work.epoch)
            sums = {
                task: self._mixed(task, heard.answers[task], targets[task], others[task], mixed.mix) for task in chosen
            }
            targets = {task: without(each, mixed.mix.own(self._device) < 1) for task, each in targets.items()}
        if self._lesson is None:
            return sums
        return sums | self._beside_labels(work, here, heard, self._lesson.hear(varied, draws, chosen), sums, targets)

    def _beside_labels(
        self,
        work: Work,
        here: slice | npt.NDArray[np.int64],
        mine: Heard,
        heard: Heard,
        sums: Mapping[str, LossSum],
        targets: Mapping[str, Tensor],
    ) -> dict[str, LossSum]:
        """The sums of the tasks that a teacher has answered as well, with what is learned of it."""
        assert self._lesson is not None
        readable = torch.from_numpy(work.batch.readable[here]).to(self._device)
        found = {}
        for task in heard.answers:
            labelled = work.labelled[task]
            factor = work.counts[task] / labelled if labelled else 0.0
            found[task] = self._lesson.combined(task, sums[task], mine, heard, targets[task], readable, factor)
        return found

    def _partners(self, work: Work, here: slice | npt.NDArray[np.int64]) -> Mixed | None:
        """What some rows of the batch are mixed with."""
        if work.mix is None:
            return None
        batch, mix = work.batch, work.mix.at(here)
        return Mixed(self._taken(batch.x, torch.from_numpy(mix.partners)), batch.draws[mix.partners], mix)

    def _own(self, task: str) -> list[nn.Parameter]:
        """The weights that train and that the task alone uses, its map of features among them."""
        beside = [] if self._lesson is None else self._lesson.own_parameters(task)
        return self._network.own_parameters(task) + beside

    def _taken(self, x: Tensor, rows: slice | Tensor) -> Tensor:
        """Some rows of a batch on the device; the batch itself stays where it was read if it did not fit there."""
        return x[rows if isinstance(rows, slice) else rows.to(x.device)].to(self._device)

    def _targets(
        self, draws: Draws, readable: npt.NDArray[np.bool_], tasks: Sequence[str], epoch: int
    ) -> dict[str, Tensor]:
        """The labels of some draws; those of unreadable pictures are missing."""
        targets = self._labels.of(draws, tasks, epoch)
        if readable.all():
            return targets
        lost = torch.from_numpy(~readable).to(self._device)
        return {task: without(values, lost) for task, values in targets.items()}

    def _mixed(self, task: str, answers: Tensor, targets: Tensor, others: Tensor, mix: Mix) -> LossSum:
        own = mix.own(self._device)
        if targets.dtype == torch.uint8:  # masks
            targets, own = mix.paste(targets, others)
        return mixed_loss(self._losses[task], answers, targets, others, own)

    def backward(self, sums: Mapping[str, LossSum], work: Work, balance: Mapping[str, float]) -> None:
        """Add the gradients of a piece's share of the weighted objective to the parameters'."""
        learnt = {task: sums[task] for task in sums if task in work.learnt}
        with self._meter.during("backward"):
            self._scaler.scale(combine(learnt, work.counts, self._losses, balance)).backward()  # type: ignore[no-untyped-call]

    def task_gradients(
        self, work: Work, control: Control, tally: Tally, *, heads: bool, factors: Mapping[str, float] | None = None
    ) -> SharedGradients | None:
        """Each task's gradient on the shared weights; with `heads`, heads get theirs as well. None if told to end.

        Args:
            factors: what each task's objective is multiplied by; 1 each where none are given.
        """
        with self._team.summing() as summed, shortage():
            found = SharedGradients(work.present, self._shared, self._scaler.get_scale())
            for number, (rows, tasks) in enumerate(self._portions(work)):
                if number and control.ending:
                    return None
                sums = self.forward(work, torch.from_numpy(rows), tasks)
                tally.add(sums)
                balanced = [task for task in tasks if task in work.present]
                for task in balanced:
                    own = self._own(task) if heads else []
                    only = {task: sums[task]}
                    objective = self._scaler.scale(combine(only, work.counts, self._losses, factors or {task: 1.0}))
                    with self._meter.during("backward"):
                        found.add(task, objective, own, keep_graph=task != balanced[-1])
            summed.append(found.rows)
        with self._team.summing() as summed, shortage():
            own = [each for task in work.present for each in self._own(task)] if heads else []
            summed += [*tally.parts(), *(gradient_of(each) for each in own)]
        return found

    def apart(self, work: Work) -> bool:
        """Whether no picture teaches two tasks, so that each task's gradient costs a pass over its own alone."""
        return not work.overlapping and not batch_norm_trains(self._network)

    def _portions(self, work: Work) -> Iterator[tuple[Rows, tuple[str, ...]]]:
        """(rows of the batch, tasks taught there) such that each backward pass works on as few pictures as it can.

        Where no picture teaches two tasks, each task goes through its own pictures alone, so that all of them
        together cost one pass over the batch; not where batch norm trains, which would see other pictures together.
        """
        teaching = work.teaching
        places = {task: place for place, task in enumerate(work.counts)}
        if self.apart(work):
            for task in work.taught:
                for rows in even_batches(np.flatnonzero(teaching[:, places[task]]), self.micro):
                    yield rows, (task,)
            return
        for rows in even_batches(np.arange(len(work.batch.rows)), self.micro):
            yield rows, tuple(task for task in work.taught if teaching[rows, places[task]].any())

    @torch.no_grad()
    def losses(self, work: Work, control: Control | None) -> Tensor | None:
        """(K,) losses of the batch with the parameters as they are; None if told to end."""
        tally = self.tally()
        with leaving_no_trace(self._network, self._device), self._team.summing() as summed, shortage():
            for piece in self.pieces(work):
                if control is not None and control.ending:
                    return None
                tally.add(self.forward(work, slice(piece[0], piece[-1] + 1)))
            summed += tally.parts()
        return tally.losses(work.present, work.counts, self._losses)
