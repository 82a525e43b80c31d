"""Weights put into a run's network and scored, each beside a reference on the same pictures."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from torch import Tensor

from workbench.core.control import Control
from workbench.core.events import Event
from workbench.core.kinds import KINDS
from workbench.core.project import Task
from workbench.core.resolved import ViewParameters
from workbench.core.verdict import LEVEL, grain, picture_scores
from workbench.engine.data.pixel_cache import picture_keys
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.insight.compare.paired import compared
from workbench.engine.insight.evaluate import answer_rows
from workbench.engine.insight.metrics import score
from workbench.engine.insight.other_data import scorable
from workbench.engine.insight.outputs import part_document
from workbench.engine.insight.predictor import Predictor
from workbench.engine.training.results import metrics_of
from workbench.engine.transfer.derived import Made

Documents = Mapping[str, Mapping[str, Any]]
Where = Literal["validation", "data"]
_SIDES = {1: "better", 0: "noise", -1: "worse"}


@dataclass(frozen=True)
class Ground:
    """Pictures that weights are scored on.

    Attributes:
        rows: (n,) of the table.
    """

    where: Where
    table: SampleTable
    rows: npt.NDArray[np.int64]

    def key(self, view: ViewParameters) -> str:
        """Equal for the same files, unchanged since, with the same labels; not for namesakes in another folder."""
        table, digest = self.table, blake2b(digest_size=16)
        paths = [table.paths[row] for row in self.rows.tolist()]
        for path, picture in zip(paths, picture_keys(paths, view), strict=True):
            digest.update(picture + f"{path}\0".encode("utf-8", "surrogateescape"))
        for task in table.tasks:
            texts, targets = table.label_texts(task), table.targets[task][self.rows].tolist()
            said = "\0".join([task, *("" if target == MISSING else texts[target] for target in targets)])
            digest.update(said.encode("utf-8", "surrogateescape"))
            if table.kind(task) == "mask":
                digest.update(b"".join(picture_keys([Path(text) for text in texts], view)))
        return f"{self.where} {digest.hexdigest()}"


def grounds(
    predictor: Predictor, table: SampleTable, data: tuple[Task, ...], project_dir: Path
) -> Generator[Event, None, list[Ground]]:
    """The validation part of a run, where it has one, and the other pictures that were asked for.

    Raises:
        RequestError: the other data do not hold what their tasks say.
    """
    found = []
    rows = table.rows("validation")
    if len(rows):
        found.append(Ground("validation", table, rows))
    if data:
        other = yield from scorable(data, project_dir, predictor.facts)
        found.append(Ground("data", other, np.arange(len(other), dtype=np.int64)))
    return found


class Scorer:
    """A run's network, into which weights are put.

    Raises:
        RunError: the run has kept no intact model.
    """

    def __init__(self, run_dir: Path, project_dir: Path) -> None:
        self.predictor = Predictor(run_dir)
        self._project_dir = project_dir

    def documents(
        self, weights: Mapping[str, Tensor], ground: Ground, control: Control
    ) -> Generator[Event, None, Documents | None]:
        """What `evaluate` says of each task, pictures included; None where it was told to end."""
        predictor, table = self.predictor, ground.table
        predictor.network.load_state_dict(dict(weights))
        outputs = yield from answer_rows(self._project_dir, predictor, table, ground.rows, control, None)
        if outputs is None:
            return None
        tasks = [predictor.facts[task] for task in table.tasks]
        found: Documents = part_document("", ground.where, outputs, table, tasks, self._project_dir)["tasks"]
        return found


def total(documents: Documents) -> float | None:
    """The mean over tasks of the score by which a model is chosen."""
    metrics = {task: document["metrics"] for task, document in documents.items()}
    return score(metrics, {task: str(document["kind"]) for task, document in documents.items()})


def beside(documents: Documents, reference: Documents | None, comparisons: int = 1) -> dict[str, Any]:
    """A point of a document: the score, and for each task its own with its interval and how far it is from a reference.

    Args:
        comparisons: that are looked at together: the intervals of differences hold for all of them (Bonferroni).
    """
    tasks = {}
    for task, document in documents.items():
        metric = KINDS[document["kind"]].metric
        tasks[task] = {
            "kind": document["kind"],
            "metric": metric,
            "score": document["metrics"].get(metric),
            "interval": document["metrics"].get(f"{metric}_interval"),
            "count": document["count"],
            **({} if reference is None else _difference(reference[task], document, comparisons)),
        }
    return {"score": total(documents), "tasks": tasks}


def scores_of(made: Made) -> dict[str, dict[str, Any]]:
    """Part → task → metrics of a run that was made."""
    return {part: metrics_of(document) for part, document in made.documents.items()}


def _difference(first: Mapping[str, Any], second: Mapping[str, Any], comparisons: int) -> dict[str, Any]:
    one, other = picture_scores(first), picture_scores(second)
    images = [image for image in one if image in other]
    a, b = (np.array([[side[image] for image in images]], np.float64) for side in (one, other))
    found = compared(a, b, 1 - (1 - LEVEL) / max(1, comparisons), grain(first))
    return {
        "difference": found.value,
        "difference_interval": found.interval,
        "p": found.p,
        "conclusion": _SIDES[found.beyond_noise],
    }
