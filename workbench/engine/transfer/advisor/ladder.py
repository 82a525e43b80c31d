"""The `ladder` job: what can be read after each stage of a backbone, and what training from there on costs.

After stage d a ridge probe reads the tasks from that stage's pooled output: how much of what is needed is linearly
readable there already. It does not say how well training the stages after it would do; `suggest` says what is made
of it.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from workbench.core import catalogue
from workbench.core.advice import Candidate, ladder_file
from workbench.core.control import Control
from workbench.core.events import Event, Progress, Result, to_json
from workbench.core.files import write_atomically
from workbench.core.specs import LadderSpec
from workbench.engine import device as devices
from workbench.engine.data.batches import batches, row_batches
from workbench.engine.data.table import build_table
from workbench.engine.training.inputs import as_they_are
from workbench.engine.transfer.advisor.bench import Bench, Mounted, require_weights
from workbench.engine.transfer.advisor.compare import Score, mean_score, not_clearly_worse, score
from workbench.engine.transfer.advisor.memory import how_measured
from workbench.engine.transfer.advisor.probes import attended, ridge_answers
from workbench.engine.transfer.advisor.sample import Sample, draw_sample, judged_tasks, left_out_notices
from workbench.engine.transfer.advisor.steps import Cost, step_costs
from workbench.engine.transfer.advisor.suggest import suggest
from workbench.engine.transfer.advisor.tasks import Posed

PROBING, READING = "probing stages", "reading stages"
PIXELS = 8
"""Width and height of the pictures that stand for no stage at all."""


def ladder(spec: LadderSpec, control: Control) -> Iterator[Event]:
    """Probe a backbone after each of its stages, and measure a training step from each freeze depth.

    Yields:
        Progress, Notices, and one Result "ladder", which also lies in the project's `advice` folder. Where it is
        told to end, no Result.

    Raises:
        RequestError: the project cannot be trained with the backbone, its weights are not here, or no task can be
            judged.
        RunError: its weights cannot be loaded.
    """
    begin = time.perf_counter()
    own = spec.project.effective().backbone
    candidate = spec.backbone or Candidate(own.name, own.weights)
    facts = catalogue.get(candidate.name)
    table = yield from build_table(spec.project.effective(), spec.project_dir, control)
    if control.ending:
        return
    tasks, left_out = judged_tasks(table)
    yield from left_out_notices(left_out)
    bench = Bench.of(spec.project, spec.project_dir, table)
    require_weights(candidate, spec.project_dir)
    with bench.store:
        mounted = yield from bench.build(candidate, control)
        if mounted is None:
            return
        sample = draw_sample(table, tasks, spec.images, spec.project.effective().recipe.seed)
        read = yield from _read(mounted, sample, control)
        if read is None:
            return
        scores = yield from _scores(read, {task: Posed.of(table, task, sample) for task in tasks}, mounted, control)
        costs = yield from step_costs(mounted, control)
    if scores is None or costs is None:
        return
    labelled = len(draw_sample(table, tasks, len(table), 0).rows)
    document = _document(facts, candidate, scores, costs, labelled)
    document |= {
        "images": int(read[1].sum()),
        "left_out": left_out,
        "memory": how_measured(bench.device),
        **bench.basis(tasks),
        "seconds": round(time.perf_counter() - begin, 1),
    }
    write_atomically(ladder_file(spec.project_dir, candidate.name), to_json(document, indent=1))
    yield Result(what="ladder", document=document)


_Read = tuple[list[Tensor], npt.NDArray[np.bool_]]


def _read(mounted: Mounted, sample: Sample, control: Control) -> Generator[Event, None, _Read | None]:
    """[(n, C_d) after d stages, for d from 0 on] and (n,) which pictures could be decoded; None when told to end."""
    found: list[list[Tensor]] = []
    readable = np.ones(len(sample.rows), np.bool_)
    store, done = mounted.bench.store, 0
    store.start(sample.rows)
    mounted.network.eval()
    with closing(batches(store, row_batches(sample.rows, mounted.chunk), mounted.device)) as gathered:
        for batch in gathered:
            found.append(_stages(mounted, batch.pixels))
            readable[done : done + len(batch.rows)] = batch.readable
            done += len(batch.rows)
            yield Progress(what=READING, done=done, total=len(sample.rows))
            control.wait_while_paused()
            if control.ending:
                return None
    return [torch.cat(pieces) for pieces in zip(*found, strict=True)], readable


@torch.no_grad()
def _stages(mounted: Mounted, pixels: Tensor) -> list[Tensor]:
    """Of pixels (B, 3, S, S) uint8: themselves at 8 × 8, then each stage's pooled output; (B, C_d) on the CPU."""
    resolved, network = mounted.resolved, mounted.network
    backbone = network.backbone
    images = as_they_are(pixels).contiguous(memory_format=devices.MEMORY_FORMATS[resolved.layout])
    found = [functional.adaptive_avg_pool2d(images, PIXELS).flatten(1)]
    with devices.autocast(mounted.device, resolved.precision):
        x = network.normalise(images)
        for index in range(backbone.stage_count):
            x = backbone.run_stage(index, x)
            last = index == backbone.stage_count - 1
            found.append(backbone.pool(x) if last else _pooled(mounted, index, x, (images.shape[2], images.shape[3])))
    return [each.float().cpu() for each in found]


