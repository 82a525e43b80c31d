"""`check PROJECT`: read the project and its data; each problem as a sentence with the way to mend it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from workbench.cli.common import add_project_argument
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.core.control import Control
from workbench.core.events import Event, Result
from workbench.core.specs import CheckSpec
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    add_output_arguments(parser)


class Job(CommandJob):
    """Remembers whether the project can be trained, which is the exit code."""

    _trainable = True

    def events(self, control: Control) -> Iterator[Event]:
        file = ProjectFile.read(self.args.project)
        for event in run_job("check", CheckSpec(project=file.project, project_dir=file.folder), control):
            if isinstance(event, Result):
                self._trainable = bool(event.document["ok"])
            yield event

    def exit_code(self, code: int) -> int:
        return code or (0 if self._trainable else 1)

    def describe(self, document: dict[str, Any]) -> str:
        lines = []
        for name, task in document["tasks"].items():
            parts = ", ".join(f"{part} {number}" for part, number in task["parts"].items())
            lines.append(f"{name}: {_pictures(task)} ({parts})")
            corrected = task.get("corrected")
            if corrected:
                lines.append(f"  labels corrected: {corrected['relabelled']}, set aside: {corrected['aside']}")
        for problem in document["problems"]:
            mark = "Error" if problem["level"] == "error" else "Caution"
            lines.append(f"{mark}: {problem['text']} {problem['fix']}".rstrip())
        lines.append("The project can be trained." if document["ok"] else "The project cannot be trained yet.")
        return "\n".join(lines)


def _pictures(task: dict[str, Any]) -> str:
    """How many pictures a task labels, and with what."""
    words = _WORDS.get(task["kind"], "{count} pictures in {classes} classes")
    numbers = task.get("numbers") or {}
    return words.format(count=task["count"], classes=len(task["classes"]), numbers=_range(numbers))


_WORDS = {
    "multi-label": "{count} pictures with {classes} labels",
    "number": "{count} pictures with {numbers}",
    "mask": "{count} pictures with masks of {classes} classes",
}


def _range(numbers: dict[str, Any]) -> str:
    return f"numbers from {numbers['minimum']:.6g} to {numbers['maximum']:.6g}" if numbers else "numbers"
