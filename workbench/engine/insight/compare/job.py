"""The `compare` job: what runs scored on the same pictures, and whether they differ by more than chance."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Result
from workbench.core.resolved import Resolved, load_resolved
from workbench.core.specs import CompareSpec, EvaluateSpec, Part
from workbench.engine.insight.compare.judge import judge
from workbench.engine.insight.evaluate import evaluate


def compare(spec: CompareSpec, control: Control) -> Iterator[Event]:
    """Compare runs by what they answered on one part; what no run has answered yet is scored first, and not stored.

    Yields:
        Progress and Notices while pictures are scored, and one Result "compare". Where it is told to end, no Result.

    Raises:
        RequestError: there are fewer than two runs, one is named twice, or one has no picture in that part.
        RunError: a run has kept no model, or was never set up.
    """
    names = [folder.name for folder in spec.run_dirs]
    if len(set(names)) < 2 or len(set(names)) < len(names):
        raise RequestError("Two different runs or more can be compared.", "Name each run once.")
    resolved = {folder.name: load_resolved(folder) for folder in spec.run_dirs}
    part = spec.part or common_part(list(resolved.values()))
    documents: dict[str, Any] = {}
    for folder in spec.run_dirs:
        documents[folder.name] = yield from answers_of(folder, spec.project_dir, part, control)
        if control.ending:
            return
    settings = {run: facts.project.written() for run, facts in resolved.items()}
    data = {run: facts.data_key for run, facts in resolved.items()}
    derived = {run: facts.derived.words for run, facts in resolved.items() if facts.derived is not None}
    document = yield from judge(part, settings, data, documents, control, spec.most, derived)
    if not control.ending:
        yield Result(what="compare", document=document)


def answers_of(folder: Path, project_dir: Path, part: Part, control: Control) -> Generator[Event, None, dict[str, Any]]:
    """What `evaluate` says of a run's part: as the run has left it, else scored now. Nothing where it was told to end.

    Raises:
        RequestError: the run has no picture in that part.
        RunError: the run has kept no model.
    """
    return _stored(folder, part) or (yield from _scored(project_dir, folder, part, control))


def common_part(runs: list[Resolved]) -> Part:
    """The test part where every run has one, else the validation part."""
    tested = all(any(task.counts.get("test") for task in run.tasks) for run in runs)
    return "test" if tested else "validation"


def _stored(folder: Path, part: Part) -> dict[str, Any] | None:
    """What the run itself has left; None where it has not answered that part."""
    try:
        document: dict[str, Any] = json.loads((folder / "results" / f"metrics-{part}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document


def _scored(project_dir: Path, folder: Path, part: Part, control: Control) -> Generator[Event, None, dict[str, Any]]:
    wanted = EvaluateSpec(project_dir=project_dir, run_dir=folder, run=folder.name, part=part)
    document: dict[str, Any] = {}
    for event in evaluate(wanted, control):
        if isinstance(event, Result):
            document = event.document
        else:
            yield event
    return document