def _pooled(mounted: Mounted, index: int, x: Tensor, size: tuple[int, int]) -> Tensor:
    """(B, C): the mean over all places of what a stage gave."""
    backbone = mounted.network.backbone
    if catalogue.get(backbone.name).dense:
        return backbone.as_map(index, x, size).flatten(2).mean(dim=2)
    return x.mean(dim=1) if x.ndim == 3 else x.flatten(2).mean(dim=2)


def _scores(
    read: _Read, tasks: dict[str, Posed], mounted: Mounted, control: Control
) -> Generator[Event, None, list[dict[str, Score]] | None]:
    """Per freeze depth and task the ridge probe's score; None when told to end."""
    stages, readable = read
    found: list[dict[str, Score]] = []
    for depth, values in enumerate(stages):
        yield Progress(what=PROBING, done=depth, total=len(stages))
        scores = {}
        for task, whole in tasks.items():
            posed = whole.only(readable)
            x = values[torch.from_numpy(posed.at)].to(mounted.exact_device)
            answers = attended(ridge_answers(x, posed.question.targets, posed.folds), control)
            if answers is None:
                return None
            scores[task] = score(posed.question, answers, posed.times)
        found.append(scores)
    return found


def _document(
    facts: catalogue.BackboneFacts,
    candidate: Candidate,
    scores: Sequence[dict[str, Score]],
    costs: Sequence[Cost],
    labelled: int,
) -> dict[str, Any]:
    means = [mean_score(each) for each in scores]
    best = int(np.argmax([-1.0 if each.value is None else each.value for each in means]))
    near = not_clearly_worse(means, best)
    trainable = [catalogue.trainable_parameters(facts.name, depth) for depth in range(len(facts.stages) + 1)]
    titles = ["Pictures", *(stage.title for stage in facts.stages)]
    depth, reason = suggest(means, near, trainable, titles, labelled)
    return {
        "backbone": candidate.name,
        "weights": candidate.weights,
        "suggestion": depth,
        "reason": reason,
        "labelled": labelled,
        "stages": [
            {
                "freeze": at,
                "title": titles[at],
                "tasks": {
                    task: {"probe": each.value, "standard_error": each.standard_error}
                    for task, each in scores[at].items()
                },
                "within_noise": near[at],
                "trainable_parameters": trainable[at],
                **costs[at]._asdict(),
            }
            for at in range(len(scores))
        ],
    }
