"""One training step: forward, loss of every task, backward, update."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.resolved import Resolved
from workbench.engine import device as devices
from workbench.engine.data.mixing import Mix, alike, draw_mix
from workbench.engine.distributed import ALONE, Team, TeamLost
from workbench.engine.memory import halved, shortage, too_little
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.averaging import WeightAverage
from workbench.engine.training.balancing import Measured
from workbench.engine.training.gradients import Traces, gradient_of, leaving_no_trace, statistics
from workbench.engine.training.inputs import Batch, Inputs
from workbench.engine.training.labels import Labels
from workbench.engine.training.meter import Meter
from workbench.engine.training.objectives import make_balancing, method_of, ridges, task_losses
from workbench.engine.training.optimiser import build_optimiser, forget_unfinished, trainable
from workbench.engine.training.passes import Passes, Work
from workbench.engine.training.phases import Phase
from workbench.engine.training.relatedness import EVERY, Agreement
from workbench.engine.training.tally import Tally
from workbench.engine.training.target_pass import TargetPass
from workbench.engine.transfer.distillation.lesson import Lesson
from workbench.engine.transfer.distillation.teacher import Teacher

T = TypeVar("T")


@dataclass(frozen=True)
class StepOutcome:
    """What one step came to; tensors stay on the device.

    Attributes:
        losses: (T,) mean loss per task in its own unit, by the labels; meaningless where `counts` is 0.
        right: (T,) pictures answered right, or the sum of whatever `TaskLoss.metric` is the mean of.
        counts: labelled pictures per task.
        weights: factor of each task in the objective; None where the method gave it none: nothing taught it.
    """

    losses: Tensor
    right: Tensor
    counts: tuple[int, ...]
    weights: dict[str, float | None]


class _Done(NamedTuple):
    """What a step's passes found: what the method was given, its factors, and the Gramian on what all tasks share."""

    now: Measured
    balance: dict[str, float]
    gramian: Tensor | None = None


