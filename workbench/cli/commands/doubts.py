"""`doubts PROJECT`: labels that are probably wrong, each with what it may be instead."""

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
from workbench.core.doubts import TOP, TRUSTED
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.specs import DoubtsSpec
from workbench.core.text import percent
from workbench.project.store import ProjectFile

_SHOWN = 20
"""Lines of each kind for people; `--json` has them all."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument(
        "--task", metavar="NAME", action="append", default=[], help="whose labels to look at (default: all tasks')"
    )
    parser.add_argument(
        "--top", metavar="N", type=int, default=TOP, help=f"how many to list of each task (default: {TOP})"
    )
    add_output_arguments(parser)


class Job(CommandJob):
    """Looks for doubtful labels."""

    def events(self, control: Control) -> Iterator[Event]:
        if self.args.top < 1:
            raise RequestError(f"--top {self.args.top} lists nothing.", "Give 1 or more.")
        file = ProjectFile.read(self.args.project)
        spec = DoubtsSpec(project=file.project, project_dir=file.folder, tasks=tuple(self.args.task), top=self.args.top)
        yield from run_job("doubts", spec, control)

    def describe(self, document: dict[str, Any]) -> str:
        lines: list[str] = []
        for name, task in document["tasks"].items():
            lines += _task(name, task)
        leaks = document["leaks"]
        if leaks["count"]:
            count = leaks["count"]
            said = "1 pair" if count == 1 else f"{count} pairs"
            lines.append(f"Caution: {said} of near-identical pictures lie in training and in a part that judges:")
            lines += [_pair(pair) for pair in leaks["pairs"][:_SHOWN]]
            lines.append("  Keep them together with: --set split.group=near-duplicates.")
        return "\n".join(lines)


def _task(name: str, task: dict[str, Any]) -> list[str]:
    found, twins = task["doubts"], task["twins"]
    lines = [f"{name}: {_summary(task)}"]
    if found:
        head = ["  picture", "part", "label", "rather", "sure"]
        lines += aligned([head, *map(_row, found[:_SHOWN])], left=4)
    if len(found) > _SHOWN:
        lines.append(f"  … and {len(found) - _SHOWN} more with --json")
    if twins:
        lines.append("  Near-identical pictures with different labels:")
        lines += [_pair(pair) for pair in twins[:_SHOWN]]
    return lines


def _summary(task: dict[str, Any]) -> str:
    agreement = task["agreement"]
    if agreement is None:
        return f"{task['clear']} of {task['pictures']} numbers are far from what the probe expects."
    said = (
        f"the probe agrees with {percent(agreement)} of {task['pictures']} labels and clearly doubts {task['clear']}."
    )
    return said if agreement >= TRUSTED else f"{said} It is often wrong itself here: look before you decide."


def _row(doubt: dict[str, Any]) -> list[str]:
    mark = "! " if doubt["clear"] else "  "
    sure = percent(doubt["suggestion_probability"])
    return [mark + doubt["image"], doubt["part"], doubt["label"], doubt["suggestion"], sure]


def _pair(pair: dict[str, Any]) -> str:
    words = (f"{each['image']} ({each.get('label') or each['part']})" for each in pair["pictures"])
    return f"  {' = '.join(words)}"
