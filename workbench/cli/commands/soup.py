"""`soup PROJECT`: the average of several runs of one recipe, scored beside each of them, and kept as a run."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.cli.common import add_project_argument
from workbench.cli.derived import derived_run
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.other_data import add_other_data_arguments, other_data
from workbench.cli.output import add_output_arguments
from workbench.cli.points import best_words, kept_words, score_tables
from workbench.core.control import Control
from workbench.core.events import Event
from workbench.core.specs import SoupSpec
from workbench.core.text import several
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile

_SOUP = "soup"
"""What its own events bear as their run."""
_WHERE = {"validation": "validation pictures", "data": "the other pictures"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument(
        "--runs", metavar="RUN,RUN", action="append", required=True, help="two runs or more: names, numbers, or latest"
    )
    parser.add_argument(
        "--greedy", action="store_true", help="keep the greedy average, of runs that do not make it worse"
    )
    add_other_data_arguments(parser)
    parser.add_argument("--keep", action="store_true", help="make a run of the average")
    add_output_arguments(parser)


class Job(CommandJob):
    """Averages runs."""

    def events(self, control: Control) -> Iterator[Event]:
        file = ProjectFile.read(self.args.project)
        names = [name.strip() for text in self.args.runs for name in text.split(",") if name.strip()]
        folders = tuple(find_run(file.folder, name).folder for name in names)
        data = other_data(self.args, folders[0]) if folders else ()

        def spec_for(keep: Path | None) -> SoupSpec:
            return SoupSpec(project_dir=file.folder, run_dirs=folders, data=data, greedy=self.args.greedy, keep=keep)

        if self.args.keep:
            yield from derived_run(file, "soup", "soup", spec_for, control)
        else:
            yield from run_job("soup", spec_for(None), control, _SOUP)

    def describe(self, document: dict[str, Any]) -> str:
        points = {**document["runs"], **{f"{kind} soup": document[kind] for kind in ("uniform", "greedy")}}
        lines = []
        for where in document["uniform"]["scores"]:
            scores = {name: point["scores"][where] for name, point in points.items()}
            lines.append(f"On {_WHERE[where]}, beside {document['best']}, the best run in validation:")
            lines += score_tables("", list(scores.items()), left=1)
            lines.append(best_words(reversed(scores.items()), document["best"]))
        taken = document["greedy"]["runs"]
        lines.append(f"The greedy soup takes {several(len(taken), 'run')}: {', '.join(taken)}.")
        return "\n".join([*lines, *kept_words(document)])
