"""A pause in which a run lies on disk alone: the device's memory is free until it goes on."""

from __future__ import annotations

import gc
import time
from collections.abc import Generator
from typing import Any

from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.events import Event, RunPaused
from workbench.engine import device as devices
from workbench.engine.memory import retried
from workbench.engine.training.experiment import Experiment
from workbench.engine.training.resolve import new_network
from workbench.engine.training.state import State


def rest_without_memory(work: Experiment, state: State, control: Control) -> Generator[Event, None, dict[str, Any]]:
    """Let go of network and features, wait, and read the checkpoint back that was written just before.

    The caller holds no trainer any more.

    Returns:
        What the checkpoint kept of optimiser and randomness, for a trainer to be made anew.

    Raises:
        RunError: the checkpoint has been damaged meanwhile.
    """
    begin = time.perf_counter()
    work.features = None
    del work.network  # nothing may use it before it is there again
    gc.collect()
    devices.give_back_memory(work.device)
    yield RunPaused(paused=True, released=True, step=state.step)
    while not control.wait_while_paused():
        pass
    stored = work.checkpoints.read("last")
    if stored is None or stored.state["step"] != state.step:
        raise RunError("The checkpoint that this run was paused with is damaged.", "Resume the run.")
    network = new_network(work.resolved.project, work.resolved.tasks)
    network.load_state_dict(stored.weights)
    retried(lambda: devices.place(network, work.device, work.resolved.layout), work.device)
    work.network = network
    state.watch.leave_out(time.perf_counter() - begin)
    if not control.ending:
        yield RunPaused(paused=False, step=state.step)
    return stored.state
