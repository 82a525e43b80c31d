"""`explain PROJECT IMAGE --task NAME --out FILE.png`: where one head looked."""

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
from workbench.core.events import Event
from workbench.core.resolved import load_resolved
from workbench.core.saliency import COLOURS, METHODS, OPACITY
from workbench.core.specs import ExplainSpec
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument("image", metavar="IMAGE", type=Path, help="the picture")
    parser.add_argument("--task", metavar="NAME", help="whose head is asked (default: the only one)")
    parser.add_argument("--class", metavar="CLASS", dest="of", help="trace this answer (default: the likeliest)")
    parser.add_argument("--out", metavar="FILE.png", type=Path, help="the picture under the map")
    parser.add_argument("--map", metavar="FILE.png", type=Path, help="the map alone, in grey")
    parser.add_argument(
        "--method", choices=METHODS, default="auto", help="; ".join(f"{name}: {text}" for name, text in METHODS.items())
    )
    parser.add_argument("--colours", choices=COLOURS, default=next(iter(COLOURS)), help="of the map over the picture")
    parser.add_argument(
        "--opacity", metavar="SHARE", type=float, default=OPACITY, help=f"of the strongest mark (default: {OPACITY})"
    )
    parser.add_argument("--trust", action="store_true", help="check whether the map can be trusted; takes some seconds")
    add_run_argument(parser)
    add_output_arguments(parser)


class Job(CommandJob):
    """Explains one answer."""

    def events(self, control: Control) -> Iterator[Event]:
        args = self.args
        file = ProjectFile.read(args.project)
        info = find_run(file.folder, args.run)
        if not args.image.is_file():
            raise RequestError(f"There is no picture {args.image}.", "Check the path.")
        if not 0 <= args.opacity <= 1:
            raise RequestError(f"--opacity {args.opacity} is no share.", "Give a number from 0 to 1.")
        for path in (args.out, args.map):
            if path is not None and path.is_dir():
                raise RequestError(f"{path} is a folder.", "Give a file, such as map.png.")
        names = [task.name for task in load_resolved(info.folder).tasks]
        if args.task is None and len(names) > 1:
            raise RequestError("The run has several tasks.", f"Name one with --task: {', '.join(names)}.")
        spec = ExplainSpec(
            project_dir=file.folder,
            run_dir=info.folder,
            run=info.run,
            image=args.image,
            task=args.task or names[0],
            of=args.of,
            method=args.method,
            out=args.out,
            map=args.map,
            colours=args.colours,
            opacity=args.opacity,
            trust=args.trust,
        )
        yield from run_job("explain", spec, control, info.run)

    def describe(self, document: dict[str, Any]) -> str:
        asked = document["task"] if document["class"] is None else f"{document['task']} = {document['class']}"
        lines = [
            f"{document['image']}: {answer_words(document['task'], document['answer'])}",
            f"Where it looked for {asked}, by {document['method']}: "
            + (document["out"] or document["map"] or "give --out FILE.png to have it drawn")
            + ".",
        ]
        if document["places"] is not None:
            rows, columns = document["places"]
            lines.append(f"The map tells {rows} × {columns} places apart; a run at a larger picture size, more.")
        trust = document["trust"]
        if trust is not None:
            lines += [
                trust["text"],
                f"Rank correlation with the maps of random heads: {trust['remains_with_random_head']:.2f}.",
                f"Answer left while the map's places are taken away: {_beside_random(trust, 'deletion')}.",
                f"Answer there while they are put back: {_beside_random(trust, 'insertion')}.",
            ]
        return "\n".join(lines)


def _beside_random(trust: dict[str, Any], name: str) -> str:
    others = trust[f"{name}_random"]
    return f"{trust[name]:.2f}, random places: {sum(others) / len(others):.2f}"
