"""Labels as they were corrected in `labels.toml`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.core.corrections import CORRECTIONS_FILE, Correction, Corrections
from workbench.core.errors import RequestError
from workbench.core.project import Project, Task
from workbench.engine.data.sources import SourceReader
from workbench.engine.data.targets import MISSING, TARGETS
from workbench.engine.data.words import some

Ints = npt.NDArray[np.int64]
Decided = Mapping[str, Mapping[str, str | None]]
"""For each task by path the label text that takes the place of the given one; None: the picture is set aside."""


class Corrected(NamedTuple):
    """What came of the decisions about a task's labels: how many were carried out, and paths that it does not label."""

    relabelled: int
    aside: int
    strangers: list[str]


def decided_labels(project: Project, corrections: Corrections) -> dict[str, dict[str, str | None]]:
    """The decisions that change a label.

    Raises:
        RequestError: a label is none of its task's kind.
    """
    return {
        task.name: {path: _text(task, each) for path, each in corrections.of(task.name).items() if not each.keep}
        for task in project.tasks
    }


def label_text(task: Task, label: str) -> str:
    """A label, as a cell of a column would hold it, as the table holds it.

    Raises:
        RequestError: it is none of the task's kind.
    """
    if task.kind == "mask":
        raise RequestError(f"Task {task.name} asks for masks, which cannot be relabelled.", "Set the picture aside.")
    text = TARGETS[task.kind].read([label], task, lambda at: CORRECTIONS_FILE)[0]
    if text is None:
        raise RequestError(f"Task {task.name}: an empty label is none.", "Set the picture aside.")
    return text


def apply_corrections(
    kind: str,
    targets: Ints,
    labels: list[str],
    samples: Iterable[tuple[str, int]],
    decided: Mapping[str, str | None],
) -> tuple[Ints, list[str], Corrected]:
    """The targets (N,) and label texts of a task after its corrections, and what came of them.

    Args:
        samples: paths of the task's pictures, whichever source calls them so, with their places among the targets.
    """
    found = {place: path for path, place in samples if path in decided}
    texts = TARGETS[kind].sort([*labels, *(text for path in found.values() if (text := decided[path]) is not None)])
    number: dict[str | None, int] = {None: MISSING, **{text: at for at, text in enumerate(texts)}}
    moved = np.array([*(number[text] for text in labels), MISSING], np.int64)[targets]
    moved[list(found)] = [number[decided[path]] for path in found.values()]
    carried = set(found.values())
    aside = sum(decided[path] is None for path in carried)
    strangers = [path for path in decided if path not in carried]
    return moved, texts, Corrected(len(carried) - aside, aside, strangers)


def _text(task: Task, correction: Correction) -> str | None:
    return None if correction.aside else label_text(task, correction.label)


def refuse_unknown(project: Project, project_dir: Path, name: str, pictures: Iterable[Path], label: str | None) -> None:
    """Refuse pictures that no source names, and a label that none of a task's pictures has.

    Raises:
        RequestError: there is such a one, or a source cannot be read.
    """
    reader = SourceReader(project_dir)
    sources = {task.name: reader.read(task) for task in project.tasks}
    known = {path for source in sources.values() for path in source.paths}
    for picture in map(os.path.abspath, pictures):
        if picture not in known:
            raise RequestError(f"The project has no picture {picture}.", "Give its path as its source has it.")
    if label is None:
        return
    task, kind = project.task(name), TARGETS[project.task(name).kind]
    text = label_text(task, label)
    classes = kind.classes(kind.sort(each for each in sources[name].labels if each is not None))
    strange = [each for each in kind.classes([text]) if each not in classes]
    if strange:
        raise RequestError(f"Task {name} has no label {strange[0]}.", f"It has: {some(classes)}.")
