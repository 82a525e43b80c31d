"""The map of a run's pictures: the ways to draw one, where it lies, and whether it still holds."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from workbench.core.errors import RequestError
from workbench.core.run_weights import BEST, fingerprint

METHODS = {
    "pca": "the two directions in which the pictures differ most, at once",
    "tsne": "keeps near pictures near (t-SNE); minutes where there are thousands",
    "umap": "keeps near pictures near and shows more of how groups lie to each other (UMAP); minutes, too",
}
"""The ways to draw a map, each in a few words; the first needs nothing beside the program."""
_NEEDS = {"tsne": ("sklearn", "scikit-learn", "analysis"), "umap": ("umap", "umap-learn", "umap")}
"""What else each needs: the module, its package, and the extra that brings it."""
FOLDER = "map"


def lacking(method: str) -> str:
    """The package that a method lacks here; empty where it can be used."""
    module, package, _ = _NEEDS.get(method, ("", "", ""))
    return package if module and find_spec(module) is None else ""


def way_to_get(method: str) -> str:
    """The command that installs what a method lacks."""
    return f'pip install "finetune-workbench[{_NEEDS[method][2]}]"'


def check_method(method: str) -> None:
    """Refuse a method that cannot be used here.

    Raises:
        RequestError: what it lacks, and how to get it.
    """
    package = lacking(method)
    if package:
        raise RequestError(
            f"A map by {method} needs the package {package}, which is not installed.",
            f"Run {way_to_get(method)}, or draw it with --method pca.",
        )


def map_file(run_dir: Path, method: str) -> Path:
    """Where the map of all of a run's pictures lies."""
    return run_dir / FOLDER / f"{method}.json"


def still_holds(document: Mapping[str, Any], run_dir: Path, project_dir: Path) -> bool:
    """Whether a map is of the run's present model and of its pictures as they are."""
    paths = (os.path.join(project_dir, name) for name in document["images"])
    return bool(
        document["model"] == fingerprint(run_dir / BEST) and document["pictures"] == pictures_mark(paths)
    )


def pictures_mark(paths: Iterable[str]) -> str:
    """Changes whenever one of the files does: by its size and time of change."""
    digest = sha256()
    for path in paths:
        try:
            facts = os.stat(path)
        except OSError:
            digest.update(b"-\n")
        else:
            digest.update(f"{facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
