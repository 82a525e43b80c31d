"""Backbones as they are typed: NAME or NAME@WEIGHTS."""

from __future__ import annotations

import os
from pathlib import Path

from workbench.core import catalogue
from workbench.core.advice import Candidate
from workbench.core.errors import RequestError

_FILE = "file:"


def backbones_typed(text: str, option: str, project_dir: Path) -> tuple[Candidate, ...]:
    """The backbones of a text with commas between them; weights that are not written are those that it begins with.

    Raises:
        RequestError: a backbone is not known, or a file is not there.
    """
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    if not pieces:
        raise RequestError(f"{option} names no backbone.", f"Write for example {option} resnet18,mobilenet_v2.")
    return tuple(dict.fromkeys(_candidate(piece, option, project_dir) for piece in pieces))


def _candidate(text: str, option: str, project_dir: Path) -> Candidate:
    name, _, weights = text.partition("@")
    catalogue.get(name)
    return Candidate(name, _absolute(weights, option, project_dir) or catalogue.default_weights(name))


def _absolute(weights: str, option: str, project_dir: Path) -> str:
    """Weights of a file by its whole path: relative to the current folder, or as `project.toml` would have it."""
    if not weights.startswith(_FILE):
        return weights
    path = os.path.expanduser(weights.removeprefix(_FILE))
    for place in (Path(), project_dir):
        if path and (place / path).is_file():
            return _FILE + os.path.abspath(place / path)
    raise RequestError(f"{option}: there is no file {path or weights}.", "Check the path.")
