"""`shots PROJECT`: accuracy against pictures a class, for heads that are worked out at once."""

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
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.shots import DRAWS, FEWEST_DRAWS, MOST_DRAWS, SHOTS
from workbench.core.specs import ShotsSpec
from workbench.core.text import percent
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile

_BACKBONE = "backbone"
"""What `--run` takes for the project's backbone before any training."""
_FEATURES = {"backbone": "features", "pixels": "raw pixels"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument(
        "--run",
        default=_BACKBONE,
        help=f"a run whose trained backbone sees the pictures, or {_BACKBONE}: the project's, as it was before "
        f"training (default: {_BACKBONE})",
    )
    parser.add_argument(
        "--shots",
        metavar="N,N",
        help=f"pictures a class (default: {','.join(map(str, SHOTS))}, as far as the classes reach)",
    )
    parser.add_argument(
        "--draws",
        type=int,
        default=DRAWS,
        metavar="N",
        help=f"choices of pictures of each number, {FEWEST_DRAWS} to {MOST_DRAWS} (default: {DRAWS})",
    )
    parser.add_argument("--task", metavar="NAME", action="append", default=[], help="which task (default: all)")
    add_output_arguments(parser)


class Job(CommandJob):
    """Tries few pictures."""

    def events(self, control: Control) -> Iterator[Event]:
        file = ProjectFile.read(self.args.project)
        info = None if self.args.run == _BACKBONE else find_run(file.folder, self.args.run)
        spec = ShotsSpec(
            project=file.project,
            project_dir=file.folder,
            run_dir=info.folder if info else None,
            run=info.run if info else "",
            shots=self._shots(),
            draws=self.args.draws,
            tasks=tuple(self.args.task),
        )
        yield from run_job("shots", spec, control, info.run if info else "shots")

    def describe(self, document: dict[str, Any]) -> str:
        seen = f"run {document['run']}" if document["run"] else f"{document['backbone']} ({document['weights']})"
        lines = [
            f"Heads worked out at once on what {seen} makes of the pictures, mean of {document['draws']} draws with "
            "its 95 % interval:"
        ]
        for name, task in document["tasks"].items():
            judges = f"{task['judged_on']} pictures outside of training" if task["judged_on"] else "those not drawn"
            lines.append(f"{name}, {task['classes']} classes, judged on {judges}; chance is {percent(task['chance'])}:")
            rows = [["  a class", *map(str, task["shots"])]]
            rows += [[f"  {_FEATURES[each['features']]}: {each['head']}", *_cells(each)] for each in task["curves"]]
            lines += aligned(rows, left=1)
            short = [f"{_classes(number)} with fewer than {shots} to give" for shots, number in task["short"].items()]
            if short:
                less = "" if task["judged_on"] else ", less one that judges"
                lines.append(f"  Classes with fewer pictures give all they have{less}: {', '.join(short)}.")
        return "\n".join(lines)

    def _shots(self) -> tuple[int, ...]:
        if self.args.shots is None:
            return ()
        try:
            return tuple(int(text) for text in self.args.shots.split(","))
        except ValueError as error:
            raise RequestError(
                f"--shots {self.args.shots} is no list of numbers.", "Write for example --shots 1,5,20."
            ) from error


def _cells(curve: dict[str, Any]) -> list[str]:
    return [_cell(point["score"], point["interval"]) for point in curve["points"]]


def _cell(score: float, interval: list[float] | None) -> str:
    if not interval:
        return percent(score)
    return f"{percent(score)} ({100 * interval[0]:.0f} to {100 * interval[1]:.0f})"


def _classes(number: int) -> str:
    return "1 class" if number == 1 else f"{number} classes"
