"""`ladder PROJECT`: what can be read after each stage of a backbone, what training costs, and how deep to freeze."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from workbench.cli.backbones import add_images_argument, backbones_typed, images_asked
from workbench.cli.common import add_project_argument
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.cli.tables import aligned, with_doubt
from workbench.core.advice import FIRST_IMAGES, weights_in_words
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.specs import LadderSpec
from workbench.core.text import count
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument("--backbone", metavar="NAME[@WEIGHTS]", help="which backbone (default: the project's)")
    add_images_argument(parser, FIRST_IMAGES)
    add_output_arguments(parser)


class Job(CommandJob):
    """Climbs the stages of one backbone."""

    def events(self, control: Control) -> Iterator[Event]:
        images = images_asked(self.args)
        file = ProjectFile.read(self.args.project)
        asked = None
        if self.args.backbone is not None:
            found = backbones_typed(self.args.backbone, "--backbone", file.folder)
            if len(found) > 1:
                raise RequestError("--backbone takes one backbone.", "Compare several with: workbench advise.")
            asked = found[0]
        spec = LadderSpec(project=file.project, project_dir=file.folder, backbone=asked, images=images)
        yield from run_job("ladder", spec, control)

    def describe(self, document: dict[str, Any]) -> str:
        name = f"{document['backbone']}@{weights_in_words(document['weights'])}"
        stages = document["stages"]
        return "\n".join(
            [
                f"{name}, read after each stage on {document['images']} training pictures; a step is of "
                f"{stages[0]['step_images']} pictures.",
                *aligned(_table(stages, document["suggestion"])),
                "= cannot be told from the best beyond noise. ± is one standard error. > is the suggestion.",
                document["reason"],
            ]
        )


def _table(stages: list[dict[str, Any]], suggestion: int) -> list[list[str]]:
    tasks = list(stages[0]["tasks"])
    head = ["", "freeze", "read after", *tasks, "", "trains", "step", "memory"]
    return [head, *(_cells(stage, tasks, suggestion) for stage in stages)]


def _cells(stage: dict[str, Any], tasks: list[str], suggestion: int) -> list[str]:
    probes = [with_doubt(found["probe"], found["standard_error"]) for found in map(stage["tasks"].get, tasks)]
    return [
        ">" if stage["freeze"] == suggestion else "",
        str(stage["freeze"]),
        stage["title"],
        *probes,
        "=" if stage["within_noise"] else "",
        count(stage["trainable_parameters"]),
        f"{stage['step_ms']:.0f} ms",
        f"{stage['memory_mb']:.0f} MB",
    ]
