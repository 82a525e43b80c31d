"""The sample table as a CSV file, as a run keeps it."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import numpy as np

from workbench.core.errors import RunError
from workbench.core.files import write_atomically
from workbench.core.specs import PARTS
from workbench.engine.data.sample_table import MISSING, SampleTable, Unreadable

_COLUMNS = ["path", "part", "width", "height", "bytes", "copies"]
_LEFT_OUT = "left out"
_FACTS = "#"
_LONGEST_CELL = 2**30
"""The facts stand in one cell."""

_NO_LABEL = "\x1f"
"""The cell of a picture that explicitly has no label; an empty cell is a missing one."""


def save_table(table: SampleTable, path: Path, project_dir: Path) -> None:
    """Write one line for each picture, then one for each that was left out, then one of facts as JSON."""
    base = os.path.abspath(project_dir)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*_COLUMNS, *(f"task.{task}" for task in table.tasks)])
    columns = []
    for task in table.tasks:
        cells = [*(text or _NO_LABEL for text in _portable_labels(table, task, base)), ""]
        columns.append([cells[target] for target in table.targets[task].tolist()])
    facts = zip(
        table.paths,
        table.part.tolist(),
        table.sizes.tolist(),
        table.bytes.tolist(),
        table.copies.tolist(),
        *columns,
        strict=True,
    )
    for picture, part, (width, height), size, copies, *labels in facts:
        writer.writerow([_portable(picture, base), PARTS[part], width, height, size, copies, *labels])
    for left in table.unreadable:
        tasks = ["?" if task in left.tasks else "" for task in table.tasks]
        writer.writerow([_portable(left.path, base), _LEFT_OUT, left.reason, left.what, "", "", *tasks])
    more = {
        "classes": table.classes,
        "empty": table.empty,
        "kinds": table.kinds,
        "labels": {task: _portable_labels(table, task, base) for task in table.labels},
        "mask_values": table.mask_values,
        "mask_pixels": {task: pixels.tolist() for task, pixels in table.mask_pixels.items()},
    }
    writer.writerow([_FACTS, json.dumps(more)])
    write_atomically(path, stream.getvalue().encode("utf-8", "surrogateescape"))


def load_table(path: Path, project_dir: Path) -> SampleTable:
    """Read what `save_table` wrote.

    Raises:
        RunError: the file is missing or is no such table.
    """
    try:
        csv.field_size_limit(_LONGEST_CELL)
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        header, *lines = csv.reader(io.StringIO(text, newline=""))
        return _parse(header, lines, os.path.abspath(project_dir))
    except FileNotFoundError as error:
        raise RunError(f"{path} is missing.", "Train again, or choose another run.") from error
    except (ValueError, LookupError, csv.Error) as error:
        raise RunError(f"{path} is damaged.", "Train again, or choose another run.") from error


def _parse(header: list[str], lines: list[list[str]], base: str) -> SampleTable:
    if header[: len(_COLUMNS)] != _COLUMNS or lines[-1][0] != _FACTS:
        raise ValueError("not a sample table")
    facts = json.loads(lines.pop()[1])
    tasks = [name.removeprefix("task.") for name in header[len(_COLUMNS) :]]
    kept = [line for line in lines if line[1] != _LEFT_OUT]
    left = [line for line in lines if line[1] == _LEFT_OUT]
    numbers = np.array([line[2:6] for line in kept], dtype=np.int64).reshape(-1, 4)
    targets = {}
    kinds, texts = facts.get("kinds", {}), facts.get("labels", {})
    for at, task in enumerate(tasks, start=len(_COLUMNS)):
        names = texts.get(task, facts["classes"][task])
        index = {"": MISSING, **{name or _NO_LABEL: number for number, name in enumerate(names)}}
        targets[task] = np.array([index[line[at]] for line in kept], dtype=np.int64)
    return SampleTable(
        paths=[_here(line[0], base) for line in kept],
        part=np.array([PARTS.index(line[1]) for line in kept], dtype=np.int8),
        targets=targets,
        classes={task: list(facts["classes"][task]) for task in tasks},
        sizes=numbers[:, :2].astype(np.int32),
        bytes=numbers[:, 2],
        copies=numbers[:, 3],
        unreadable=[
            Unreadable(
                _here(line[0], base),
                line[2],
                tuple(task for task, mark in zip(tasks, line[len(_COLUMNS) :], strict=True) if mark),
                "mask" if line[3] == "mask" else "picture",
            )
            for line in left
        ],
        empty={task: int(count) for task, count in facts["empty"].items()},
        kinds=kinds,
        labels={
            task: [str(_here(name, base)) for name in names] if kinds.get(task) == "mask" else list(names)
            for task, names in texts.items()
        },
        mask_values=facts.get("mask_values", {}),
        mask_pixels={
            task: np.array(pixels, dtype=np.int64).reshape(len(texts[task]), len(facts["classes"][task]))
            for task, pixels in facts.get("mask_pixels", {}).items()
        },
    )


def _portable_labels(table: SampleTable, task: str, base: str) -> list[str]:
    """The label texts of a task; those of masks are paths."""
    texts = table.label_texts(task)
    return [_portable(text, base) for text in texts] if table.kind(task) == "mask" else texts


def _portable(path: Path | str, base: str) -> str:
    """Relative to the project, with forward slashes, where the file lies inside it; else absolute."""
    text = str(path)
    if text.startswith(base + os.sep):
        return text[len(base) + 1 :].replace(os.sep, "/")
    return text


def _here(text: str, base: str) -> Path:
    return Path(text) if os.path.isabs(text) else Path(base, *text.split("/"))
