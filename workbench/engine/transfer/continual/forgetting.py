"""The `forgetting` job: what runs that followed each other answer to the pictures that came with each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Progress, Result
from workbench.core.resolved import TABLE_FILE, load_resolved
from workbench.core.specs import PARTS, ForgettingSpec, Part
from workbench.core.verdict import grain, picture_scores
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.table_file import load_table
from workbench.engine.data.targets import TARGETS
from workbench.engine.insight.compare.job import answers_of, common_part
from workbench.engine.insight.naming import picture_names
from workbench.engine.transfer.continual.matrix import Column, conclude, document, picture_rows

COMPARING = "reading what the runs answered"
_NAMED = 12
"""Labels of a step that are named at most."""


def forgetting(spec: ForgettingSpec, control: Control) -> Iterator[Event]:
    """Fill the accuracy matrix of a chain of runs, the oldest first.

    A column is what came with a run: pictures of the judging part that no run before had with a label of the task, and
    that every later run judges by as well, so that none has learned from them.

    Yields:
        Progress, Notices while pictures are scored, and one Result "forgetting". Where it is told to end, no Result.

    Raises:
        RequestError: there are fewer than two runs, or one has no picture in the part.
        RunError: a run has kept no model.
    """
    names = [folder.name for folder in spec.run_dirs]
    if len(names) < 2:
        raise RequestError(
            "What was forgotten is told of runs that followed each other.",
            "Give a run that another one was made of first: see workbench teach, add-task, extend and train --from.",
        )
    resolved = [load_resolved(folder) for folder in spec.run_dirs]
    part = spec.part or common_part(resolved)
    documents = []
    for number, folder in enumerate(spec.run_dirs):
        yield Progress(what=COMPARING, done=number, total=len(names))
        documents.append((yield from answers_of(folder, spec.project_dir, part, control)))
        if control.ending:
            return
    tables = [load_table(folder / TABLE_FILE, spec.project_dir) for folder in spec.run_dirs]
    labelled = [_labels(table, part, spec) for table in tables]
    columns = list(_columns(labelled, [each["tasks"] for each in documents]))
    found = {"part": part, **document(names, columns)}
    yield Result(what="forgetting", document={**found, "sentence": conclude(found)})


Labels = dict[str, dict[str, str]]
"""{task: {picture: label text}}"""


def _labels(table: SampleTable, part: Part, spec: ForgettingSpec) -> tuple[Labels, Labels]:
    """The labels of a table's part, and those of all of its pictures."""
    names = picture_names(table.paths, spec.project_dir)
    judging = table.part == PARTS.index(part)
    return _labelled(table, names, judging), _labelled(table, names, np.ones(len(table), np.bool_))


def _labelled(table: SampleTable, names: Sequence[str], chosen: npt.NDArray[np.bool_]) -> Labels:
    found: Labels = {}
    for task, targets in table.targets.items():
        words = [TARGETS[table.kind(task)].words(text) for text in table.label_texts(task)]
        rows = np.flatnonzero(chosen & (targets != MISSING)).tolist()
        found[task] = {names[row]: words[targets[row]] for row in rows}
    return found


def _columns(labelled: Sequence[tuple[Labels, Labels]], documents: Sequence[Mapping[str, Any]]) -> Iterator[Column]:
    """What came with each run, as far as it judges."""
    for step, (judging, _) in enumerate(labelled):
        for task, labels in judging.items():
            came = [image for image in labels if not any(image in known.get(task, {}) for _, known in labelled[:step])]
            scored = [picture_scores(each[task]) if task in each else {} for each in documents[step:]]
            later = [
                set(scores) & set(part.get(task, {})) for scores, (part, _) in zip(scored, labelled[step:], strict=True)
            ]
            images = [image for image in came if all(image in each for each in later)]
            if not images:
                continue
            first = documents[step][task]
            known_labels = {label for _, known in labelled[:step] for label in known.get(task, {}).values()}
            fresh = dict.fromkeys(labels[image] for image in images if labels[image] not in known_labels)
            named = sorted(fresh) if first["kind"] == "single-label" and len(fresh) <= _NAMED else []
            yield Column(step, task, first["kind"], named, picture_rows(scored, images), grain(first))
