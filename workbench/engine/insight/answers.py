"""A pass over pictures without training: every head's logits, in pieces of one size."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

import numpy as np
import numpy.typing as npt
import torch

from workbench.core.control import Control
from workbench.core.events import Event, Progress
from workbench.engine.data.batches import row_batches
from workbench.engine.insight.outputs import Outputs
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.inputs import Inputs


def collect(
    network: MultiTaskNetwork, inputs: Inputs, rows: npt.NDArray[np.int64], control: Control, what: str = ""
) -> Generator[Event, None, Outputs | None]:
    """Answer rows of a table in eval mode; the mode is put back afterwards.

    Yields:
        Progress called `what`, where it is given.

    Returns:
        The outputs; None where `control.ending` came between.
    """
    training = network.training
    network.eval()
    logits: dict[str, list[npt.NDArray[np.float32]]] = {task: [] for task in network.tasks}
    readable: list[npt.NDArray[np.bool_]] = [np.ones(0, np.bool_)]
    done = 0
    with closing(inputs.batches(row_batches(rows, inputs.chunk))) as gathered:
        for batch in gathered:
            with torch.no_grad():
                answers = inputs.logits(batch.x)
            for task, values in answers.items():
                logits[task].append(values.float().cpu().numpy())
            readable.append(batch.readable)
            done += len(batch.rows)
            if what:
                yield Progress(what=what, done=done, total=len(rows))
            control.wait_while_paused()
            if control.ending:
                return None
    network.train(training)
    joined = {task: _join(pieces, network.heads[task].classes) for task, pieces in logits.items()}
    return Outputs(rows, joined, np.concatenate(readable))


def _join(pieces: list[npt.NDArray[np.float32]], classes: int) -> npt.NDArray[np.float32]:
    return np.concatenate([np.zeros((0, classes), np.float32), *pieces])
