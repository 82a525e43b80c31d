"""The `domains` job: how far another domain lies from a run's own pictures, and both on one map."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Progress, Result
from workbench.core.picture_map import check_method
from workbench.core.specs import PARTS, DomainsSpec
from workbench.core.verdict import SCORE_NAMES, picture_scores
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.insight.embedding.features import run_features
from workbench.engine.insight.embedding.manifold import DRAWING
from workbench.engine.insight.embedding.map_job import head_answers, places_of, rounded, said_of
from workbench.engine.insight.embedding.said import TOLD, answered, words
from workbench.engine.insight.naming import picture_names
from workbench.engine.insight.outputs import Outputs, part_document
from workbench.engine.insight.predictor import Predictor, warm_predictor
from workbench.engine.transfer.derived import Origin, read_origin
from workbench.engine.transfer.domains.batch_norm import batch_norms
from workbench.engine.transfer.domains.beside import TARGET, score_of
from workbench.engine.transfer.domains.distance import FEWEST, distance
from workbench.engine.transfer.domains.target import read_target

Ints = npt.NDArray[np.int64]

COMPARING = "telling the domains apart"
_ENOUGH = 100
"""Pictures outside of training from which on they alone stand for the source: a model knows those of training."""


def domains(spec: DomainsSpec, control: Control) -> Iterator[Event]:
    """Measure how far the target lies from a run's own pictures, as its model sees both, and draw them on one map.

    Yields:
        Progress, Notices, and one Result "domains". Where it is told to end, no Result; features computed until then
        are kept.

    Raises:
        RequestError: a method lacks a package, or there are too few pictures.
        RunError: the run has kept no model or no table.
    """
    check_method(spec.method)
    origin = read_origin(spec.origin_dir, spec.project_dir)
    predictor = warm_predictor(spec.origin_dir)
    target = yield from read_target(
        spec.target, spec.labelled, origin.facts, spec.project_dir, origin.table.paths, control
    )
    if target is None:
        return
    parts = _parts(origin.table)
    own = np.flatnonzero(np.isin(origin.table.part, [PARTS.index(part) for part in parts])).astype(np.int64)
    sides = []
    for name, table, rows in ((origin.run, origin.table, own), (TARGET, target.table, np.arange(len(target.table)))):
        side = yield from _side(spec, predictor, name, table, rows, control)
        if side is None:
            return
        sides.append(side)
    yield Progress(what=COMPARING, done=0, total=1)
    apart = distance(sides[0].values, sides[1].values, origin.resolved.project.recipe.seed, control)
    if apart is None:
        return
    yield Progress(what=DRAWING, done=0, total=1)
    placed = yield from places_of(torch.cat([side.values for side in sides]), spec.method, control)
    if placed is None:
        return
    document = {
        "run": origin.run,
        "source": {"pictures": len(sides[0].rows), "parts": parts},
        "target": {"folder": str(target.folder), "pictures": len(target.table), "labelled": target.labelled},
        "distance": vars(apart),
        "batch_norm": len(batch_norms(predictor.network)),
        "tasks": _scores(spec, origin, sides, parts),
        "map": _map(spec, predictor, sides, *placed),
    }
    yield Result(what="domains", document=document)


class _Side:
    """The readable pictures of a domain: rows of a table, their features (n, C), and the heads' answers."""

    def __init__(self, name: str, table: SampleTable, rows: Ints, values: Tensor, answers: Outputs) -> None:
        self.name, self.table, self.rows, self.values = name, table, rows, values
        self.answers = Outputs(rows, answers.answers, answers.readable)


def _side(
    spec: DomainsSpec, predictor: Predictor, name: str, table: SampleTable, rows: Ints, control: Control
) -> Generator[Event, None, _Side | None]:
    features = yield from run_features(predictor, spec.project_dir, spec.origin_dir, table, rows, control)
    if features is None:
        return None
    readable = features.readable
    if int(readable.sum()) < FEWEST:
        raise RequestError(
            f"{FEWEST} readable pictures of each domain are needed, and one has {int(readable.sum())}.",
            "Add pictures.",
        )
    rows, values = rows[readable], features.values[torch.from_numpy(readable)]
    answers = yield from head_answers(spec.project_dir, predictor, table, rows, values, control)
    return None if answers is None else _Side(name, table, rows, values, answers)


def _parts(table: SampleTable) -> list[str]:
    """The parts that stand for the source: those outside of training where they hold pictures enough, else all."""
    outside: list[str] = [part for part in PARTS if part != "train" and len(table.rows(part))]
    enough = sum(len(table.rows(part)) for part in PARTS if part in outside) >= _ENOUGH
    return outside if enough else [part for part in PARTS if len(table.rows(part))]


def _scores(spec: DomainsSpec, origin: Origin, sides: list[_Side], parts: list[str]) -> dict[str, Any]:
    """How good the model is on both, where they have labels; pictures of training say nothing of it."""
    found: dict[str, Any] = {}
    for name, task in origin.facts.items():
        if task.kind not in TOLD:
            continue
        rows = []
        for side in (each for each in sides if name in each.table.targets):
            answers = side.answers if side.name == TARGET else _outside_of_training(side)
            told = part_document("", "", answers, side.table, [task], spec.project_dir)["tasks"][name]
            scores = np.array(list(picture_scores(told).values()), np.float64)
            if len(scores):
                on = TARGET if side.name == TARGET else " and ".join(part for part in parts if part != "train")
                rows.append({"on": on, "pictures": len(scores), **score_of(task.kind, scores)})
        found[name] = {"kind": task.kind, "score": SCORE_NAMES[task.kind], "rows": rows}
    return found


def _outside_of_training(side: _Side) -> Outputs:
    kept = side.table.part[side.rows] != PARTS.index("train")
    answers = {task: values[kept] for task, values in side.answers.answers.items()}
    return Outputs(side.rows[kept], answers, side.answers.readable[kept])


def _map(
    spec: DomainsSpec,
    predictor: Predictor,
    sides: list[_Side],
    places: npt.NDArray[np.float64],
    explained: list[float] | None,
) -> dict[str, Any]:
    told = {name: task for name, task in predictor.facts.items() if task.kind in TOLD}
    tasks: dict[str, Any] = {}
    for name, task in told.items():
        each = [_said(side, name, predictor) for side in sides]
        tasks[name] = {
            "kind": task.kind,
            "classes": task.classes,
            **{key: [value for side in each for value in side[key]] for key in ("label", "answer")},
        }
    paths = [[side.table.paths[row] for row in side.rows.tolist()] for side in sides]
    return {
        "method": spec.method,
        "explained": explained,
        "images": [name for each in paths for name in picture_names(each, spec.project_dir)],
        "domain": [domain for domain, each in zip(("source", TARGET), paths, strict=True) for _ in each],
        "x": rounded(places[:, 0]),
        "y": rounded(places[:, 1]),
        "tasks": tasks,
    }


def _said(side: _Side, name: str, predictor: Predictor) -> dict[str, list[str | None]]:
    """Labels and answers of a domain's pictures in words; a task that labels none of them has answers alone."""
    task = predictor.facts[name]
    if name in side.table.targets:
        found = said_of(task, side.table, side.rows, side.answers)
        return {"label": found["label"], "answer": found["answer"]}
    return {"label": [None] * len(side.rows), "answer": words(task, answered(task, side.answers.answers[name]))}
