"""The runs of a verdict, and the folder that keeps what they came to."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core.events import to_json
from workbench.core.files import write_atomically
from workbench.core.specs import Part

PLAN_FILE = "plan.json"
TABLE_FILE = "table.csv"
DONE_FILE = "done.json"


@dataclass(frozen=True)
class TrialRun:
    """One run: all tasks together, or one of them alone; `name` is its folder, `title` what people read."""

    name: str
    title: str
    tasks: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class Done:
    """What a run cost: seconds, epochs, training pictures."""

    elapsed_s: float
    epochs: int
    pictures: int


def trial_runs(tasks: Sequence[str], seeds: Sequence[int]) -> list[TrialRun]:
    """The runs in their order: for each seed together, then each alone, so that every seed done tells something."""
    runs = []
    for seed in seeds:
        runs.append(TrialRun(f"together-seed{seed}", f"together, seed {seed}", tuple(tasks), seed))
        for place, task in enumerate(tasks, start=1):
            runs.append(TrialRun(f"alone{place:02d}-seed{seed}", f"{task} alone, seed {seed}", (task,), seed))
    return runs


class VerdictFolder:
    """`verdicts/NNN`: the plan, the table, a folder for each run, and in the end the verdict."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.table = folder / TABLE_FILE

    def begin(self, plan: dict[str, Any]) -> bool:
        """Take a plan; runs that were made for another recipe or other pictures go. Whether any went."""
        old = _read(self.folder / PLAN_FILE)
        same = old is not None and all(old.get(key) == plan[key] for key in ("recipe", "data_hash", "tasks"))
        went = False
        if not same:
            for path in self.folder.glob("*-seed*"):
                went |= path.is_dir()
                shutil.rmtree(path)
        write_atomically(self.folder / PLAN_FILE, to_json({**plan, "started": (old or plan)["started"]}, indent=1))
        return went

    def run_dir(self, run: TrialRun) -> Path:
        """The folder of a run."""
        return self.folder / run.name

    def done(self, run: TrialRun) -> Done | None:
        """What a run cost; None where it has not finished."""
        facts = _read(self.run_dir(run) / DONE_FILE)
        return None if facts is None else Done(**facts)

    def finish(self, run: TrialRun, done: Done) -> None:
        """Mark a run as finished; its checkpoints are not needed any more."""
        folder = self.run_dir(run)
        write_atomically(folder / DONE_FILE, to_json(vars(done)))
        shutil.rmtree(folder / "checkpoints", ignore_errors=True)

    def task_document(self, run: TrialRun, task: str, part: Part) -> dict[str, Any]:
        """What `evaluate` says of one task of a finished run.

        Raises:
            OSError, ValueError, KeyError: the run has no such results.
        """
        text = (self.run_dir(run) / "results" / f"metrics-{part}.json").read_text(encoding="utf-8")
        document: dict[str, Any] = json.loads(text)["tasks"][task]
        return document


def _read(path: Path) -> dict[str, Any] | None:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, dict) else None
