"""What `evaluate` says, turned into arrays once, so that 100,000 pictures are sorted and filtered at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core.specs import PARTS
from workbench.gui.pages.results.patient_json import read_patiently
from workbench.gui.pages.results.scored import RESULTS, TaskResult


@dataclass(frozen=True)
class Evaluation:
    """A whole document of `evaluate`."""

    run: str
    part: str
    tasks: dict[str, TaskResult]


def parse(document: dict[str, Any]) -> Evaluation:
    """Read a document.

    Raises:
        ValueError: it is not what `evaluate` prints.
    """
    try:
        tasks = {name: RESULTS[task["kind"]].read(name, task) for name, task in document["tasks"].items()}
        return Evaluation(str(document["run"]), str(document["part"]), tasks)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"The results of this run cannot be read: {error!r}.") from error


def load(run_dir: Path, part: str) -> Evaluation | None:
    """The stored evaluation of one part of a run; None where there is none yet. Slow for many pictures."""
    document = _stored(run_dir, f"metrics-{part}.json")
    return None if document is None else parse(document)


def _stored(run_dir: Path, name: str) -> dict[str, Any] | None:
    try:
        text = (run_dir / "results" / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    document: dict[str, Any] = read_patiently(text)
    return document


def stored_parts(run_dir: Path) -> list[str]:
    """Which parts of a run have stored results."""
    return [part for part in PARTS if (run_dir / "results" / f"metrics-{part}.json").exists()]


def resolve(image: str, project_dir: Path) -> Path:
    """The picture's path: as written where absolute, else inside the project."""
    return project_dir / image
