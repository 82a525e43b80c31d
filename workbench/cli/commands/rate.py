"""`rate PROJECT`: find a learning rate by a short trial in which it grows from step to step."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

from workbench.cli.common import add_project_argument, add_set_argument, with_assignments
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.specs import RATE_STEPS, RateSpec
from workbench.project.store import ProjectFile, trainable_or_refuse

FEWEST, MOST = 20, 10000
_BLOCKS = "▁▂▃▄▅▆▇█"
_COLUMNS = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument(
        "--steps", metavar="N", type=int, default=RATE_STEPS, help=f"how many steps to try (default: {RATE_STEPS})"
    )
    add_set_argument(parser, "for this trial only")
    add_output_arguments(parser)


class Job(CommandJob):
    """Tries rates and suggests one."""

    def events(self, control: Control) -> Iterator[Event]:
        if not FEWEST <= self.args.steps <= MOST:
            raise RequestError(f"--steps {self.args.steps} cannot be tried.", f"Give {FEWEST} to {MOST}.")
        file = ProjectFile.read(self.args.project)
        project = with_assignments(file.project, self.args.assignments)
        trainable_or_refuse(project)
        spec = RateSpec(project=project, project_dir=file.folder, steps=self.args.steps)
        yield from run_job("rate", spec, control)

    def describe(self, document: dict[str, Any]) -> str:
        rates, losses = document["rates"], document["losses"]
        lines = [f"The loss while the learning rate of the {document['phase']} grows from {rates[0]:g} to "]
        lines[0] += f"{rates[-1]:.2g}, as a share of guessing: {losses[0]:.2f} at first, {min(losses):.2f} at best."
        lines.append(_drawn(losses))
        found = document["suggestion"]
        if found is None:
            lines.append("It hardly falls, so none is suggested: try --steps 300, or look at the data.")
        else:
            lines.append(f"Suggested is {found:g}; a run takes {document['in_force']:.2g} now.")
            lines.append(f"Train with it by --set recipe.learning_rate={found:g}.")
        return "\n".join(lines)


def _drawn(losses: Sequence[float]) -> str:
    """A line of blocks, each the mean of as many steps."""
    width = min(_COLUMNS, len(losses))
    means = []
    for column in range(width):
        part = losses[column * len(losses) // width : (column + 1) * len(losses) // width]
        means.append(sum(part) / len(part))
    low, high = min(means), max(means)
    return "".join(_BLOCKS[round((mean - low) / ((high - low) or 1.0) * (len(_BLOCKS) - 1))] for mean in means)