class Trainer:
    """The network with the optimiser of a phase.

    Pictures that turn out unreadable have their labels masked.

    Attributes:
        balancing: weighs the tasks in this phase.
        metrics: what each task's right answers are called in an epoch's figures.
        agreement: measures how far the tasks' gradients agree; None where they share nothing, or it is not wanted.
        paused: tasks that nothing is learnt from; their losses are shown all the same.
        meter: measures where the time of the steps goes, once it is started.
        average: of the weights, which is what counts as the model; None where the weights themselves do.
        said: what happened in steps and is worth a notice; whoever tells it empties the list.
        whole: whether the weights are those after a step's end; else a step was broken off after it had changed them.
    """

    def __init__(
        self,
        network: MultiTaskNetwork,
        inputs: Inputs,
        labels: Labels,
        resolved: Resolved,
        phase: Phase,
        device: torch.device,
        team: Team = ALONE,
        teacher: Teacher | None = None,
        target: TargetPass | None = None,
    ) -> None:
        self.network = network
        self.inputs = inputs
        self._labels = labels
        self._trains = np.array([task in phase.tasks for task in network.tasks])
        self._device, self._team, self._target = device, team, target
        self._phase, self._recipe = phase, resolved.project.recipe
        self._unmixed = np.array([task.kind == "number" for task in resolved.tasks])
        self._shared = network.shared_parameters()
        self._common = network.common_parameters()
        method = method_of(resolved, network)
        self._losses = task_losses(resolved, phase, method, device)
        self.balancing = make_balancing(method, network, self._losses, resolved.project.recipe.seed)
        self.metrics = {task: loss.metric for task, loss in self._losses.items()}
        watched = resolved.project.recipe.relatedness and bool(self._common)
        self.agreement = Agreement(network.tasks) if watched else None
        self.paused: frozenset[str] = frozenset()
        self._settled = frozenset(task for task in network.tasks if network.heads[task].closed_form)
        self.whole = True
        self.said: list[str] = []
        self._statistics: list[Tensor] | None = None
        self.lesson = None if teacher is None else Lesson(teacher, resolved.project.transfer, phase, self._losses)
        beside = [] if self.lesson is None else self.lesson.parameters()
        self._heard = np.array([self.lesson is not None and task in self.lesson.tasks for task in network.tasks])
        self.optimiser = build_optimiser(network, phase, ridges(resolved, self._losses, network, phase), beside)
        self.scaler = devices.gradient_scaler(device, resolved.precision)
        self.average = WeightAverage(network, self._recipe.ema) if self._recipe.ema else None
        self.meter = Meter(devices.clock(device))
        self._passes = Passes(
            network, inputs, labels, self._losses, self._shared, self.scaler, device, self.meter, team, self.lesson
        )
        fitting = None if phase.on_features else resolved.at_once
        self._passes.micro = min(fitting or self._passes.micro, phase.at_once)

    def step(self, batch: Batch, epoch: int, control: Control, done: int = 0) -> StepOutcome | None:
        """Change the parameters once, by the mean losses of the whole batch, worked on in pieces that fit the device.

        Args:
            done: steps of the run that were done before.

        Returns:
            None where `control.ending` came between two pieces: nothing has changed then.

        Raises:
            RunError: the device has not the memory for a single picture.
        """
        self._team.seed(self._recipe.seed, done)
        if self._statistics is None:  # which layers gather any stays the same as long as this trains
            self._statistics = statistics(self.network)
        traces = Traces(self._statistics, self._device)
        while True:
            try:
                with shortage():
                    outcome = self._step(self._labelled(batch, epoch, done), control)
            except torch.OutOfMemoryError as error:
                self._shrink(error, len(batch.rows))
                self.optimiser.zero_grad(set_to_none=True)
                traces.remove()
                continue
            except TeamLost:
                traces.remove()
                raise
            self.whole = True
            if outcome is None:
                traces.remove()
            return outcome

    def state(self) -> dict[str, object]:
        """What a checkpoint keeps beside weights and randomness: numbers, strings and tensors."""
        return {
            "optimiser": self.optimiser.state_dict(),
            "scaler": self.scaler.state_dict(),
            "balancing": self.balancing.state(),
            "agreement": self.agreement.state() if self.agreement else {},
            "average": self.average.state() if self.average else {},
            "lesson": self.lesson.state() if self.lesson else {},
        }

    def restore(self, state: dict[str, dict[str, object]]) -> None:
        """Put back what `state` gave."""
        self.optimiser.load_state_dict(state["optimiser"])
        self.scaler.load_state_dict(state["scaler"])
        self.balancing.restore(state["balancing"])
        kept = state.get("agreement")
        if self.agreement is not None and kept:
            self.agreement.restore(kept)
        if self.average is not None:
            self.average.restore(state["average"])
        if self.lesson is not None:
            self.lesson.restore(state["lesson"])  # type: ignore[arg-type]

    def take_over(self, before: Trainer) -> None:
        """Go on from where another trainer of the same network and phase has come, under other settings.

        What trains in both keeps its state of the optimiser and its average. A method of balancing that is another one
        begins anew.
        """
        before.optimiser.zero_grad(set_to_none=True)
        for parameter in trainable(self.optimiser):
            if parameter in before.optimiser.state:
                self.optimiser.state[parameter] = before.optimiser.state[parameter]
        self.scaler.load_state_dict(before.scaler.state_dict())
        if type(self.balancing) is type(before.balancing):
            self.balancing.restore(before.balancing.state())
            self.balancing.rescale(self._weights() / before._weights())
        if self.agreement is not None and before.agreement is not None:
            self.agreement.restore(before.agreement.state())
        if self.average is not None and before.average is not None:
            self.average.take_over(before.average)
        self._passes.micro = min(self._passes.micro, before._passes.micro)

    def _weights(self) -> Tensor:
        """(T,) float64: the tasks' own weights."""
        return torch.tensor([self._losses[task].weight for task in self.network.tasks], dtype=torch.float64)

    def as_kept(self) -> AbstractContextManager[None]:
        """Inside, the network has the weights that count as the model."""
        return nullcontext() if self.average is None else self.average.in_place()

    def _labelled(self, batch: Batch, epoch: int, done: int) -> Work:
        labelled = self._labels.labelled[batch.rows] & batch.readable[:, None] & self._trains
        teaching = labelled if self.lesson is None else labelled | (batch.readable[:, None] & self._heard)
        several = int((teaching.sum(axis=1) > 1).sum())
        taught, labels = (each.sum(axis=0).tolist() for each in (teaching, labelled))
        *numbers, several = self._team.total([*taught, *labels, several])
        counts = dict(zip(self.network.tasks, numbers, strict=False))
        labels = dict(zip(self.network.tasks, numbers[len(counts) :], strict=True))
        there = (task for task, count in counts.items() if count and self._losses[task].weight > 0)
        still = self.paused | self._settled
        present = tuple(task for task in there if task not in still)
        mix = self._mix(batch, epoch, labelled)
        look = self._phase.look(epoch)
        return Work(batch, look, done, teaching, counts, present, several > 0, still, mix, labels)

    def _mix(self, batch: Batch, epoch: int, labelled: npt.NDArray[np.bool_]) -> Mix | None:
        """How the batch's pictures are mixed; not those with a number: a mixture of two has none to learn."""
        mixup, cutmix = self._phase.mixup, self._phase.cutmix
        if not mixup and not cutmix:
            return None
        groups = alike(labelled, self._unmixed)
        return draw_mix(batch.draws, groups, self._recipe.seed, epoch, mixup, cutmix, batch.x.shape[-1])

    def _step(self, work: Work, control: Control) -> StepOutcome | None:
        agreed: Tensor | None = None
        if self._is_measured(work):
            agreed = self._measured_beside(work, control)
            if agreed is None:
                return None
        self.optimiser.zero_grad(set_to_none=True)
        tally, now = self._passes.tally(), Measured(work.present, work.step)
        by_task = self.balancing.needs == "gradients" or self._is_free(work)
        carry_out = self._by_task if by_task else self._jointly
        done = carry_out(work, control, tally, now)
        if done is None:
            return None
        if self._target is not None and work.learnt and not self._add_target(self._target, work, control):
            return None
        now, balance, own = done
        agreed = own if agreed is None else agreed
        if work.present and self.balancing.needs != "nothing" and now.losses is None:
            now = replace(now, losses=tally.losses(work.present, work.counts, self._losses))
        total = torch.tensor([max(1, count) for count in work.labelled.values()], device=self._device)
        known = {task: balance[task] * self._losses[task].weight for task in balance if task not in work.paused}
        weights = {task: known.get(task) for task in work.counts}
        outcome = StepOutcome(tally.shown / total, tally.right, tuple(work.labelled.values()), weights)
        if work.learnt:
            self._update(work)
        if work.present and self.balancing.needs != "nothing" and _finite(now):
            self._surely(work, lambda: self.balancing.learn(now, lambda: self._losses_again(work)))
        if self.agreement is not None and agreed is not None and len(work.present) > 1:
            self.agreement.add(work.present, agreed)
        return outcome

    def _add_target(self, target: TargetPass, work: Work, control: Control) -> bool:
        """Add the gradient of a pass over target pictures; False if told to end.

        Of several processes the one that leads does it for all: the confusion is one of a whole batch.
        """
        scale, micro = self.scaler.get_scale(), self._passes.micro
        if self._team.size == 1:
            with shortage():
                return target.backward(work.step, work.learnt, scale, micro, control)
        gradients = [gradient_of(parameter) for parameter in trainable(self.optimiser)]
        before = [gradient.clone() for gradient in gradients]
        with self._team.summing() as summed, shortage():
            for gradient in gradients:
                gradient.zero_()
            if self._team.leads:
                target.backward(work.step, work.learnt, scale, micro, Control())
            summed += gradients
        for gradient, own in zip(gradients, before, strict=True):
            gradient.add_(own)
        return True

    def _jointly(self, work: Work, control: Control, tally: Tally, now: Measured) -> _Done | None:
        """One backward pass of the weighted sum of losses; the gradients come to lie in the parameters."""
        pieces = self._passes.pieces(work)
        in_advance = self.balancing.needs == "losses" and bool(work.present)
        if in_advance and (len(pieces) > 1 or self._team.size > 1):
            losses = self._passes.losses(work, control)
            if losses is None:
                return None
            now = replace(now, losses=losses)
        balance = None if in_advance and now.losses is None else self._factors(now)
        with self._team.summing() as summed, shortage():
            for piece in pieces:
                if piece[0] and control.ending:
                    return None
                sums = self._passes.forward(work, slice(piece[0], piece[-1] + 1))
                tally.add(sums)
                if balance is None:
                    now = replace(now, losses=tally.losses(work.present, work.counts, self._losses))
                    balance = self._factors(now)
                if work.learnt:
                    self._passes.backward(sums, work, balance)
            summed += [*tally.parts(), *(p.grad for p in trainable(self.optimiser) if p.grad is not None)]
        return _Done(now, balance or {})

    def _by_task(self, work: Work, control: Control, tally: Tally, now: Measured) -> _Done | None:
        """One backward pass for each task; its head follows it alone, the shared weights all of them by factors.

        A method that needs no gradients multiplies whole losses beforehand, as in one joint pass.
        """
        if not work.taught:
            return _Done(now, {})
        before = None if self.balancing.needs == "gradients" else self._factors(now)
        found = self._passes.task_gradients(work, control, tally, heads=True, factors=before)
        if found is None:
            return None
        if before is not None:
            found.write(dict.fromkeys(work.present, 1.0))
            return _Done(now, before, found.gramian(self._common))
        losses = tally.losses(work.present, work.counts, self._losses)
        now = replace(now, losses=losses, gramian=found.gramian())
        balance = self._factors(now)
        found.write(balance)
        return _Done(now, {task: balance[task] for task in work.present}, found.gramian(self._common))

    def _is_measured(self, work: Work) -> bool:
        """Whether gradients are worked out beside the step, only to be compared."""
        beside = self.agreement is not None and self.balancing.needs != "gradients" and not self._is_free(work)
        return beside and work.step % EVERY == 0 and len(work.present) > 1

    def _is_free(self, work: Work) -> bool:
        """Whether each task's gradient comes with the step itself: tasks have pictures of their own.

        Not for a method whose factors hang on this step's losses, which are known only after the passes.
        """
        wanted = self.agreement is not None and self.balancing.needs in ("nothing", "history")
        return wanted and len(work.present) > 1 and self._passes.apart(work)

    def _measured_beside(self, work: Work, control: Control) -> Tensor | None:
        """The tasks' Gramian, in a way that leaves the step itself as it would be without; None if told to end."""
        with leaving_no_trace(self.network, self._device):
            found = self._passes.task_gradients(work, control, self._passes.tally(), heads=False)
        return None if found is None else found.gramian(self._common)

    def _factors(self, now: Measured) -> dict[str, float]:
        """The method's factors; 1 each where what it hangs on is no number, as fp16's scaling brings about."""
        if self.balancing.needs != "nothing" and not now.tasks:
            return dict.fromkeys(self.network.tasks, 1.0)
        return self.balancing.weights(now) if _finite(now) else dict.fromkeys(self.network.tasks, 1.0)

    def _losses_again(self, work: Work) -> Tensor:
        """(K,) losses of the batch with the parameters as they have become."""
        losses = self._surely(work, lambda: self._passes.losses(work, None))
        assert losses is not None
        return losses

    def _update(self, work: Work) -> None:
        self.scaler.unscale_(self.optimiser)
        self.whole = False
        if self._recipe.clip:
            norm = self._recipe.clip
            self._surely(work, lambda: torch.nn.utils.clip_grad_norm_(trainable(self.optimiser), norm))
        self._surely(work, self._change_parameters)
        self.scaler.update()
        if self.average is not None:
            self._surely(work, self.average.update)

    def _change_parameters(self) -> None:
        try:
            with shortage():
                self.scaler.step(self.optimiser)
        except torch.OutOfMemoryError:
            forget_unfinished(self.optimiser)
            raise

    def _surely(self, work: Work, act: Callable[[], T]) -> T:
        """Do again by itself what runs out of memory once the step must not be begun anew: it has changed things."""
        while True:
            try:
                with shortage():
                    return act()
            except torch.OutOfMemoryError as error:
                self._shrink(error, len(work.batch.rows))

    def _shrink(self, error: torch.OutOfMemoryError, pictures: int) -> None:
        """Work on half as many pictures at once as fitted into a step of so many."""
        self._passes.micro = halved(min(self._passes.micro, pictures), self._device, error)
        self.said.append(too_little(self._passes.micro))


def _finite(now: Measured) -> bool:
    return all(bool(each.isfinite().all()) for each in (now.losses, now.gramian) if each is not None)
