"""`labels.toml` of a project: decisions about single labels, written one at a time so that each can be undone."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import tomli_w

from workbench.core.corrections import CORRECTIONS_FILE, Correction, read_corrections
from workbench.core.errors import RequestError
from workbench.core.files import write_atomically
from workbench.project.runs import RunInfo


def picture_name(picture: Path, folder: Path) -> str:
    """How a picture is named there: relative to the project where it lies inside, else absolute."""
    path, base = os.path.abspath(picture), os.path.abspath(folder) + os.sep
    return path[len(base) :].replace(os.sep, "/") if path.startswith(base) else path


def decide(folder: Path, correction: Correction) -> None:
    """Write a decision; an earlier one about the same picture and task goes.

    Raises:
        RequestError: the file cannot be read or written.
    """
    _write(folder, [*_others(folder, correction.picture, correction.task), correction])


def restore(folder: Path, picture: str, task: str) -> bool:
    """Forget what was decided about a picture and a task; whether there was anything.

    Raises:
        RequestError: the file cannot be read or written.
    """
    before = read_corrections(folder).decided
    others = _others(folder, picture, task)
    if len(others) == len(before):
        return False
    _write(folder, others)
    return True


def corrected_since(folder: Path, run: RunInfo) -> bool:
    """Whether runs like one would learn from other labels, since other ones are decided now than when it began.

    Raises:
        RequestError: the file cannot be read.
    """
    tasks = [str(task["name"]) for task in run.settings.get("tasks", [])]
    return run.corrections is not None and read_corrections(folder).digest(tasks) != run.corrections


def _others(folder: Path, picture: str, task: str) -> list[Correction]:
    return [each for each in read_corrections(folder).decided if (each.picture, each.task) != (picture, task)]


def _write(folder: Path, corrections: Iterable[Correction]) -> None:
    tables = [f"[[corrections]]\n{tomli_w.dumps(each.model_dump(exclude_defaults=True))}" for each in corrections]
    path = folder / CORRECTIONS_FILE
    try:
        if tables:
            write_atomically(path, "\n".join([tomli_w.dumps({"format": 1}), *tables]))
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise RequestError(
            f"{path} cannot be written: {error.strerror or error}.", "Choose a folder that you may write to."
        ) from error
