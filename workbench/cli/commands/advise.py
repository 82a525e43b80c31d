"""`advise PROJECT`: which backbone reads most from the project's own pictures."""

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
from workbench.core.advice import MOST_IMAGES, Candidate, weights_in_words
from workbench.core.control import Control
from workbench.core.events import Event
from workbench.core.specs import AdviseSpec
from workbench.core.text import count, percent
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument(
        "--backbones",
        metavar="NAME[@WEIGHTS],…",
        action="append",
        default=[],
        help="which to compare (default: the project's and a short list); WEIGHTS as in backbone.weights",
    )
    add_images_argument(parser, MOST_IMAGES)
    add_output_arguments(parser)


class Job(CommandJob):
    """Compares backbones on a project's pictures."""

    def events(self, control: Control) -> Iterator[Event]:
        images = images_asked(self.args)
        file = ProjectFile.read(self.args.project)
        found: list[Candidate] = []
        for text in self.args.backbones:
            found += backbones_typed(text, "--backbones", file.folder)
        spec = AdviseSpec(
            project=file.project, project_dir=file.folder, backbones=tuple(found), images=images
        )
        yield from run_job("advise", spec, control)

    def describe(self, document: dict[str, Any]) -> str:
        rows = document["backbones"]
        measured = [row for row in rows if row["status"] == "measured"]
        lines = [f"{len(measured)} of {len(rows)} backbones, compared on {document['images']} training pictures."]
        lines += aligned(_table(measured)) if measured else []
        if any(row["tied"] for row in measured):
            lines.append("= cannot be told from the first beyond noise. ± is one standard error.")
        if any(row["accuracy_of"] == "backbone" for row in measured):
            lines.append("(…) is what the backbone reaches with its usual weights; nothing is known of these.")
        lines += [f"{_label(row)}: {row['reason']}" for row in rows if row["status"] != "measured"]
        fetchable = [_asked(row) for row in rows if row["status"] == "not here" and row["download_mb"] is not None]
        lines += [f"Get them with: workbench weights download {' '.join(fetchable)}"] if fetchable else []
        return "\n".join([*lines, document["advice"]])


def _table(rows: list[dict[str, Any]]) -> list[list[str]]:
    tasks = list(rows[0]["tasks"])
    head = ["", "", "backbone"]
    for task in tasks:
        head += [f"{task}: probe", "kNN", "LogME"]
    head += (["mean rank"] if len(tasks) > 1 else []) + ["ImageNet", "parameters", "MACs", "pictures/s", "memory"]
    return [head, *(_cells(row, tasks) for row in rows)]


def _cells(row: dict[str, Any], tasks: list[str]) -> list[str]:
    cells = [str(row["rank"]), "=" if row["tied"] else "", _label(row)]
    for task in tasks:
        found = row["tasks"][task]
        logme = "–" if found["logme"] is None else f"{found['logme']:.3f}"
        cells += [with_doubt(found["probe"], found["standard_error"]), percent(found["knn"]), logme]
    cells += [f"{row['mean_rank']:.1f}"] if len(tasks) > 1 else []
    cells += [_accuracy(row), count(row["parameters"]), count(row["macs"])]
    return [*cells, f"{row['images_per_s']:.0f}", f"{row['peak_memory_mb']:.0f} MB"]


def _accuracy(row: dict[str, Any]) -> str:
    if row["accuracy"] is None:
        return "–"
    return f"{row['accuracy']:.1f} %" if row["accuracy_of"] == "weights" else f"({row['accuracy']:.1f} %)"


def _asked(row: dict[str, Any]) -> str:
    """The backbone as `weights download` takes it."""
    named = row["weights"] not in ("default", "hub")
    return f"{row['name']}@{row['weights']}" if named else str(row["name"])


def _label(row: dict[str, Any]) -> str:
    return f"{row['name']}@{weights_in_words(row['weights'])}"
