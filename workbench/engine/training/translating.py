"""Compiled stages are translated before the first step, in a thread of its own: who tells the run to end is heard."""

from __future__ import annotations

import threading
from concurrent import futures
from concurrent.futures import Future

import torch

from workbench.core.control import Control
from workbench.engine.memory import halved, shortage
from workbench.engine.training.experiment import Experiment
from workbench.engine.training.gradients import leaving_no_trace
from workbench.engine.training.inputs import Inputs
from workbench.engine.training.phases import Phase
from workbench.engine.training.state import State

_LOOK_S = 0.2
_PICTURES = 8
"""As many as a translation is made with, at most; it holds for other numbers, but not for a single one."""


def translate(work: Experiment, phase: Phase, inputs: Inputs, state: State, control: Control) -> bool:
    """Let some of the first pictures pass through the network as in a step and as in a validation; whether to go on.

    Told to end, it is not waited for: the thread ends with the process, and nothing is read of the network any more.
    """
    found: Future[None] = Future()

    def carry_out() -> None:
        try:
            _pass(work, phase, inputs, phase.first_epoch + state.epoch)
            found.set_result(None)
        except BaseException as error:  # noqa: BLE001 - it is raised by the one who waits
            found.set_exception(error)

    threading.Thread(target=carry_out, name="translation", daemon=True).start()
    while True:
        finished = bool(futures.wait([found], _LOOK_S).done)
        control.meet()
        if control.ending:
            return False
        if not work.team.total([not finished])[0]:
            break
    found.result()
    return True


def _pass(work: Experiment, phase: Phase, inputs: Inputs, epoch: int) -> None:
    pictures, network = max(2, min(_PICTURES, phase.batch_size)), work.network
    while True:
        draws = work.draws(epoch)[:pictures]
        try:
            with shortage(), leaving_no_trace(network, work.device):
                (batch,) = inputs.batches([draws], epoch=phase.look(epoch))
                network.train()
                varied = inputs.varied(batch.x.to(work.device), draws, epoch)
                answers = inputs.training_answers(varied, phase.tasks).answers
                sum(answer.float().square().mean() for answer in answers.values()).backward()  # type: ignore[union-attr]
                network.zero_grad(set_to_none=True)
                network.eval()
                inputs.answers(batch.x)
                return
        except torch.OutOfMemoryError as error:
            network.zero_grad(set_to_none=True)
            pictures = halved(pictures, work.device, error)
