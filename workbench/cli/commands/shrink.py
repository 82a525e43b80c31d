"""`shrink PROJECT`: a smaller network that learns from a run, and any run in int8, each beside what it came from."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.cli.commands.train import describe, new_run
from workbench.cli.common import add_project_argument, add_run_argument, add_set_argument, with_assignments
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.cli.shrunk_words import table_lines
from workbench.core import catalogue, weights_cache
from workbench.core.control import Control
from workbench.core.errors import RequestError, WorkbenchError
from workbench.core.events import Event, Notice, Result, RunEnded, stamped
from workbench.core.parsing import absolute
from workbench.core.project import Project
from workbench.core.resolved import Resolved, load_resolved
from workbench.core.run_weights import find_run_weights
from workbench.core.shrink import FEATURES, student_of
from workbench.core.specs import DownloadSpec, ShrunkSpec
from workbench.core.transfer import DISTILLATION
from workbench.project.runs import RunInfo, find_run
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    add_run_argument(parser)
    parser.add_argument(
        "--backbone", metavar="B", default="", help="the smaller backbone that learns from the run; left out: none does"
    )
    parser.add_argument("--weights", metavar="W", default="", help="its weights (default: those it begins with)")
    parser.add_argument("--method", choices=tuple(DISTILLATION), help="how answers are learned (default: kd)")
    parser.add_argument("--features", action="store_true", help="let features be matched as well")
    parser.add_argument(
        "--unlabelled",
        metavar="FOLDER",
        default="",
        help="further pictures, of which only the run's answers are learned",
    )
    parser.add_argument("--epochs", type=int, metavar="N", help="epochs in which the student's stages train")
    parser.add_argument("--name", metavar="RUN", help="what the new run is called (default: its backbone)")
    add_set_argument(parser, "of the student")
    add_output_arguments(parser)


class Job(CommandJob):
    """Trains a student, where one is wanted, and holds it against its teacher."""

    def events(self, control: Control) -> Iterator[Event]:
        args = self.args
        file = ProjectFile.read(args.project)
        info = find_run(file.folder, args.run)
        find_run_weights(info.run, file.folder)
        if not args.backbone:
            self._refuse_what_a_student_needs()
            yield from self._compared(file, info.folder, _teacher_of(info, file.folder), control)
            return
        before = load_resolved(info.folder)
        project = self._student(before)
        yield from (stamped(event, info.run) for event in _warnings(before, args.backbone))
        yield from (stamped(event, info.run) for event in _weights(project, control))
        if control.ending:
            return
        yield from self._trained(
            new_run(project, args.name or _run_name(args.backbone), file, control), file, info, control
        )

    def describe(self, document: dict[str, Any]) -> str:
        trained = [describe(document["trained"])] if document.get("trained") else []
        return "\n".join([*trained, *(table_lines(document) if document["models"] else [])])

    def _student(self, before: Resolved) -> Project:
        args = self.args
        transfer: dict[str, Any] = {"distillation": args.method} if args.method else {}
        if args.features:
            transfer["features"] = FEATURES
        if args.unlabelled:
            transfer["unlabelled"] = absolute(args.unlabelled)
        project = student_of(before, args.backbone, args.weights, transfer)
        epochs = [] if args.epochs is None else [f"recipe.epochs={args.epochs}"]
        return with_assignments(project, [*epochs, *args.assignments])

    def _refuse_what_a_student_needs(self) -> None:
        args = self.args
        given = [args.weights, args.method, args.features, args.unlabelled, args.epochs, args.name, args.assignments]
        if any(given):
            raise RequestError(
                "These options are of a smaller network that learns, and no --backbone is named.",
                "Name one, such as --backbone mobilenet_v3_small, or leave them out to measure the run alone.",
            )

    def _trained(self, events: Iterator[Event], file: ProjectFile, info: RunInfo, control: Control) -> Iterator[Event]:
        """The training; before the end of one that finished the comparison, which a stop breaks off as well."""
        trained: dict[str, Any] = {}
        for event in events:
            if isinstance(event, Result):
                trained = event.document
                continue
            if isinstance(event, RunEnded) and trained and event.status in ("finished", "stopped"):
                folder, compared = info.folder.with_name(trained["run"]), False
                comparison = self._compared(file, folder, info.folder, control, trained)
                try:
                    for other in comparison if not control.ending else ():
                        compared = compared or isinstance(other, Result)
                        yield other
                except WorkbenchError as error:  # the student itself is whole
                    words = f"Run {folder.name} is trained, but cannot be compared with {info.run}: {error}"
                    yield stamped(Notice(level="warning", text=words), folder.name)
                if not compared:
                    yield from (stamped(each, folder.name) for each in _not_compared(info.run, trained))
            yield event

    def _compared(
        self,
        file: ProjectFile,
        folder: Path,
        teacher: Path | None,
        control: Control,
        trained: dict[str, Any] | None = None,
    ) -> Iterator[Event]:
        spec = ShrunkSpec(project_dir=file.folder, run_dir=folder, run=folder.name, teacher_dir=teacher)
        for event in run_job("shrunk", spec, control):
            if isinstance(event, Result):
                event = Result(what="shrink", document={**event.document, "trained": trained})
            yield stamped(event, folder.name)


def _not_compared(teacher: str, trained: dict[str, Any]) -> Iterator[Event]:
    """What is said of a student that was not compared."""
    run = trained["run"]
    yield Notice(level="info", text=f"The student was not compared with its teacher; shrink --run {run} does that.")
    yield Result(what="shrink", document={"run": run, "teacher": teacher, "models": [], "said": [], "trained": trained})


def _warnings(before: Resolved, backbone: str) -> Iterator[Event]:
    """Say where the student is no smaller than its teacher."""
    mine, theirs = catalogue.get(backbone), catalogue.get(before.project.backbone.name)
    if mine.parameters >= theirs.parameters:
        text = f"{mine.title} is not smaller than {theirs.title}, of which it learns."
        yield Notice(level="warning", text=text)


def _weights(project: Project, control: Control) -> Iterator[Event]:
    """Fetch the student's weights before it has a folder: where they do not come, nothing is left of it.

    Raises:
        RunError: they could not be downloaded.
    """
    name, weights = project.backbone.name, project.backbone.weights
    version = catalogue.get(name).version(weights)
    if version is not None and weights_cache.located(version) is None:
        for event in run_job("download", DownloadSpec(wanted=((name, weights),)), control):
            if not isinstance(event, Result):
                yield event


def _teacher_of(info: RunInfo, project_dir: Path) -> Path | None:
    """The folder of the run that taught a run; None where none did, or it has no model any more."""
    name = load_resolved(info.folder).project.transfer.teacher
    try:
        return find_run_weights(name, project_dir).folder if name else None
    except RequestError:
        return None


def _run_name(backbone: str) -> str:
    return backbone.rpartition("/")[2]
