"""How the processes of a run part work that is not a step, and bring together what each has found."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.events import Event
from workbench.core.resolved import ResolvedTask
from workbench.engine.data.batches import row_batches
from workbench.engine.data.drawing import Draws
from workbench.engine.insight.answers import collect
from workbench.engine.insight.outputs import Outputs
from workbench.engine.training.experiment import Experiment
from workbench.engine.training.feature_cache import Features, FeatureSource
from workbench.engine.training.gradients import batch_norm_trains
from workbench.engine.training.inputs import Batch, Inputs
from workbench.engine.training.pauses import Rest, rest

Rows = npt.NDArray[np.int64]


def shares_of(work: Experiment, batches: Sequence[Draws]) -> list[Draws]:
    """This process's share of each batch.

    Where it is empty it is the batch's first draw, whose labels `as_counted` takes away: the process then goes through
    the same motions as the others, and the same parameters have gradients everywhere.
    """
    shares = [work.team.mine(batch) for batch in batches]
    return [share if len(share) else batch[:1] for share, batch in zip(shares, batches, strict=True)]


def as_counted(work: Experiment, share: Batch, whole: Draws) -> Batch:
    """A share with the labels that count: none, where it only stands in for an empty one."""
    return share if len(work.team.mine(whole)) else share._replace(readable=np.zeros(len(share.rows), np.bool_))


def same_batch_norm(work: Experiment) -> None:
    """Let batch norm that trains have the mean statistics of all processes: each has seen other pictures."""
    if batch_norm_trains(work.network):
        work.team.average([buffer for buffer in work.network.buffers() if buffer.is_floating_point()])


def answers_of_all(
    work: Experiment,
    inputs: Inputs,
    rows: Rows,
    control: Control,
    what: str = "",
    gives_way: bool = False,
    facts: Mapping[str, ResolvedTask] | None = None,
    resting: Rest = rest,
) -> Generator[Event, None, Outputs | None]:
    """`collect`, with every process answering some chunks; all get all answers. None where it was broken off.

    Args:
        facts: of the tasks, where another network than the run's answers.
        resting: as `collect` takes it.
    """
    team = work.team
    mine = rows_here(rows, inputs.chunk, team.rank, team.size)
    outputs = yield from collect(
        work.network, inputs, mine, facts or work.facts, work.judges, control, what, gives_way, resting=resting
    )
    if team.size == 1:
        return outputs
    if outputs is None or not meet_as_often(rows, inputs.chunk, team.rank, team.size, control):
        return None
    found = team.gather(outputs)
    order = np.concatenate([each.rows for each in found]).argsort(kind="stable")
    back = np.empty_like(order)
    back[rows.argsort(kind="stable")] = order
    return Outputs(
        rows,
        {task: np.concatenate([each.answers[task] for each in found])[back] for task in outputs.answers},
        np.concatenate([each.readable for each in found])[back],
    )


def features_of_all(
    work: Experiment, source: FeatureSource, rows: Rows, control: Control
) -> Generator[Event, None, Features | None]:
    """Features of some rows; every process computes some chunks, and reads the others' from the files. None if told to
    end."""
    team = work.team
    if team.size == 1:
        return (yield from source.features(rows, control))
    missing = team.share(lambda: rows[~source.kept(rows)])
    mine = rows_here(missing, source.chunk, team.rank, team.size)
    found = yield from source.features(mine, control)
    if found is None or not meet_as_often(missing, source.chunk, team.rank, team.size, control):
        return None
    team.total([])  # all files are there
    return (yield from source.features(rows, Control()))


def rows_here(rows: Rows, chunk: int, rank: int, size: int) -> Rows:
    """Every size-th chunk of the rows."""
    chunks = row_batches(rows, chunk)[rank::size]
    return np.concatenate(chunks) if chunks else rows[:0]


def meet_as_often(rows: Rows, chunk: int, rank: int, size: int, control: Control) -> bool:
    """Meet once more where others have had one chunk more, and rest with them where they rest behind it, for all meet
    after each and as long as they rest; whether to go on."""
    chunks = -(-len(rows) // chunk)
    if rank >= chunks % size > 0:
        control.meet()
        while control.paused:
            control.wait_while_paused()
    return not control.ending
