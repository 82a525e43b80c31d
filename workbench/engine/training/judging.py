"""How good the validation part was answered: what chooses the model that is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from workbench.core.resolved import ResolvedTask
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.insight.kinds import REPORTS, Metrics
from workbench.engine.insight.metrics import mean_loss, score
from workbench.engine.insight.outputs import Outputs, epoch_metrics
from workbench.engine.training.experiment import Experiment


class Judged(NamedTuple):
    """The metrics of each task, the mean score, and the mean loss that breaks ties."""

    metrics: dict[str, Metrics]
    score: float | None
    loss: float

    @property
    def rank(self) -> tuple[float, float]:
        """The higher the better."""
        return (0.0 if self.score is None else self.score, -self.loss)


def judged(work: Experiment, outputs: Outputs) -> Judged:
    """Judge answers to the validation part."""
    return judge(outputs, work.table, work.facts)


def judge(outputs: Outputs, table: SampleTable, facts: Mapping[str, ResolvedTask]) -> Judged:
    """Judge answers to rows of a table, by the facts of its tasks."""
    metrics = epoch_metrics(outputs, table, facts.values())
    kinds = {name: task.kind for name, task in facts.items()}
    guessing = {name: REPORTS[task.kind].guessing(task) for name, task in facts.items()}
    return Judged(metrics, score(metrics, kinds), mean_loss(metrics, guessing))
