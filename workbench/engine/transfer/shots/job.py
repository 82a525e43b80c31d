"""The `shots` job: accuracy against pictures a class, for heads that are worked out at once on frozen features.

So many pictures of each class are drawn from the training part, a closed-form head is worked out from them, and the
pictures outside of training judge it; many draws give the interval. Beside the features of a backbone stand raw pixels:
what can be told without any network. SimpleShot (Wang et al., arXiv 1911.04623) shows how far such heads go.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from workbench.core.advice import Candidate
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Progress, Result, to_json
from workbench.core.files import check_writable, write_atomically
from workbench.core.kinds import CLOSED_FORM
from workbench.core.resolved import TABLE_FILE
from workbench.core.shots import FEWEST_DRAWS, MOST_DRAWS, SHOTS, shots_file
from workbench.core.specs import ShotsSpec
from workbench.engine import device as devices
from workbench.engine.data.batches import batches, row_batches
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.table import build_table
from workbench.engine.data.table_file import load_table
from workbench.engine.insight.embedding.features import run_features
from workbench.engine.insight.predictor import warm_predictor
from workbench.engine.training.experiment import PIXEL_LIMIT_BYTES
from workbench.engine.training.feature_cache import Features
from workbench.engine.training.inputs import as_they_are
from workbench.engine.transfer.advisor.bench import Bench, require_weights
from workbench.engine.transfer.advisor.sample import left_out_notices
from workbench.engine.transfer.shots.draws import Floats, Ints, Pool, answered_right, summed_up

DRAWING, PIXELS_READ = "trying few pictures", "reading pixels"
PIXEL_SIDE = 8
"""Width and height of the pictures that stand for no backbone at all."""
FEWEST_JUDGED = 20
"""Pictures outside of training that judge; with fewer, training pictures that were not drawn do."""
_CHUNK = 256


def shots(spec: ShotsSpec, control: Control) -> Iterator[Event]:
    """Draw accuracy against pictures a class.

    Yields:
        Progress, Notices, and one Result "shots", which is also kept with the run or in the project. Where it is told
        to end, no Result.

    Raises:
        RequestError: no task asks for one class, there are too few pictures, or the backbone's weights are not here.
        OSError: the place of the answer takes no files.
        RunError: the run has kept no model or no table, or the weights cannot be loaded.
    """
    begin = time.perf_counter()
    _check(spec)
    seen = yield from (_of_backbone(spec, control) if spec.run_dir is None else _of_run(spec, control))
    if seen is None:
        return
    pools, left_out = _pools(spec, seen)
    yield from left_out_notices(left_out)
    tasks = yield from _try(pools, spec, seen, control)
    if tasks is None:
        return
    document = {
        "run": spec.run,
        "backbone": seen.backbone,
        "weights": seen.weights,
        "draws": spec.draws,
        "tasks": tasks,
        "left_out": left_out,
        "seconds": round(time.perf_counter() - begin, 1),
    }
    write_atomically(shots_file(spec.project_dir, spec.run_dir), to_json(document, indent=1))
    yield Result(what="shots", document=document)


@dataclass(frozen=True)
class _Seen:
    """The pictures of a table.

    Attributes:
        rows: (n,) of the table, all that can be read.
        sources: by name (n, C): what the backbone sees, and pixels.
        trained: whether the backbone has seen labels of the training part.
    """

    table: SampleTable
    rows: Ints
    sources: Mapping[str, Tensor]
    backbone: str
    weights: str
    trained: bool


def _check(spec: ShotsSpec) -> None:
    if not FEWEST_DRAWS <= spec.draws <= MOST_DRAWS:
        raise RequestError(f"{spec.draws} draws are not possible.", f"Choose {FEWEST_DRAWS} to {MOST_DRAWS} of them.")
    if any(each < 1 for each in spec.shots):
        raise RequestError("A class needs one picture or more.", "Give numbers such as --shots 1,5,20.")
    check_writable(shots_file(spec.project_dir, spec.run_dir).parent)


def _of_run(spec: ShotsSpec, control: Control) -> Generator[Event, None, _Seen | None]:
    """What a run's trained backbone sees."""
    assert spec.run_dir is not None, "a run is asked about"
    predictor = warm_predictor(spec.run_dir)
    table = load_table(spec.run_dir / TABLE_FILE, spec.project_dir)
    rows = _rows(spec, table)
    features = yield from run_features(predictor, spec.project_dir, spec.run_dir, table, rows, control)
    if features is None:
        return None
    folder, view = spec.project_dir / "cache" / "pixels", predictor.resolved.view
    with PixelStore(folder, table.paths, view, PIXEL_LIMIT_BYTES, devices.cores(), read_only=True) as store:
        pixels = yield from _pixels(store, rows, control)
    own = predictor.resolved.project.backbone
    return None if pixels is None else _seen(table, rows, features, pixels, own.name, own.weights, trained=True)


def _of_backbone(spec: ShotsSpec, control: Control) -> Generator[Event, None, _Seen | None]:
    """What the project's backbone sees before any training."""
    project = spec.project.effective()
    own = Candidate(project.backbone.name, project.backbone.weights)
    require_weights(own, spec.project_dir)
    table = yield from build_table(project, spec.project_dir, control)
    if control.ending:
        return None
    rows = _rows(spec, table)
    bench = Bench.of(spec.project, spec.project_dir, table)
    with bench.store:
        mounted = yield from bench.build(own, control, frozen=True)
        if mounted is None:
            return None
        features = yield from mounted.features(rows, control)
        if features is None:
            return None
        pixels = yield from _pixels(bench.store, rows, control)
    return None if pixels is None else _seen(table, rows, features, pixels, own.name, own.weights, trained=False)


