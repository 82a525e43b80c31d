"""Weights from one's own run: what stands behind `run:` in `backbone.weights`, and where its best model is."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from workbench.core.errors import RequestError, RunError

RUN = "run:"
BACKBONE_ONLY = ":backbone"
"""Behind a run's name: its heads are left, so that all tasks start anew on what its backbone has learned."""
BEST = Path("checkpoints", "best")
"""Where a run's folder holds its best model."""
MANIFEST = "manifest.json"
"""Of a checkpoint: the checksums of its files."""
_BEST = BEST / "weights.safetensors"


@dataclass(frozen=True)
class RunWeights:
    """The best model of a run.

    Attributes:
        folder: of the run.
        heads: whether heads of equal tasks come along.
    """

    folder: Path
    heads: bool

    @property
    def file(self) -> Path:
        """The weights of the whole network."""
        return self.folder / _BEST

    def spec(self, project_dir: Path) -> str:
        """What names this very run in `backbone.weights`, also after other runs have followed it."""
        own = _same(self.folder.parent, project_dir / "runs")
        name = self.folder.name if own else str(self.folder)
        return f"{RUN}{name}{'' if self.heads else BACKBONE_ONLY}"


def run_of(weights: str, project_dir: Path) -> RunWeights | None:
    """The run that `backbone.weights` names; None where the weights come from elsewhere.

    Raises:
        RequestError: there is no such run, or it has kept no model.
    """
    return find_run_weights(weights.removeprefix(RUN), project_dir) if weights.startswith(RUN) else None


def find_run_weights(wanted: str, project_dir: Path) -> RunWeights:
    """What `run:WANTED` means.

    Args:
        wanted: a run's name, its number, `latest` (the latest that has kept a model) or the path of a run's folder,
            relative to the project; with `:backbone` behind it, only the backbone.

    Raises:
        RequestError: there is no such run, or it has kept no model.
    """
    name = wanted.removesuffix(BACKBONE_ONLY)
    if not name:
        raise RequestError("The weights run: name no run.", "Write run: and a run's name, its number or latest.")
    folder = _by_path(name, project_dir) if is_path(name) else _by_name(name, project_dir / "runs")
    found = RunWeights(folder, heads=name == wanted)
    if not found.file.is_file():
        raise RequestError(f"Run {folder.name} has kept no model.", "Choose another run, or train it further.")
    return found


def is_path(name: str) -> bool:
    """Whether it is the path of a run's folder rather than a name, a number or `latest`."""
    return "/" in name or os.sep in name or (os.altsep or "/") in name


def fingerprint(folder: Path) -> str:
    """Changes whenever the checkpoint in the folder is another one.

    Raises:
        RunError: there is none.
    """
    try:
        return sha256((folder / MANIFEST).read_bytes()).hexdigest()
    except OSError as error:
        run = folder.parent.parent.name
        raise RunError(f"Run {run} has kept no model.", "Train again, or choose another run.") from error


def _by_path(name: str, project_dir: Path) -> Path:
    path = Path(os.path.normpath(project_dir / Path(name).expanduser()))
    if not path.is_dir():
        raise RequestError(f"There is no folder {path}.", "Give the path of a run: run:PROJECT/runs/001-balanced.")
    return path


def _by_name(name: str, runs: Path) -> Path:
    found = sorted(path for path in runs.glob("[0-9][0-9][0-9]*-*") if path.is_dir())
    ordered = sorted(found, key=lambda path: (_number(path.name), path.name))
    if name == "latest":
        kept = [path for path in ordered if (path / _BEST).is_file()]
        if not kept:
            raise RequestError("No run of this project has kept a model yet.", "Train first, or choose other weights.")
        return kept[-1]
    for path in ordered:
        if name == path.name or (name.isdigit() and int(name) == _number(path.name)):
            return path
    known = ", ".join(path.name for path in ordered[-8:]) or "none yet"
    raise RequestError(f"There is no run {name}.", f"The runs are: {known}.")


def _number(name: str) -> int:
    found = re.match(r"\d+", name)
    return int(found[0]) if found else 0


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
