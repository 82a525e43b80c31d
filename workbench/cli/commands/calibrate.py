"""`calibrate PROJECT`: make a run's confidence come true, and let it say when a picture is unlike its training."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from workbench.cli.common import add_project_argument, add_run_argument
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.specs import COVERAGE, CalibrateSpec
from workbench.core.text import percent
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    add_run_argument(parser)
    parser.add_argument(
        "--coverage",
        metavar="SHARE",
        type=float,
        help=f"how often the set of classes is to hold the true one (default: as calibrated before, else {COVERAGE})",
    )
    parser.add_argument(
        "--abstain",
        metavar="TASK=SHARE",
        action="append",
        default=[],
        help="the confidence below which a task says nothing, 0 for never (default: as calibrated before, else 0)",
    )
    add_output_arguments(parser)


class Job(CommandJob):
    """Calibrates one run."""

    def events(self, control: Control) -> Iterator[Event]:
        file = ProjectFile.read(self.args.project)
        info = find_run(file.folder, self.args.run)
        coverage = self.args.coverage
        if coverage is not None and not 0 < coverage < 1:
            text = f"--coverage {coverage:g} cannot be promised: only all classes at once always hold the truth."
            raise RequestError(text, "Give a share above 0 and below 1, such as 0.9.")
        spec = CalibrateSpec(
            project_dir=file.folder,
            run_dir=info.folder,
            run=info.run,
            coverage=coverage,
            abstain=dict(map(_share, self.args.abstain)),
        )
        yield from run_job("calibrate", spec, control, info.run)

    def describe(self, document: dict[str, Any]) -> str:
        lines = [f"Run {document['run']} is calibrated; evaluate and predict obey it."]
        for name, head in document["tasks"].items():
            words = f"  {name}: temperature {head['temperature']:.2f}, "
            words += f"loss {head['loss_before']:.3f} → {head['loss']:.3f}"
            if head["error"] is not None:
                words += f", confidence off by {percent(head['error_before'])} → {percent(head['error'])}"
                words += ", which is worse" if head["error"] > head["error_before"] else ""
            if head["threshold"] is not None:
                words += f"; {_set_words(head['threshold'])} a set that is right {100 * head['coverage']:g} %"
            if head["abstain_below"]:
                words += f"; it abstains below {percent(head['abstain_below'])}"
            lines.append(words + f" ({head['pictures']} pictures)")
        unknown = document["unknown"]
        if unknown:
            most = f"{100 * (1 - unknown['mistaken']):.0f} %"
            words = f"  A picture that is stranger than {most} of the validation pictures counts as unknown, "
            words += f"by its distance from {unknown['pictures']:,} training pictures"
            chosen = any(head["unknown_from"] is not None for head in document["tasks"].values())
            lines.append(words + (" and, in tasks of one class, by its answer." if chosen else "."))
        return "\n".join(lines)


def _set_words(threshold: float) -> str:
    return f"classes from {percent(threshold)} on make" if threshold else "only all classes together make"


def _share(text: str) -> tuple[str, float]:
    name, equals, share = text.rpartition("=")
    try:
        value = float(share)
    except ValueError:
        value = -1.0
    if not equals or not name or not 0 <= value <= 1:
        raise RequestError(f"--abstain {text} is not of the form TASK=SHARE.", "Write for example --abstain kind=0.6.")
    return name, value