def _rows(spec: ShotsSpec, table: SampleTable) -> Ints:
    """Pictures that one of the tasks asked about labels.

    Raises:
        RequestError: there is no such task, or none asks for one class.
    """
    for task in spec.tasks:
        if task not in table.tasks:
            raise RequestError(f"There is no task {task}.", f"The tasks are: {', '.join(table.tasks)}.")
    wanted = [task for task in table.tasks if _of_one_class(table, task) and (task in spec.tasks or not spec.tasks)]
    if not wanted:
        raise RequestError(
            "None of these tasks asks for one class a picture.",
            "Heads that are worked out at once answer no other question.",
        )
    return np.flatnonzero(np.any([table.targets[task] != MISSING for task in wanted], axis=0)).astype(np.int64)


def _of_one_class(table: SampleTable, task: str) -> bool:
    return table.kind(task) == "single-label"


def _seen(
    table: SampleTable, rows: Ints, features: Features, pixels: Tensor, name: str, weights: str, *, trained: bool
) -> _Seen:
    kept = torch.from_numpy(features.readable)
    sources = {"backbone": features.values[kept].float(), "pixels": pixels[kept]}
    return _Seen(table, rows[features.readable], sources, name, weights, trained)


def _pixels(store: PixelStore, rows: Ints, control: Control) -> Generator[Event, None, Tensor | None]:
    """(n, 3 · PIXEL_SIDE²) of some rows: each picture made very small; None where it was told to end."""
    found: list[Tensor] = []
    done = 0
    store.start(rows)
    with closing(batches(store, row_batches(rows, _CHUNK), torch.device("cpu"))) as gathered:
        for batch in gathered:
            small = functional.adaptive_avg_pool2d(as_they_are(batch.pixels), PIXEL_SIDE)
            found.append(small.flatten(1))
            done += len(batch.rows)
            yield Progress(what=PIXELS_READ, done=done, total=len(rows))
            control.wait_while_paused()
            if control.ending:
                return None
    return torch.cat(found)


def _pools(spec: ShotsSpec, seen: _Seen) -> tuple[dict[str, tuple[Pool, Ints, list[int]]], dict[str, str]]:
    """For each task its pool, the places of its pictures and the numbers tried; and why others are left out.

    Raises:
        RequestError: all are.
    """
    found, left = {}, {}
    for task in seen.table.tasks:
        if not _of_one_class(seen.table, task) or (spec.tasks and task not in spec.tasks):
            continue
        at = np.flatnonzero(seen.table.targets[task][seen.rows] != MISSING).astype(np.int64)
        pool = _pool(seen, task, at)
        wanted = pool.reach(sorted(set(spec.shots or SHOTS)))
        if not pool.apart and seen.trained:
            left[task] = f"fewer than {FEWEST_JUDGED} of its pictures lie outside of training to judge by"
        elif not wanted or (not pool.apart and len(pool.judging(pool.draw(wanted[0], 0))) < 2):
            left[task] = "its classes have too few pictures to draw from and to judge by"
        else:
            found[task] = (pool, at, wanted)
    if not found:
        why = "; ".join(f"{task}: {reason}" for task, reason in left.items())
        raise RequestError(f"There are too few pictures to try ({why}).", "Add a few pictures of each class.")
    return found, left


def _pool(seen: _Seen, task: str, at: Ints) -> Pool:
    rows = seen.rows[at]
    known = np.isin(rows, seen.table.rows("train", task))
    apart = int((~known).sum()) >= FEWEST_JUDGED
    return Pool(seen.table.targets[task][rows], known, len(seen.table.classes[task]), apart)


def _try(
    pools: Mapping[str, tuple[Pool, Ints, list[int]]], spec: ShotsSpec, seen: _Seen, control: Control
) -> Generator[Event, None, dict[str, Any] | None]:
    """The tasks' parts of the document; None where it was told to end."""
    total = sum(len(wanted) for _, _, wanted in pools.values()) * len(seen.sources) * len(CLOSED_FORM) * spec.draws
    done, tasks = 0, {}
    for task, (pool, at, wanted) in pools.items():
        curves = []
        for source, values in seen.sources.items():
            features = values[torch.from_numpy(at)]
            for head in CLOSED_FORM:
                points = []
                for shot in wanted:
                    rights: list[Floats] = []
                    for number in range(spec.draws):
                        yield Progress(what=DRAWING, done=done, total=total)
                        control.wait_while_paused()
                        if control.ending:
                            return None
                        drawn = pool.draw(shot, number)
                        rights.append(answered_right(features, pool, head, drawn, pool.judging(drawn)))
                        done += 1
                    score, ends = summed_up(rights, pool)
                    points.append({"shots": shot, "score": score, "interval": ends})
                curves.append({"features": source, "head": head, "points": points})
        tasks[task] = _document(pool, wanted, curves)
    yield Progress(what=DRAWING, done=total, total=total)
    return tasks


def _document(pool: Pool, wanted: Sequence[int], curves: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "classes": pool.classes,
        "chance": 1 / pool.classes,
        "judged_on": int((~pool.known).sum()) if pool.apart else None,
        "shots": list(wanted),
        "short": {str(each): pool.short(each) for each in wanted if pool.short(each)},
        "curves": list(curves),
    }
