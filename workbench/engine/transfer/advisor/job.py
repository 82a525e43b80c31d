"""The `advise` job: backbones compared by what simple probes read from their features of the project's own pictures."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core import catalogue
from workbench.core.advice import FIRST_IMAGES, Candidate, advice_file, short_list
from workbench.core.control import Control
from workbench.core.errors import WorkbenchError
from workbench.core.events import Event, Progress, Result, to_json
from workbench.core.files import write_atomically
from workbench.core.specs import AdviseSpec
from workbench.core.weights_check import check_weights
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.table import build_table
from workbench.engine.transfer.advisor.bench import Bench
from workbench.engine.transfer.advisor.compare import Score, mean_ranks, mean_score, not_clearly_worse, score
from workbench.engine.transfer.advisor.logme import logme
from workbench.engine.transfer.advisor.memory import PeakMemory, how_measured
from workbench.engine.transfer.advisor.pace import images_per_s
from workbench.engine.transfer.advisor.probes import attended, neighbours, ridge_answers
from workbench.engine.transfer.advisor.sample import Sample, draw_sample, judged_tasks, left_out_notices, shrink
from workbench.engine.transfer.advisor.tasks import Posed
from workbench.engine.transfer.advisor.words import advice_sentence

Floats = npt.NDArray[np.float64]

PROBING = "probing"


@dataclass
class Entry:
    """What is known of a candidate.

    Attributes:
        status: measured, not here or failed.
        round: the last in which it was measured, from 0; -1 before.
        probes, others: per task the probe's score, and the other columns.
    """

    candidate: Candidate
    status: str = "measured"
    reason: str | None = None
    round: int = -1
    images: int | None = None
    images_per_s: float | None = None
    peak_memory_mb: float | None = None
    probes: dict[str, Score] = field(default_factory=dict)
    others: dict[str, dict[str, float | None]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Name and weights, for people."""
        return f"{self.candidate.name}@{self.candidate.weights}"


def advise(spec: AdviseSpec, control: Control) -> Iterator[Event]:
    """Compare backbones on up to 500 training pictures, and those not clearly worse on up to `spec.images`.

    Yields:
        Progress, Notices, and one Result "advise" (see the contract), which also lies in the project's `advice` folder.
        Where it is told to end, no Result; features computed until then are kept.

    Raises:
        RequestError: a backbone is not known, or no task can be judged.
    """
    begin = time.perf_counter()
    candidates = tuple(dict.fromkeys(spec.backbones)) or short_list(spec.project)
    for candidate in candidates:
        catalogue.get(candidate.name)
    table = yield from build_table(spec.project.effective(), spec.project_dir, control)
    if control.ending:
        return
    tasks, left_out = judged_tasks(table)
    yield from left_out_notices(left_out)
    bench = Bench.of(spec.project, spec.project_dir, table)
    with bench.store:
        entries = [_entry(bench, candidate) for candidate in candidates]
        for number, sample in enumerate(_samples(table, tasks, spec)):
            if not (yield from _round(bench, _contenders(entries, number), tasks, sample, number, control)):
                return
    document = _document(entries, tasks, left_out, time.perf_counter() - begin)
    document |= {"memory": how_measured(bench.device), **bench.basis(tasks)}
    write_atomically(advice_file(spec.project_dir), to_json(document, indent=1))
    yield Result(what="advise", document=document)


def _entry(bench: Bench, candidate: Candidate) -> Entry:
    if bench.is_here(candidate):
        return Entry(candidate)
    try:
        check_weights(candidate.name, candidate.weights, bench.project_dir)
    except WorkbenchError as error:
        return Entry(candidate, "failed", str(error))
    return Entry(candidate, "not here", "Its weights are not on this computer.")


def _samples(table: SampleTable, tasks: Sequence[str], spec: AdviseSpec) -> list[Sample]:
    """The sample of each round; the first lies in the second."""
    seed = spec.project.effective().recipe.seed
    whole = draw_sample(table, tasks, spec.images, seed)
    if len(whole.rows) <= FIRST_IMAGES:
        return [whole]
    first = shrink(table, tasks, whole.rows, FIRST_IMAGES, seed)
    return [whole.only(np.isin(whole.rows, first)), whole]


def _contenders(entries: Sequence[Entry], number: int) -> list[Entry]:
    """Who takes part in a round: at first all that are here; then, where there is a choice, those not clearly worse."""
    measured = [entry for entry in entries if entry.status == "measured"]
    if number == 0 or not measured:
        return measured
    scores = [mean_score(entry.probes) for entry in measured]
    best = int(np.argmax([-1.0 if each.value is None else each.value for each in scores]))
    kept = [entry for entry, stays in zip(measured, not_clearly_worse(scores, best), strict=True) if stays]
    return kept if len(kept) > 1 else []


def _round(
    bench: Bench, entries: Sequence[Entry], tasks: Sequence[str], sample: Sample, number: int, control: Control
) -> Generator[Event, None, bool]:
    """Measure some candidates, one at a time, on a sample; False when told to end."""
    questions = {task: Posed.of(bench.table, task, sample) for task in tasks}
    for at, entry in enumerate(entries, start=1):
        try:
            for event in _measure(bench, entry, questions, sample, control):
                yield _placed(event, f"{entry.candidate.name} ({at} of {len(entries)})")
        except WorkbenchError as error:
            entry.status, entry.reason = "failed", str(error)
        except torch.OutOfMemoryError:
            entry.status, entry.reason = "failed", "It does not fit into the memory of the graphics card."
        bench.clear()
        control.wait_while_paused()
        if control.ending:
            return False
        entry.round = number
    return True


