"""Further pictures without any label, beside those of a sample table."""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice
from workbench.core.parsing import resolve_source
from workbench.core.specs import PARTS
from workbench.engine.data.copies import find_copies
from workbench.engine.data.headers import read_header
from workbench.engine.data.image_files import PathResolver, walk_pictures
from workbench.engine.data.parallel import for_each
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.unreadable import UnreadableImage
from workbench.engine.data.words import pictures

_Facts = tuple[int, int, int]
"""Width, height, bytes."""
_Picture = tuple[str, _Facts]


def with_unlabelled(
    table: SampleTable, folder: str, project_dir: Path, control: Control
) -> Generator[Event, None, SampleTable]:
    """The table with every picture under a folder behind it, in the training part and without a label.

    Pictures that the table has already, by path or by bytes, are left out: those that validate or test stay unseen.

    Args:
        folder: absolute, or relative to the project.

    Raises:
        RequestError: there is no such folder, or none of its pictures is both new and readable.
    """
    names = _listed(folder, project_dir)
    fresh = yield from _new_ones(table, names, control)
    if control.ending:
        return table
    chosen = yield from _without_copies(table, fresh, control)
    if not chosen:
        raise RequestError(
            f"{folder} holds no picture that can be read and that the project does not have already.",
            "Choose another folder as transfer.unlabelled, or leave it empty.",
        )
    left = len(names) - len(chosen)
    text = f"{pictures(len(chosen))} without labels from {os.path.basename(os.path.normpath(folder))}"
    yield Notice(
        level="info", text=f"{text}; {pictures(left)} there are known already or unreadable." if left else f"{text}."
    )
    return _longer(table, chosen)


def _listed(folder: str, project_dir: Path) -> list[str]:
    path = resolve_source(folder, project_dir)
    try:
        return list(walk_pictures(str(path)))
    except OSError as error:
        raise RequestError(
            f"{path} cannot be read: {error.strerror or error}.", "Choose another folder as transfer.unlabelled."
        ) from error


def _new_ones(table: SampleTable, names: list[str], control: Control) -> Generator[Event, None, list[_Picture]]:
    """Those that can be read and whose files the table does not name."""
    found = yield from for_each("reading pictures without labels", names, _facts, control)
    resolve = PathResolver()
    known = {resolve(str(path)) for path in table.paths}
    kept = {resolve(name): (name, facts) for name, facts in zip(names, found, strict=False) if facts is not None}
    return [picture for real, picture in kept.items() if real not in known]


def _without_copies(
    table: SampleTable, fresh: list[_Picture], control: Control
) -> Generator[Event, None, list[_Picture]]:
    """Those whose bytes no picture of the table, and none before them, has."""
    paths = [*map(str, table.paths), *(name for name, _ in fresh)]
    sizes = np.concatenate([table.bytes, np.array([facts[2] for _, facts in fresh], np.int64)])
    numbers = yield from find_copies(paths, sizes, control)
    first = len(table)
    return [picture for at, picture in enumerate(fresh, start=first) if numbers[at] == at]


def _facts(name: str) -> _Facts | None:
    try:
        return (*read_header(name), os.path.getsize(name))
    except (UnreadableImage, OSError):
        return None


def _longer(table: SampleTable, fresh: list[_Picture]) -> SampleTable:
    count = len(fresh)
    numbers = np.array([facts for _, facts in fresh], np.int64).reshape(-1, 3)
    missing = np.full(count, MISSING, np.int64)
    after = int(table.copies.max(initial=-1)) + 1 + np.arange(count, dtype=np.int64)
    groups = None
    if table.groups is not None:
        groups = np.concatenate(
            [table.groups, int(table.groups.max(initial=-1)) + 1 + np.arange(count, dtype=np.int64)]
        )
    return replace(
        table,
        paths=[*table.paths, *(Path(name) for name, _ in fresh)],
        part=np.concatenate([table.part, np.full(count, PARTS.index("train"), np.int8)]),
        targets={task: np.concatenate([values, missing]) for task, values in table.targets.items()},
        sizes=np.concatenate([table.sizes, numbers[:, :2].astype(np.int32)]),
        bytes=np.concatenate([table.bytes, numbers[:, 2]]),
        copies=np.concatenate([table.copies, after]),
        groups=groups,
    )
