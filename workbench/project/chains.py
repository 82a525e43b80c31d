"""Runs that followed each other: each was made of the one before it, or began with what that one had learned."""

from __future__ import annotations

from pathlib import Path

from workbench.core.errors import RequestError, RunError
from workbench.core.resolved import load_resolved
from workbench.core.run_weights import run_of
from workbench.project.runs import RunInfo, read_run, run_names


def chain(project_dir: Path, info: RunInfo) -> list[RunInfo]:
    """The runs of a project that led to a run, the oldest first, itself last."""
    found, known = [info], set(run_names(project_dir))
    while True:
        before = _origin(project_dir, found[0].folder)
        if before is None or before not in known or any(before == each.run for each in found):
            return found
        found.insert(0, read_run(project_dir, before))


def _origin(project_dir: Path, folder: Path) -> str | None:
    """The name of the run that a run was made of or began with; None where there is none any more."""
    try:
        resolved = load_resolved(folder)
        if resolved.derived is not None:
            return resolved.derived.origins[0]
        began = run_of(resolved.project.backbone.weights, project_dir)
    except (RequestError, RunError):
        return None
    return None if began is None or began.folder.parent != project_dir / "runs" else began.folder.name
