"""Backbones as they are typed, NAME or NAME@WEIGHTS, and how many pictures they are looked at with."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from workbench.core import catalogue
from workbench.core.advice import FEWEST_IMAGES, Candidate
from workbench.core.errors import RequestError
from workbench.core.weights_check import check_weights

_FILE = "file:"


def add_images_argument(parser: argparse.ArgumentParser, default: int) -> None:
    """`--images`."""
    parser.add_argument(
        "--images",
        metavar="N",
        type=int,
        default=default,
        help=f"how many training pictures to look at, at most (default: {default})",
    )


def images_asked(args: argparse.Namespace) -> int:
    """What `--images` says.

    Raises:
        RequestError: they are too few.
    """
    images: int = args.images
    if images < FEWEST_IMAGES:
        raise RequestError(f"--images {images} are too few.", f"Give {FEWEST_IMAGES} or more.")
    return images


def backbones_typed(text: str, option: str, project_dir: Path) -> tuple[Candidate, ...]:
    """The backbones of a text with commas between them; weights that are not written are those that it begins with.

    Raises:
        RequestError: a backbone is not known, or there are no such weights of it.
    """
    pieces = [piece for piece in _pieces(text, project_dir) if piece]
    if not pieces:
        raise RequestError(f"{option} names no backbone.", f"Write for example {option} resnet18,mobilenet_v2.")
    return tuple(dict.fromkeys(_candidate(piece, option, project_dir) for piece in pieces))


def _pieces(text: str, project_dir: Path) -> Iterator[str]:
    """What stands between the commas; those in the path of a file that is there separate nothing."""
    parts = text.split(",")
    while parts:
        joined = (",".join(parts[:end]).strip() for end in range(1, len(parts) + 1))
        whole = (end for end, piece in enumerate(joined, start=1) if _file(piece.partition("@")[2], project_dir))
        end = next(whole, 1) if _FILE in parts[0] else 1
        yield ",".join(parts[:end]).strip()
        del parts[:end]


def _candidate(text: str, option: str, project_dir: Path) -> Candidate:
    name, _, weights = text.partition("@")
    catalogue.get(name)
    weights = _absolute(weights, option, project_dir) or catalogue.default_weights(name)
    check_weights(name, weights, project_dir)
    return Candidate(name, weights)


def _absolute(weights: str, option: str, project_dir: Path) -> str:
    """Weights of a file by its whole path."""
    if not weights.startswith(_FILE):
        return weights
    path = _file(weights, project_dir)
    if path is None:
        raise RequestError(f"{option}: there is no file {weights.removeprefix(_FILE) or weights}.", "Check the path.")
    return _FILE + os.path.abspath(path)


def _file(weights: str, project_dir: Path) -> Path | None:
    """The file that weights name: relative to the current folder, or as `project.toml` would have it."""
    path = os.path.expanduser(weights.removeprefix(_FILE)) if weights.startswith(_FILE) else ""
    return next((place / path for place in (Path(), project_dir) if path and (place / path).is_file()), None)
