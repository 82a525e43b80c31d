"""The runs of a verdict, and the folder that keeps what they came to."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core.events import Epoch, to_json
from workbench.core.files import write_atomically
from workbench.core.kinds import KINDS
from workbench.core.specs import Part

PLAN_FILE = "plan.json"
TABLE_FILE = "table.csv"
DONE_FILE = "done.json"
EPOCHS_FILE = "epochs.jsonl"
_CHIEF = tuple(facts.metric for facts in KINDS.values())
"""Metrics by which a task is judged; of each kind of task one is among its own."""


@dataclass(frozen=True)
class TrialRun:
    """One run; `name` is its folder, `title` what people read.

    Attributes:
        tasks: that it trains.
        way: how it is trained, where runs differ in that.
        share: of the training pictures that it learns from.
    """

    name: str
    title: str
    tasks: tuple[str, ...]
    seed: int
    way: str = ""
    share: float = 1.0

    @property
    def like(self) -> tuple[tuple[str, ...], str, float]:
        """Equal for runs that differ in their seeds alone, and so take about as long."""
        return self.tasks, self.way, self.share


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


class TrialsFolder:
    """`verdicts/NNN` or `transfers/NNN`: the plan, the table, a folder for each run, and in the end what they say."""

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

    def table_of(self, share: float) -> Path:
        """The table with a share of the training pictures."""
        return self.table if share == 1.0 else self.table.with_name(f"table-{share:.3g}.csv")

    def run_dir(self, run: TrialRun) -> Path:
        """The folder of a run."""
        return self.folder / run.name

    def done(self, run: TrialRun) -> Done | None:
        """What a run cost; None where it has not finished."""
        facts = _read(self.run_dir(run) / DONE_FILE)
        return None if facts is None else Done(**facts)

    def note_epoch(self, run: TrialRun, epoch: Epoch) -> None:
        """Keep what validation says after an epoch; one that is done again replaces what was said before."""
        scores = {
            task: next((metrics[name] for name in _CHIEF if metrics.get(name) is not None), None)
            for task, metrics in epoch.validation.items()
        }
        point = {"epoch": epoch.epoch, "score": epoch.score, "tasks": scores}
        with open(self.run_dir(run) / EPOCHS_FILE, "a", encoding="utf-8") as file:
            file.write(to_json(point) + "\n")

    def epochs(self, run: TrialRun) -> dict[int, dict[str, Any]]:
        """What `note_epoch` kept, by epoch.

        Raises:
            OSError: there is nothing.
        """
        found = {}
        for line in (self.run_dir(run) / EPOCHS_FILE).read_text(encoding="utf-8").splitlines():
            point = _parsed(line)
            if point is not None:  # a crash may have torn one
                found[int(point["epoch"])] = point
        return found

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
        return _parsed(path.read_text(encoding="utf-8"))
    except OSError:
        return None


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        facts = json.loads(text)
    except ValueError:
        return None
    return facts if isinstance(facts, dict) else None
