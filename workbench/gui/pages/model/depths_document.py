"""What was measured at every freeze depth of a backbone, as `ladder` prints it and as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core.advice import ladder_file
from workbench.gui.pages.model.kept import read_kept
from workbench.gui.widgets.depth_scores import Depth, Score

_UNREADABLE = "What was measured of this backbone cannot be read, try again: {0}."


@dataclass(frozen=True)
class Depths:
    """What `ladder` says.

    Attributes:
        depths: with the first 0, 1, … stages frozen.
        suggestion: how many stages it advises to freeze; None where it cannot tell.
        reason: one sentence, why.
        basis: what it was measured on, to tell whether it still holds.
    """

    backbone: str
    weights: str
    images: int
    depths: tuple[Depth, ...]
    suggestion: int | None
    reason: str
    basis: Mapping[str, Any]

    @property
    def tasks(self) -> set[str]:
        """The tasks that it scores."""
        return {task for depth in self.depths for task in depth.scores}


def parse_depths(document: Mapping[str, Any]) -> Depths:
    """Read a document.

    Raises:
        ValueError: it is not what `ladder` prints.
    """
    try:
        rows = sorted(document["stages"], key=lambda row: row["freeze"])
        suggestion = document["suggestion"]
        return Depths(
            backbone=str(document["backbone"]),
            weights=str(document["weights"]),
            images=int(document["images"]),
            depths=tuple(_depth(row) for row in rows),
            suggestion=None if suggestion is None else int(suggestion),
            reason=str(document["reason"] or ""),
            basis=document,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(_UNREADABLE.format(repr(error))) from error


def read_depths(folder: Path, backbone: str) -> Depths | None:
    """What was measured of a backbone in a project before; None where nothing was.

    Raises:
        ValueError: the file is not what `ladder` writes.
        OSError: the file cannot be read.
    """
    document = read_kept(ladder_file(folder, backbone))
    return None if document is None else parse_depths(document)


def _depth(row: Mapping[str, Any]) -> Depth:
    scores = {
        task: Score(float(found["probe"]), float(found["standard_error"] or 0.0))
        for task, found in row["tasks"].items()
        if found["probe"] is not None
    }
    memory, step, pictures = (row.get(key) for key in ("memory_mb", "step_ms", "step_images"))
    return Depth(
        scores,
        memory_mb=None if memory is None else float(memory),
        step_ms=None if step is None else float(step),
        step_images=None if pictures is None else int(pictures),
        near_best=bool(row.get("within_noise")),
    )
