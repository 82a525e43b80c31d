"""`transfer PROJECT`: what pretraining is worth, found out by training with and without it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from workbench.cli.common import add_project_argument, add_set_argument, with_assignments
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.cli.tables import aligned
from workbench.cli.trials import recorded
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.specs import TransferSpec
from workbench.core.text import duration, minus, percent, several, signed
from workbench.core.transfer_ways import FRACTIONS, MOST_SEEDS, SEEDS, WAYS, base, told
from workbench.core.verdict import is_error, recipe_key
from workbench.project.store import ProjectFile, trainable_or_refuse
from workbench.project.trials import TRANSFERS, new_trials, trials_lock, unfinished_trials

_WORDS = {"better": "better", "noise": "within noise", "worse": "worse"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument(
        "--seeds", type=int, default=SEEDS, metavar="N", help=f"runs of each way, 1 to {MOST_SEEDS} (default: {SEEDS})"
    )
    parser.add_argument(
        "--fractions",
        metavar="F,F",
        help="shares of the training pictures that every way is tried on as well, or none (default: "
        f"{','.join(f'{each:g}' for each in FRACTIONS)} for all ways where that is cheap, else for the frozen one)",
    )
    add_set_argument(parser, "for this report only")
    add_output_arguments(parser)


class Job(CommandJob):
    """Starts a report, or goes on with one of the same recipe."""

    def events(self, control: Control) -> Iterator[Event]:
        file = ProjectFile.read(self.args.project)
        project = with_assignments(file.project, self.args.assignments)
        trainable_or_refuse(project)
        info = unfinished_trials(TRANSFERS, file.folder, recipe_key(base(project))) or new_trials(
            TRANSFERS, file.folder
        )
        spec = TransferSpec(
            project=project,
            project_dir=file.folder,
            transfer_dir=info.folder,
            transfer=info.name,
            seeds=self.args.seeds,
            fractions=self._fractions(),
        )
        with trials_lock(file.folder, info):
            yield from recorded("transfer", spec, info.name, info.folder, control)

    def describe(self, document: dict[str, Any]) -> str:
        lines = [
            f"{document['transfer']}: {document['backbone']} ({document['weights']}), "
            f"{several(document['epochs'], 'epoch')} each, {several(len(document['seeds']), 'seed')}."
        ]
        for name, task in document["tasks"].items():
            lines.append(f"{name}, {task['score']} on {task['pictures']} {task['part']} pictures, 95 % intervals:")
            rows = [[f"  {told(way, document['freeze'])}", *_cells(task, way)] for way in WAYS]
            lines += aligned([["  ", "score", "", "beside random weights", "", ""], *rows], left=1)
            lines += _sizes(task)
        seconds = ", ".join(f"{told(way, document['freeze'])} {duration(document['seconds'][way])}" for way in WAYS)
        return "\n".join([*lines, f"Training took: {seconds}.", document["sentence"]])

    def _fractions(self) -> tuple[float, ...] | None:
        if self.args.fractions is None:
            return None
        if self.args.fractions == "none":
            return ()
        try:
            return tuple(float(text) for text in self.args.fractions.split(","))
        except ValueError as error:
            raise RequestError(
                f"--fractions {self.args.fractions} is no list of numbers.", "Write for example --fractions 0.25,0.5."
            ) from error


def _cells(task: dict[str, Any], way: str) -> list[str]:
    found, error = task["ways"][way], is_error(task["kind"])
    cells = [_value(found["score"], error), _ends(found["interval"], error)]
    if "difference" not in found:
        return [*cells, "", "", ""]
    change = signed(found["difference"], ".3g") if error else f"{signed(100 * found['difference'])} points"
    ends = found["difference_interval"]
    between = "" if not ends else " to ".join(signed(end, ".3g") if error else signed(100 * end) for end in ends)
    return [*cells, change, between, _WORDS[found["conclusion"]]]


def _sizes(task: dict[str, Any]) -> list[str]:
    """Scores against the number of training pictures, where fewer of them were tried."""
    if len(task["sizes"]) < 2:
        return []
    error = is_error(task["kind"])
    rows = [["  training pictures", *(str(each["pictures"]) for each in task["sizes"])]]
    for way in WAYS:
        found = [each["ways"].get(way) for each in task["sizes"]]
        if sum(each is not None for each in found) > 1:
            rows.append([f"  {way}", *("" if each is None else _value(each["score"], error) for each in found)])
    return aligned(rows, left=1)


def _value(score: float | None, error: bool) -> str:
    return "–" if score is None else minus(f"{score:.4g}") if error else percent(score)


def _ends(ends: list[float] | None, error: bool) -> str:
    return "" if not ends else " to ".join(_value(end, error) for end in ends)