def _placed(event: Event, place: str) -> Event:
    """Progress that says whose it is."""
    return event.model_copy(update={"what": f"{place}: {event.what}"}) if isinstance(event, Progress) else event


def _measure(
    bench: Bench, entry: Entry, questions: dict[str, Posed], sample: Sample, control: Control
) -> Iterator[Event]:
    """Fill in an entry; where told to end, as far as it came."""
    memory = PeakMemory(bench.device, bench.held_bytes)
    with memory:
        mounted = yield from bench.build(entry.candidate, control, frozen=True)
        features = None if mounted is None else (yield from mounted.features(sample.rows, control))
        if mounted is None or features is None:
            return
        entry.images_per_s = features.images_per_s or images_per_s(mounted)
    entry.peak_memory_mb = max(memory.mb, entry.peak_memory_mb or 0.0)
    entry.images = int(features.readable.sum())
    device = mounted.exact_device
    del mounted
    for number, (task, whole) in enumerate(questions.items()):
        yield Progress(what=PROBING, done=number, total=len(questions))
        posed = whole.only(features.readable)
        values = features.values[torch.from_numpy(posed.at)].to(device)
        found = attended(_probe(posed, values), control)
        if found is None:
            return
        entry.probes[task], entry.others[task] = found
    yield Progress(what=PROBING, done=len(questions), total=len(questions))


def _probe(posed: Posed, values: Tensor) -> Generator[None, None, tuple[Score, dict[str, float | None]]]:
    """The probe's score on a task and the other columns, from features (m, C) of its pictures."""
    question = posed.question
    answers = yield from ridge_answers(values, question.targets, posed.folds)
    near = yield from neighbours(values, question.targets, posed.folds, question.per_answer)
    yield
    return score(question, answers, posed.times), {
        "knn": score(question, near, posed.times).value,
        "logme": logme(values, torch.from_numpy(question.targets).to(values.device)),
    }


def _document(
    entries: Sequence[Entry], tasks: Sequence[str], left_out: dict[str, str], seconds: float
) -> dict[str, Any]:
    measured = [entry for entry in entries if entry.status == "measured"]
    ranks = mean_ranks([entry.probes for entry in measured], [entry.round for entry in measured])
    scores = [mean_score(entry.probes) for entry in measured]
    order = sorted(range(len(measured)), key=lambda at: (ranks[at], -(scores[at].value or 0.0)))
    equal = not_clearly_worse(scores, order[0]) if order else []
    several = sum(equal[at] and measured[at].round == measured[order[0]].round for at in order) > 1
    rows = []
    for rank, at in enumerate(order, start=1):
        tied = several and equal[at] and measured[at].round == measured[order[0]].round
        rows.append(_row(measured[at], tasks, rank, ranks[at], tied))
    rows += [_row(entry, tasks, None, None, False) for entry in entries if entry.status != "measured"]
    return {
        "backbones": rows,
        "advice": advice_sentence(rows),
        "images": max((entry.images or 0 for entry in measured), default=0),
        "seconds": round(seconds, 1),
        "left_out": left_out,
    }


def _row(entry: Entry, tasks: Sequence[str], rank: int | None, mean_rank: float | None, tied: bool) -> dict[str, Any]:
    facts = catalogue.get(entry.candidate.name)
    version = facts.version(entry.candidate.weights)
    measured = entry.status == "measured"
    return {
        "name": entry.candidate.name,
        "weights": entry.candidate.weights,
        "status": entry.status,
        "reason": entry.reason,
        "rank": rank,
        "mean_rank": mean_rank,
        "tied": tied,
        "tasks": {
            task: {
                "probe": entry.probes[task].value,
                "standard_error": entry.probes[task].standard_error,
                **entry.others[task],
            }
            for task in (tasks if measured else ())
        },
        "parameters": facts.parameters,
        "macs": facts.macs,
        **_imagenet(entry.candidate),
        "download_mb": version.download_mb if version else None,
        "images_per_s": entry.images_per_s if measured else None,
        "peak_memory_mb": entry.peak_memory_mb if measured else None,
        "images": entry.images if measured else None,
    }


def _imagenet(candidate: Candidate) -> dict[str, Any]:
    """Top-1 accuracy on ImageNet, and whose: of these weights, or of the usual ones of the same backbone, which is all
    that is known of weights from a file or a run; none of weights that never saw ImageNet."""
    facts, kind = catalogue.get(candidate.name), candidate.weights.partition(":")[0]
    version = facts.version(candidate.weights)
    if version is not None:
        return {"accuracy": version.accuracy, "accuracy_of": "weights"}
    return {"accuracy": facts.accuracy, "accuracy_of": "backbone"} if kind in _UNKNOWN else _NO_ACCURACY


_UNKNOWN = ("file", "run")
"""Kinds of weights of which one cannot tell what they were trained on."""
_NO_ACCURACY = {"accuracy": None, "accuracy_of": None}
