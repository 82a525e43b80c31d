"""`adapt PROJECT`: bring a run's model nearer to unlabelled pictures of another domain, and show what that did."""

from __future__ import annotations

import argparse
from collections.abc import Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from workbench.cli.commands.train import new_run
from workbench.cli.common import add_project_argument, add_run_argument, add_set_argument, with_assignments
from workbench.cli.derived import derived_run
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.cli.tables import aligned
from workbench.cli.target import add_target_arguments, score_text, target_facts
from workbench.core.adaptation import ADABN, MCC, METHODS, PRIOR, PSEUDO_LABELS, SHARE, TOP_SHARE
from workbench.core.adapting import adapted_from, adapting
from workbench.core.control import Control
from workbench.core.errors import RequestError, WorkbenchError
from workbench.core.events import Event, Notice, Result, RunEnded, stamped
from workbench.core.resolved import TABLE_FILE, load_resolved
from workbench.core.run_weights import RunWeights, find_run_weights
from workbench.core.specs import AdaptedSpec, AdaptSpec, PseudoLabelSpec
from workbench.core.text import percent, several, signed
from workbench.core.verdict import is_error
from workbench.project.runs import RunInfo, find_run, runs_dir
from workbench.project.store import ProjectFile

_OPTIONS = {ADABN: ("share", "prior"), MCC: ("set",), PSEUDO_LABELS: ("top", "set")}
"""What each method can be told."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    add_run_argument(parser)
    add_target_arguments(parser, required=False)
    methods = "; ".join(f"{name}: {method.sentence}" for name, method in METHODS.items())
    parser.add_argument("--method", choices=METHODS, default=ADABN, help=f"{methods} (default: {ADABN})")
    parser.add_argument("--name", metavar="RUN", help="what the new run is called (default: its method)")
    parser.add_argument(
        "--share",
        type=float,
        metavar="A",
        help=f"with {ADABN}, how much of the new statistics is taken, 0 to 1 (default: {SHARE:g})",
    )
    parser.add_argument(
        "--prior",
        type=int,
        metavar="N",
        help=f"with {ADABN}, how many pictures the old statistics count as beside the new ones (default: {PRIOR})",
    )
    parser.add_argument(
        "--top",
        type=float,
        metavar="S",
        help=f"with {PSEUDO_LABELS}, the share of each class's answers that is learned, above 0 to 1 "
        f"(default: {TOP_SHARE})",
    )
    parser.add_argument(
        "--score",
        metavar="RUN",
        help="adapt nothing, but score a run that was adapted before, such as one that was stopped, beside its origin",
    )
    add_set_argument(parser, "for the training run of the methods that train")
    add_output_arguments(parser)


class Job(CommandJob):
    """Adapts a run."""

    def events(self, control: Control) -> Iterator[Event]:
        file = ProjectFile.read(self.args.project)
        if self.args.score:
            yield from _scored(self.args, file, control)
            return
        if self.args.target is None:
            raise RequestError("No pictures are named.", "Give --target FOLDER, the pictures of the other domain.")
        _settings(self.args)
        info = find_run(file.folder, self.args.run)
        begin = _trained if METHODS[self.args.method].trains else _adabn
        yield from begin(self.args, file, info, control)

    def describe(self, document: dict[str, Any]) -> str:
        return describe(document)


def _settings(args: argparse.Namespace) -> None:
    """Refuse what the method has no use for, and give what is not asked for its default.

    Raises:
        RequestError: an option belongs to another method, or its value is not possible.
    """
    given = {"share": args.share is not None, "prior": args.prior is not None, "top": args.top is not None}
    given["set"] = bool(args.assignments)
    wrong = [f"--{option}" for option, is_given in given.items() if is_given and option not in _OPTIONS[args.method]]
    if wrong:
        own = " and ".join(f"--{option}" for option in _OPTIONS[args.method])
        raise RequestError(
            f"The method {args.method} has no {' or '.join(wrong)}.", f"Leave it out; this method takes {own}."
        )
    args.share = SHARE if args.share is None else args.share
    args.prior = PRIOR if args.prior is None else args.prior
    args.top = TOP_SHARE if args.top is None else args.top
    if not 0.0 <= args.share <= 1.0:
        raise RequestError(f"--share {args.share:g} is not possible.", "Give a share from 0 to 1.")
    if args.prior < 0:
        raise RequestError(f"--prior {args.prior} is not possible.", "Give a number of pictures, 0 or more.")
    if not 0.0 < args.top <= 1.0:
        raise RequestError(f"--top {args.top:g} is not possible.", "Give a share above 0, up to 1.")


def _scored(args: argparse.Namespace, file: ProjectFile, control: Control) -> Iterator[Event]:
    """What adapting did, of a run that was adapted before."""
    info = find_run(file.folder, args.score)
    origin, target = adapted_from(load_resolved(info.folder), file.folder)
    origin_dir = find_run_weights(origin, file.folder).folder
    args.target = args.target or target
    facts = target_facts(args, origin_dir)
    spec = AdaptedSpec(project_dir=file.folder, origin_dir=origin_dir, run_dir=info.folder, **facts)
    yield from run_job("adapted", spec, control, info.run)


def _adabn(args: argparse.Namespace, file: ProjectFile, info: RunInfo, control: Control) -> Iterator[Event]:
    facts = target_facts(args, info.folder)

    def spec(run_dir: Path) -> AdaptSpec:
        return AdaptSpec(
            project_dir=file.folder,
            origin_dir=info.folder,
            run_dir=run_dir,
            share=args.share,
            prior=args.prior,
            **facts,
        )

    return derived_run(file, args.name or ADABN, "adapt", spec, control)


def _trained(args: argparse.Namespace, file: ProjectFile, info: RunInfo, control: Control) -> Iterator[Event]:
    """A training run with the weights of another; once it has ended, what adapting did is told before its end."""
    facts = target_facts(args, info.folder)
    asked = load_resolved(info.folder).project
    project = adapting(asked, RunWeights(info.folder, True).spec(file.folder), args.method, facts["target"])
    top = [f"transfer.top={args.top}"] if args.method == PSEUDO_LABELS else []
    project = with_assignments(project, [*args.assignments, *top])
    with TemporaryDirectory() as aside:
        table = yield from _sample_table(args, file, info, facts, Path(aside) / TABLE_FILE, control)
        if table is None:
            return
        ended: RunEnded | None = None
        for event in new_run(project, args.name or args.method, file, control, table):
            if isinstance(event, RunEnded):
                ended = event
            elif not isinstance(event, Result):  # the scores of the run itself are in its folder
                yield event
        if ended is not None and ended.status in ("finished", "stopped"):
            run_dir = runs_dir(file.folder) / ended.run
            spec = AdaptedSpec(project_dir=file.folder, origin_dir=info.folder, run_dir=run_dir, **facts)
            try:
                yield from run_job("adapted", spec, control, ended.run)
            except WorkbenchError as error:  # the run itself is whole
                words = f"Run {ended.run} is trained, but cannot be scored beside {info.run}: {error}"
                yield stamped(Notice(level="warning", text=words), ended.run)
        if ended is not None:
            yield ended


def _sample_table(
    args: argparse.Namespace, file: ProjectFile, info: RunInfo, facts: dict[str, Any], out: Path, control: Control
) -> Generator[Event, None, Path | None]:
    """The sample table of the new run: that of the other, with pseudo-labels where they are asked for; None when told
    to end."""
    if args.method != PSEUDO_LABELS:
        return info.folder / TABLE_FILE
    spec = PseudoLabelSpec(project_dir=file.folder, origin_dir=info.folder, table=out, top=args.top, **facts)
    for event in run_job("pseudo-labels", spec, control, info.run):
        if not isinstance(event, Result):
            yield event
            continue
        for name, task in event.document["tasks"].items():
            sure = several(task["pictures"], "sure answer")
            learned = f"{name}: {sure} learned, on {event.document['of']} new pictures"
            right = f"; of {task['judged']} that have a label {task['right']} are right" if task["judged"] else ""
            yield stamped(Notice(level="info", text=f"{learned}{right}."), info.run)
    return out if out.is_file() else None


def describe(document: dict[str, Any]) -> str:
    """What adapting did, in sentences and a table for each task."""
    target = document["target"]
    lines = [
        f"Run {document['run']} is {document['origin']} adapted to {several(target['pictures'], 'picture')} of "
        f"{target['folder']} ({METHODS[document['method']].title.lower()})."
    ]
    for name, task in document["tasks"].items():
        if task["rows"]:
            lines += [f"{name}, {task['score']} with 95 % intervals:", *_table(task)]
        changed = task["changed"]
        if changed and changed["share"] is not None:
            lines.append(f"  {percent(changed['share'])} of the answers on the new pictures have changed.")
    if not target["labelled"]:
        lines.append("The new pictures have no labels, so nobody can say yet whether their answers are better.")
    return "\n".join(lines)


def _table(task: dict[str, Any]) -> list[str]:
    rows = [["  on", "pictures", "as it was", "adapted", "difference", ""]]
    for row in task["rows"]:
        error = is_error(task["kind"])
        change = signed(row["difference"], ".3g") if error else f"{signed(100 * row['difference'])} points"
        scores = [score_text(task["kind"], row[side]) for side in ("before", "after")]
        rows.append([f"  {row['on']}", str(row["pictures"]), *scores, change, row["conclusion"]])
    return aligned(rows, left=1)
