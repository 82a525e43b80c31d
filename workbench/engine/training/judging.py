"""How good the validation part was answered: what chooses the model that is kept."""

from __future__ import annotations

from typing import NamedTuple

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
    validation = epoch_metrics(outputs, work.table, work.facts.values())
    kinds = {name: task.kind for name, task in work.facts.items()}
    guessing = {name: REPORTS[task.kind].guessing(task) for name, task in work.facts.items()}
    return Judged(validation, score(validation, kinds), mean_loss(validation, guessing))
