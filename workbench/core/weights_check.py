"""Refusing weights that cannot be had, before anything is read or downloaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workbench.core import catalogue
from workbench.core.errors import RequestError
from workbench.core.run_weights import find_run_weights


def check_weights(name: str, weights: str, project_dir: Path) -> None:
    """Refuse weights that a backbone cannot take; a file's content is looked at when it is loaded.

    Raises:
        RequestError: there is no such starter, version, file or run.
    """
    kind, _, rest = weights.partition(":")
    if kind in _CHECKS:
        _CHECKS[kind](name, rest, project_dir)
    elif weights != "none":
        catalogue.version_or_refuse(name, weights)


def _starter(name: str, rest: str, project_dir: Path) -> None:
    catalogue.starter_or_refuse(name)


def _file(name: str, rest: str, project_dir: Path) -> None:
    if not rest:
        raise RequestError("The weights file: name no file.", "Write file: and the path of the file.")
    if not (project_dir / Path(rest).expanduser()).is_file():
        raise RequestError(f"`backbone.weights` = 'file:{rest}': there is no such file.", "Correct the path.")


def _run(name: str, rest: str, project_dir: Path) -> None:
    find_run_weights(rest, project_dir)


_CHECKS: dict[str, Callable[[str, str, Path], None]] = {"starter": _starter, "file": _file, "run": _run}
