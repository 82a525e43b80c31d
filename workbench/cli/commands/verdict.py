"""`verdict PROJECT`: whether its tasks do better together or apart, found out by training both ways."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.cli.common import add_project_argument, add_set_argument, with_assignments
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.cli.trials import recorded
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.project import Project
from workbench.core.specs import VerdictSpec
from workbench.core.text import duration, percent, signed
from workbench.core.verdict import FEWEST_SEEDS, MOST_SEEDS, SEEDS, fair, is_error, recipe_key
from workbench.project.store import ProjectFile, trainable_or_refuse
from workbench.project.trials import VERDICTS, TrialsInfo, new_trials, trials_lock, unfinished_trials


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument(
        "--tasks", metavar="A,B", action="append", default=[], help="which tasks, two or more (default: all)"
    )
    parser.add_argument(
        "--seeds",
        type=int,
        metavar="N",
        help=f"runs of each way of training, {FEWEST_SEEDS} to {MOST_SEEDS} (default: {SEEDS})",
    )
    add_set_argument(parser, "for this verdict only")
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with the latest verdict that did not finish, whatever its tasks and seeds",
    )
    add_output_arguments(parser)


class Job(CommandJob):
    """Starts a verdict, or goes on with one."""

    def events(self, control: Control) -> Iterator[Event]:
        file = ProjectFile.read(self.args.project)
        project = with_assignments(file.project, self.args.assignments)
        trainable_or_refuse(project)
        spec, info = self._wanted(file.folder, project)
        with trials_lock(file.folder, info):
            yield from recorded("verdict", spec, spec.verdict, spec.verdict_dir, control)

    def describe(self, document: dict[str, Any]) -> str:
        width = max(len(name) for name in document["tasks"])
        seeds = len(document["seeds"])
        lines = [f"{document['verdict']}: {len(document['tasks'])} tasks, {seeds} seeds."]
        lines += [_row(name.ljust(width), row) for name, row in document["tasks"].items()]
        lines += [_mean_change(document), _cost(document), document["sentence"]]
        return "\n".join(line for line in lines if line)

    def _wanted(self, folder: Path, project: Project) -> tuple[VerdictSpec, TrialsInfo]:
        names = [task.name for task in project.tasks]
        tasks = tuple(name for text in self.args.tasks for name in _names(text, names))
        seeds = SEEDS if self.args.seeds is None else self.args.seeds
        info = None
        if self.args.resume:
            info = unfinished_trials(VERDICTS, folder)
            if info is None:
                raise RequestError("This project has no verdict to go on with.", "Leave --resume out to begin one.")
            if info.plan:
                self._refuse_another_recipe(project, info)
                tasks = tasks or tuple(info.plan["tasks"])
                seeds = len(info.plan["seeds"]) if self.args.seeds is None else seeds
        elif len(tasks or names) > 1:
            key = recipe_key(fair(project, tasks or names, project.effective().recipe.seed))
            info = unfinished_trials(VERDICTS, folder, key)
        info = info or new_trials(VERDICTS, folder)
        return VerdictSpec(
            project=project, project_dir=folder, verdict_dir=info.folder, verdict=info.name, tasks=tasks, seeds=seeds
        ), info

    def _refuse_another_recipe(self, project: Project, info: TrialsInfo) -> None:
        if recipe_key(fair(project, info.plan["tasks"], 0)) != info.plan["recipe"]:
            raise RequestError(
                f"The tasks or the settings have changed since {info.name} began.",
                "Change them back, or leave --resume out to begin another verdict.",
            )


def _names(text: str, known: list[str]) -> list[str]:
    """The tasks of one `--tasks`: names between commas, or one name that holds commas itself."""
    return [text] if text in known else [name.strip() for name in text.split(",")]


def _row(name: str, row: dict[str, Any]) -> str:
    error = is_error(row["kind"])

    def value(score: float | None) -> str:
        return "–" if score is None else f"{score:.4g}" if error else percent(score)

    def change(difference: float) -> str:
        return signed(difference, ".3g") if error else signed(100 * difference)

    doubt = f" ({change(row['interval'][0])} to {change(row['interval'][1])})" if row["interval"] else ""
    words = {"together": "better together", "apart": "better alone", "no difference": "within noise"}
    return (
        f"  {name}  alone {value(row['alone'])}, together {value(row['together'])}: {change(row['difference'])}{doubt}"
        f"{'' if error else ' points'} on {row['pictures']} {row['part']} pictures, {words[row['conclusion']]}"
    )


def _mean_change(document: dict[str, Any]) -> str:
    change = document["delta_m"]
    if change is None:
        return ""
    doubt = f" ({signed(change['interval'][0])} to {signed(change['interval'][1])})" if change["interval"] else ""
    return f"  Δm, the mean relative change (positive: together is better): {signed(change['value'])} %{doubt}"


def _cost(document: dict[str, Any]) -> str:
    cost = document["cost"]
    if not cost["times"]:
        return ""
    return (
        f"  One model instead of {len(document['tasks'])}: trained in {duration(cost['together_s'])} instead of "
        f"{duration(cost['alone_s'])}, {cost['times']:.1f} times as fast."
    )
