"""A pass over pictures without training: every head's answers, in pieces of one size."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.events import Event, Notice, Progress
from workbench.core.resolved import ResolvedTask
from workbench.engine.data.batches import row_batches
from workbench.engine.insight.kinds import REPORTS
from workbench.engine.insight.mask_judge import MaskJudge
from workbench.engine.insight.outputs import Outputs
from workbench.engine.memory import in_pieces, too_little
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.inputs import Inputs
from workbench.engine.training.pauses import Rest, rest


def collect(
    network: MultiTaskNetwork,
    inputs: Inputs,
    rows: npt.NDArray[np.int64],
    tasks: Mapping[str, ResolvedTask],
    judges: Mapping[str, MaskJudge],
    control: Control,
    what: str = "",
    gives_way: bool = False,
    beside: Sequence[str] = (),
    resting: Rest = rest,
) -> Generator[Event, None, Outputs | None]:
    """Answer rows of a table in eval mode; the mode is put back afterwards.

    Args:
        tasks: the facts of the tasks that are to be answered; those that the inputs cannot answer are left out.
        judges: for mask tasks, what compares an answer with the picture's mask.
        gives_way: it is broken off as well where a pause is to release the device's memory.
        beside: what else the inputs give among their answers, one number (B,) for each picture.
        resting: waits where the job is paused.

    Yields:
        Progress called `what`, where it is given, and what `resting` says.

    Returns:
        The outputs; None where it was broken off.
    """
    training = network.training
    network.eval()
    asked = [task for task in inputs.tasks if task in tasks]
    kept: dict[str, list[npt.NDArray[Any]]] = {
        task: [np.zeros((0, REPORTS[tasks[task].kind].width(tasks[task])), np.float32)] for task in asked
    }
    readable: list[npt.NDArray[np.bool_]] = [np.ones(0, np.bool_)]
    others: dict[str, list[npt.NDArray[np.float32]]] = {name: [np.zeros(0, np.float32)] for name in beside}
    done = 0
    with closing(inputs.batches(row_batches(rows, inputs.chunk))) as gathered:
        for batch in gathered:
            answers, fitting = _answers(inputs, batch.x)
            if fitting < min(inputs.fits, len(batch.rows)):
                inputs.fits = fitting
                yield Notice(level="warning", text=too_little(fitting))
            for task in asked:
                judge = judges.get(task)
                values = answers[task].float()
                kept[task].append(judge.judge(values, batch.rows, control) if judge else values.cpu().numpy())
            for name, pieces in others.items():
                pieces.append(answers[name].float().cpu().numpy())
            readable.append(batch.readable)
            done += len(batch.rows)
            if what:
                yield Progress(what=what, done=done, total=len(rows))
            control.meet()
            yield from resting(control, gives_way)
            if control.ending or (gives_way and control.release_requested):
                return None
    network.train(training)
    joined = {task: np.concatenate(pieces) for task, pieces in kept.items()}
    found = {name: np.concatenate(pieces) for name, pieces in others.items()}
    return Outputs(rows, joined, np.concatenate(readable), found)


@torch.no_grad()
def _answers(inputs: Inputs, x: Tensor) -> tuple[dict[str, Tensor], int]:
    """{task: answers} to a batch, and how many of its samples fitted the device at once."""
    parts, at_once = in_pieces(inputs.answers, x, inputs.fits)
    joined = parts[0] if len(parts) == 1 else {task: torch.cat([part[task] for part in parts]) for task in parts[0]}
    return joined, at_once
