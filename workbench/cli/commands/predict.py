"""`predict PROJECT IMAGE_OR_FOLDER …`: every head's answer for each picture."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.cli.common import add_project_argument, add_run_argument
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.cli.score_words import answer_words
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Result
from workbench.core.specs import PredictSpec
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument("images", metavar="IMAGE_OR_FOLDER", type=Path, nargs="+", help="pictures, or folders of them")
    add_run_argument(parser)
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="the folder for the masks: DIR/PICTURE.png, or DIR/TASK/PICTURE.png"
    )
    add_output_arguments(parser)


class Job(CommandJob):
    """Remembers whether any picture could be answered, which is the exit code."""

    _answered = False

    def events(self, control: Control) -> Iterator[Event]:
        file = ProjectFile.read(self.args.project)
        info = find_run(file.folder, self.args.run)
        for image in self.args.images:
            if not image.exists():
                raise RequestError(f"There is no picture or folder {image}.", "Check the path.")
        images = tuple(self.args.images)  # named in the answer as they were given
        out = self.args.out
        if out is not None and out.exists() and not out.is_dir():
            raise RequestError(f"{out} is a file.", "Give a folder to --out.")
        spec = PredictSpec(project_dir=file.folder, run_dir=info.folder, run=info.run, images=images, out=out)
        for event in run_job("predict", spec, control, info.run):
            if isinstance(event, Result):
                self._answered = any(row["error"] is None for row in event.document)
            yield event

    def exit_code(self, code: int) -> int:
        return code or (0 if self._answered else 1)

    def describe(self, document: list[dict[str, Any]]) -> str:
        lines = []
        for row in document:
            if row["error"] is not None:
                lines.append(f"{row['image']}: {row['error']}")
                continue
            answers = [answer_words(name, said) for name, said in row["tasks"].items()]
            lines.append(f"{row['image']}: " + ", ".join(answers))
        return "\n".join(lines)
