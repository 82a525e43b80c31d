"""The `map` job: a run's pictures as points in the plane, near where its backbone sees them alike."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Result, to_json
from workbench.core.files import write_atomically
from workbench.core.picture_map import check_method, map_file, pictures_mark, still_holds
from workbench.core.resolved import TABLE_FILE, ResolvedTask
from workbench.core.run_weights import BEST, fingerprint
from workbench.core.specs import PARTS, MapSpec
from workbench.engine import device as devices
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.table_file import load_table
from workbench.engine.data.words import pictures
from workbench.engine.insight.answers import collect
from workbench.engine.insight.embedding.features import run_features
from workbench.engine.insight.embedding.manifold import FEWEST, manifold
from workbench.engine.insight.embedding.pca import components
from workbench.engine.insight.embedding.said import TOLD, answered, words
from workbench.engine.insight.naming import picture_names
from workbench.engine.insight.outputs import Outputs
from workbench.engine.insight.predictor import Predictor, warm_predictor
from workbench.engine.training.amounts import piece
from workbench.engine.training.experiment import PIXEL_LIMIT_BYTES
from workbench.engine.training.inputs import FeatureInputs, Inputs, PixelInputs

Ints = npt.NDArray[np.int64]

ANSWERING = "answering"
_KEPT = 50
"""Principal components that are handed to the other methods: the rest is mostly noise, and costs time."""
_DIGITS = 6


def draw_map(spec: MapSpec, control: Control) -> Iterator[Event]:
    """Draw the pictures of some parts of a run, or of all, in two dimensions.

    A map of all parts is kept in the run's folder, and given back as it is while model and pictures stay as they are.

    Yields:
        Progress, Notices, and one Result "map". Where it is told to end, no Result; features computed until then are
        kept.

    Raises:
        RequestError: the method lacks a package, or there are too few pictures.
        RunError: the run has kept no model or no table, or the method failed.
    """
    check_method(spec.method)
    begin = time.perf_counter()
    table = load_table(spec.run_dir / TABLE_FILE, spec.project_dir)
    parts = [part for part in PARTS if part in spec.parts or not spec.parts]
    rows = np.flatnonzero(np.isin(table.part, [PARTS.index(part) for part in parts])).astype(np.int64)
    whole = len(parts) == len(PARTS)
    document = _kept(spec) if whole else None
    if document is None:
        model = fingerprint(spec.run_dir / BEST)
        drawn = yield from _drawn(spec, warm_predictor(spec.run_dir), table, rows, control)
        if drawn is None:
            return
        document = {"run": spec.run, "method": spec.method, "parts": parts, "model": model, **drawn}
        document["seconds"] = round(time.perf_counter() - begin, 1)
        if whole:
            write_atomically(map_file(spec.run_dir, spec.method), to_json(document))
    yield Result(what="map", document=document)


def _kept(spec: MapSpec) -> dict[str, Any] | None:
    """The map that was drawn before, where it still holds."""
    try:
        document: dict[str, Any] = json.loads(map_file(spec.run_dir, spec.method).read_text(encoding="utf-8"))
        return document if still_holds(document, spec.run_dir, spec.project_dir) else None
    except (OSError, ValueError, KeyError):  # none, or a damaged one: it is drawn anew
        return None


def _drawn(
    spec: MapSpec, predictor: Predictor, table: SampleTable, rows: Ints, control: Control
) -> Generator[Event, None, dict[str, Any] | None]:
    """What the document says of the pictures; None when told to end."""
    features = yield from run_features(predictor, spec.project_dir, spec.run_dir, table, rows, control)
    if features is None:
        return None
    lost = int((~features.readable).sum())
    if lost:
        yield Notice(level="warning", text=f"{pictures(lost)} cannot be read and are left out.")
    rows, values = rows[features.readable], features.values[torch.from_numpy(features.readable)]
    if len(rows) < FEWEST:
        raise RequestError(
            f"A map needs {FEWEST} pictures, and there are {len(rows)}.", "Draw all parts, or add pictures."
        )
    answers = yield from head_answers(spec.project_dir, predictor, table, rows, values, control)
    if answers is None:
        return None
    placed = yield from places_of(values, spec.method, control)
    if placed is None:
        return None
    places, explained = placed
    paths = [table.paths[row] for row in rows.tolist()]
    return {
        "count": len(rows),
        "pictures": pictures_mark(map(str, paths)),
        "explained": explained,
        "images": picture_names(paths, spec.project_dir),
        "part": [PARTS[part] for part in table.part[rows].tolist()],
        "x": rounded(places[:, 0]),
        "y": rounded(places[:, 1]),
        "tasks": {
            name: said_of(task, table, rows, answers) for name, task in predictor.facts.items() if task.kind in TOLD
        },
        "labelled": {name: (table.targets[name][rows] >= 0).tolist() for name in predictor.facts},
    }


def places_of(
    values: Tensor, method: str, control: Control
) -> Generator[Event, None, tuple[npt.NDArray[np.float64], list[float] | None] | None]:
    """Features (n, C) in two dimensions (n, 2); of `pca` also the shares of the variance that both explain.

    Returns None when told to end.
    """
    directions = functional.normalize(values, dim=1).numpy()  # by direction alone, as neighbours are found
    first, shares = components(directions, 2 if method == "pca" else _KEPT)
    if method == "pca":
        return first, shares[:2].tolist()
    found = yield from manifold(method, first.astype(np.float32), control)
    return None if found is None else (found, None)


def head_answers(
    project_dir: Path, predictor: Predictor, table: SampleTable, rows: Ints, values: Tensor, control: Control
) -> Generator[Event, None, Outputs | None]:
    """What the heads say: from the features where all tasks share the backbone to its end, else from the pictures."""
    resolved, network = predictor.resolved, predictor.network
    tasks = {name: task for name, task in predictor.facts.items() if task.kind in TOLD}
    inputs: Inputs
    if not network.branches:
        inputs = FeatureInputs(network, values, np.ones(len(rows), np.bool_), predictor.device)
        return (yield from collect(network, inputs, np.arange(len(rows)), tasks, {}, control))
    folder = project_dir / "cache" / "pixels"
    with PixelStore(folder, table.paths, resolved.view, PIXEL_LIMIT_BYTES, devices.cores(), read_only=True) as store:
        inputs = PixelInputs(network, store, resolved, predictor.device, piece(resolved), "none")
        return (yield from collect(network, inputs, rows, tasks, {}, control, ANSWERING))


def said_of(task: ResolvedTask, table: SampleTable, rows: Ints, answers: Outputs) -> dict[str, Any]:
    """Labels and answers of the pictures, in words; None where a label is missing."""
    return {
        "kind": task.kind,
        "classes": task.classes,
        "label": words(task, table.encoded(task.name)[rows]),
        "answer": words(task, answered(task, answers.answers[task.name])),
    }


def rounded(values: npt.NDArray[np.float64]) -> list[float]:
    """Six figures of the largest: a map is looked at, not reckoned with."""
    largest = float(np.abs(values).max())
    digits = _DIGITS - int(np.ceil(np.log10(largest))) if largest > 0 else _DIGITS
    return [float(value) for value in np.round(values, digits).tolist()]
