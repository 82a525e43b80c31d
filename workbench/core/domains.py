"""What a distance between two domains means, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench.core.errors import RequestError
from workbench.core.parsing import unused_name

NEAR, FAR = 0.5, 1.5
"""Below the first and from the second on, a proxy A-distance is called small and large."""


def apart(distance: Mapping[str, Any]) -> str:
    """What a distance says, in half a sentence."""
    if distance["interval"][0] <= 0.0:
        return "the model cannot tell the two apart; adapting has little to gain"
    value = distance["value"]
    if value < NEAR:
        return "the two are close, as the model sees them"
    if value < FAR:
        return "the model sees a clear difference"
    return "the model tells nearly every picture's domain"


def domain_folders(folders: Sequence[Path], parent: Path | None) -> tuple[tuple[str, Path], ...]:
    """Name and absolute folder of each domain: those given, or those in `parent`; two of one name get a number.

    Raises:
        RequestError: one is no folder.
    """
    given = [path.absolute() for path in folders]
    if parent is not None:
        if not parent.is_dir():
            raise RequestError(f"There is no folder {parent}.", "Give the folder whose folders are the domains.")
        given += sorted(path for path in parent.absolute().iterdir() if path.is_dir() and path.name[:1] != ".")
    found: dict[str, Path] = {}
    for path in given:
        if not path.is_dir():
            raise RequestError(f"There is no folder {path}.", "Give a folder of class folders for each domain.")
        found[unused_name(path.name, list(found))] = path
    return tuple(found.items())
