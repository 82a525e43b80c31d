"""`blend PROJECT`: mixtures of a run's pretrained and its trained weights, scored, and one of them kept as a run."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.cli.common import add_project_argument, add_run_argument
from workbench.cli.derived import derived_run
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.other_data import add_other_data_arguments, other_data
from workbench.cli.output import add_output_arguments
from workbench.cli.points import best_words, kept_words, score_tables
from workbench.core.blends import SHARES
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.specs import BlendSpec
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile

_WHERE = {"validation": "validation pictures", "data": "the other pictures"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    add_run_argument(parser)
    parser.add_argument(
        "--share", type=float, metavar="S", help="one share of the trained weights, 0 (pretrained) to 1 (trained)"
    )
    parser.add_argument(
        "--shares",
        metavar="S,S",
        help=f"several of them (default: {','.join(f'{share:g}' for share in SHARES)})",
    )
    add_other_data_arguments(parser)
    parser.add_argument("--keep", action="store_true", help="make a run of the share that --share gives")
    add_output_arguments(parser)


class Job(CommandJob):
    """Scores blends."""

    def events(self, control: Control) -> Iterator[Event]:
        file = ProjectFile.read(self.args.project)
        info = find_run(file.folder, self.args.run)
        shares = self._shares()
        data = other_data(self.args, info.folder)

        def spec_for(keep: Path | None) -> BlendSpec:
            return BlendSpec(
                project_dir=file.folder, run_dir=info.folder, run=info.run, shares=shares, data=data, keep=keep
            )

        if self.args.keep:
            yield from derived_run(file, "blend", "blend", spec_for, control)
        else:
            yield from run_job("blend", spec_for(None), control, info.run)

    def describe(self, document: dict[str, Any]) -> str:
        lines = []
        for where, points in document["curves"].items():
            lines.append(f"Run {document['run']} on {_WHERE[where]}, by the share of its trained weights:")
            named = [(f"{point['share']:.0%}", point) for point in points]
            lines += score_tables("trained", named, left=0)
            lines.append(best_words(named, "100%"))
        return "\n".join([*lines, *kept_words(document)])

    def _shares(self) -> tuple[float, ...]:
        if self.args.share is not None and self.args.shares is not None:
            raise RequestError("--share and --shares exclude each other.", "Leave one of them out.")
        if self.args.keep and self.args.share is None:
            raise RequestError("--keep needs to know which blend.", "Say which one with --share, such as --share 0.5.")
        if self.args.share is not None:
            return (self.args.share,)
        if self.args.shares is None:
            return SHARES
        try:
            return tuple(float(text) for text in self.args.shares.split(","))
        except ValueError as error:
            raise RequestError(
                f"--shares {self.args.shares} is no list of numbers.", "Write for example --shares 0,0.5,1."
            ) from error
