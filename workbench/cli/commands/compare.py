"""`compare PROJECT RUN RUN …`: runs beside each other, and whether they differ by more than chance."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from workbench.cli.common import add_project_argument
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.cli.tables import aligned
from workbench.core.control import Control
from workbench.core.differences import MADE
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.specs import DISAGREEMENTS, PARTS, CompareSpec
from workbench.core.text import signed
from workbench.core.verdict import is_error
from workbench.project.report.words import interval_text, metric_text, metric_title
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile

_COMPARISON = "comparison"
"""What its own events bear as their run."""
_PICTURES = 10
"""Pictures with different answers that are listed for each pair and task."""
_TESTS = {"McNemar": "exact McNemar test", "Student": "paired t test", "seeds": "over pictures and seeds"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument("runs", metavar="RUN", nargs="+", help="two runs or more: names, numbers, or latest")
    parser.add_argument(
        "--part", choices=PARTS, help="which part (default: test where every run has one, else validation)"
    )
    many = parser.add_mutually_exclusive_group()
    many.add_argument(
        "--limit",
        metavar="N",
        type=int,
        help=f"how many pictures with different answers to name (default: {_PICTURES}, with --json {DISAGREEMENTS})",
    )
    many.add_argument("--all", action="store_true", help="name all pictures with different answers")
    add_output_arguments(parser)


class Job(CommandJob):
    """Compares runs."""

    def events(self, control: Control) -> Iterator[Event]:
        if self.args.limit is not None and self.args.limit < 0:
            raise RequestError(f"--limit {self.args.limit} is no number of pictures.", "Give 0 or more, or --all.")
        most = None if self.args.all else DISAGREEMENTS if self.args.limit is None else self.args.limit
        file = ProjectFile.read(self.args.project)
        folders = tuple(find_run(file.folder, run).folder for run in self.args.runs)
        spec = CompareSpec(project_dir=file.folder, run_dirs=folders, part=self.args.part, most=most)
        yield from run_job("compare", spec, control, _COMPARISON)

    def describe(self, document: dict[str, Any]) -> str:
        few = _PICTURES if self.args.limit is None and not self.args.all else None
        lines = [f"{len(document['runs'])} runs on their {document['part']} pictures:"]
        lines += [*_settings(document), *_data(document)]
        for name, task in document["tasks"].items():
            lines.append(f"{name}, {metric_title(task['metric'])}, with its 95 % interval:")
            lines += aligned([_score(document, group, task) for group in document["groups"]], left=1)
            for pair in task["pairs"]:
                lines += [f"  {_pair(task, pair)}", *_disagreements(task["kind"], pair, few)]
        return "\n".join([*lines, *_few_seeds(document), document["sentence"]])


def _settings(document: dict[str, Any]) -> list[str]:
    """A table of the settings that differ, a row for each run."""
    if not document["settings"]:
        return ["  They have the same settings."]
    titles = ["  ", *(row["key"] for row in document["settings"])]
    rows = [[f"  {run}", *(_value(row, run) for row in document["settings"])] for run in document["runs"]]
    return aligned([titles, *rows], left=1)


def _value(row: dict[str, Any], run: str) -> str:
    value = row["values"][run]
    return "by training" if row["key"] == MADE and value is None else str(value)


def _data(document: dict[str, Any]) -> list[str]:
    """That some runs learned from other data; nothing where none did."""
    other = ", ".join(document["other_data"])
    return [f"  Other pictures, labels or parts than in the first run on these sources: {other}."] if other else []


def _score(document: dict[str, Any], group: dict[str, Any], task: dict[str, Any]) -> list[str]:
    """The score of a run with its interval, or the mean and spread of the runs of a recipe."""
    found, name = task["groups"].get(group["name"]), task["metric"]
    if found is None:
        return [f"  {group['name']}", "–", "", ""]
    if found["deviation"] is None:
        metrics, many = task["runs"][group["name"]]["metrics"], ""
    else:
        metrics = {f"{name}_interval": found["interval"]}
        spread = metric_text(name, found["deviation"])
        many = f"{len(group['runs'])} {group['repeats']}, standard deviation {spread}"
    return [f"  {group['name']}", metric_text(name, found["mean"]), interval_text(name, metrics), many]


def _pair(task: dict[str, Any], pair: dict[str, Any]) -> str:
    if not pair["pictures"]:
        return f"{pair['first']} and {pair['second']} have no picture in common."
    error = is_error(task["kind"])
    unit = "" if error else " points"

    def change(value: float) -> str:
        return signed(value, ".3g") if error else signed(100 * value)

    doubt = "" if pair["interval"] is None else f" ({change(pair['interval'][0])} to {change(pair['interval'][1])})"
    chance = "" if pair["p"] is None else f", p = {pair['p']:.2g}"
    words = {"first": "worse, beyond noise", "second": "better, beyond noise", "noise": "within noise"}
    return (
        f"{pair['second']} beside {pair['first']}: {task['score']} {change(pair['difference'])}{unit}{doubt}, "
        f"{words[pair['conclusion']]} ({pair['pictures']} pictures, {_TESTS[pair['test']]}{chance})"
    )


def _disagreements(kind: str, pair: dict[str, Any], few: int | None) -> list[str]:
    """How many pictures have different answers, and the first `few` of those that are named (None: all of these) with
    what is true and both answers."""
    found = pair["disagreements"][:few]
    if not pair["disagree"]:
        return []
    if not found:
        return [f"  They answer differently on {pair['disagree']} of {pair['pictures']} pictures."]
    told = "" if pair["disagree"] <= len(found) else f"; the first {len(found)}, more with --limit or --all"
    true = ["true"] if "target" in found[0] else []
    titles = ["    picture", *true, pair["first"], pair["second"]]
    rows = [
        [
            f"    {each['image']}",
            *([_plain(each["target"])] if true else []),
            *(_answer(kind, each[side]) for side in ("first", "second")),
        ]
        for each in found
    ]
    return [
        f"  They answer differently on {pair['disagree']} of {pair['pictures']} pictures{told}:",
        *aligned([titles, *rows], left=len(titles)),
    ]


def _answer(kind: str, answer: dict[str, Any]) -> str:
    if kind == "mask":
        return "–" if answer["iou"] is None else f"IoU {answer['iou']:.2f}"
    said = _plain(answer["prediction"])
    return f"{said} {answer['confidence']:.2f}" if kind == "single-label" else said


def _plain(value: Any) -> str:
    """A class, labels or a number."""
    if isinstance(value, list):
        return " + ".join(value) or "no label"
    return f"{value:.4g}" if isinstance(value, int | float) else str(value)


def _few_seeds(document: dict[str, Any]) -> list[str]:
    """That two seeds tell little, where any recipe has but two."""
    few = any(group["repeats"] == "seeds" and len(group["runs"]) == 2 for group in document["groups"])
    return ["Two seeds tell little about chance; three or more tell more."] if few else []
