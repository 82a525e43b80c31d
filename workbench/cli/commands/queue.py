"""`queue PROJECT`: the runs that wait; add, move and remove them, pause the queue, or work through it."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Literal

from workbench.cli.commands import train
from workbench.cli.common import add_notify_argument, add_project_argument, add_set_argument, with_assignments
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments, carry_out
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Progress, Result, RunEnded, RunFailed, stamped, to_json
from workbench.project.corrections import corrected_since
from workbench.project.lock import TrainingElsewhere, running
from workbench.project.queue import (
    Queue,
    Waiting,
    add_run,
    move_run,
    open_queue,
    pause_queue,
    read_queue,
    remove_run,
)
from workbench.project.repeats import add_folds, add_seeds, project_of
from workbench.project.runs import find_run, interrupted_run, runs_dir
from workbench.project.store import ProjectFile

_QUEUE = "queue"
"""What its own events bear as their run."""
_POLL_S = 0.5
_RUN = "its place, its id, or its name where only one is called so"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    _add_json(parser, default=False)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions (default: list)")
    for name, (text, take_arguments, act) in _ACTIONS.items():
        action = actions.add_parser(name, help=text, description=f"{text.capitalize()}.")
        take_arguments(action)
        action.set_defaults(act=act)
    parser.set_defaults(act=_told(_list))


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    code: int = args.act(args)
    return code


class StartJob(CommandJob):
    """Works through the queue: one run after another, until none waits or the queue is paused."""

    def events(self, control: Control) -> Iterator[Event]:
        file = ProjectFile.read(self.args.project)
        began = time.monotonic()
        open_queue(file.folder)
        done: list[dict[str, str]] = []
        while (waiting := self._next(file)) is not None and not control.ending:
            if (holder := running(runs_dir(file.folder))) is not None:
                yield Progress(run=_QUEUE, what=f"waiting for {holder} to end", done=0, total=0)
                time.sleep(_POLL_S)
                continue
            left = len(read_queue(file.folder).runs) - 1
            yield Notice(run=_QUEUE, level="info", text=f"{waiting.name} begins; {_number(left)} behind it.")
            yield from self._carried_out(file, waiting, control, done)
        document = {**to_document(file), "done": done}
        yield Result(run=_QUEUE, what="queue", document=document)
        yield RunEnded(run=_QUEUE, status=_status(document, control), best=None, elapsed_s=time.monotonic() - began)

    def describe(self, document: dict[str, Any]) -> str:
        return "\n".join(_listed(document)) if "done" in document else train.describe(document)

    def _next(self, file: ProjectFile) -> Waiting | None:
        queue = read_queue(file.folder)
        return None if queue.paused else queue.next

    def _carried_out(
        self, file: ProjectFile, waiting: Waiting, control: Control, done: list[dict[str, str]]
    ) -> Iterator[Event]:
        """The events of one run. What refuses it is told, and the others go on."""
        words = [str(file.folder), "--queued", waiting.id, *(["--notify"] if self.args.notify else [])]
        try:
            for event in train.Job(train.typed(*words)).events(control):
                yield event
                if isinstance(event, RunEnded):
                    done.append({"run": event.run, "status": event.status})
        except TrainingElsewhere:
            return  # another run was quicker, and this one waits on
        except RequestError as error:
            if self._next(file) == waiting:
                raise
            yield stamped(RunFailed(error=error.text, advice=error.fix, traceback=""), _QUEUE)


def _status(document: dict[str, Any], control: Control) -> Literal["finished", "stopped", "failed", "interrupted"]:
    """How the whole ended; failed where one run did, or could not begin."""
    if control.ending:
        return "interrupted" if control.cancel_requested else "stopped"
    refused = any(row["problem"] for row in document["runs"])
    return "failed" if refused or any(each["status"] == "failed" for each in document["done"]) else "finished"


def to_document(file: ProjectFile) -> dict[str, Any]:
    """The queue as `queue --json` prints it."""
    queue = read_queue(file.folder)
    return {
        "paused": queue.paused,
        "running": running(runs_dir(file.folder)),
        "interrupted": interrupted_run(file.folder),
        "runs": [_row(queue, run) for run in queue.runs],
    }


def _row(queue: Queue, run: Waiting) -> dict[str, Any]:
    data = run.model_dump()
    return {"place": queue.place(run.id), "run": data.pop("name"), "status": "queued", **data}


def _listed(document: dict[str, Any]) -> list[str]:
    lines = []
    if document["running"]:
        lines.append(f"{document['running']} is training.")
    if document["interrupted"]:
        lines.append(f"{document['interrupted']} was interrupted; go on with it by: workbench train PROJECT --resume.")
    if not document["runs"]:
        return [*lines, "No run waits in the queue."]
    count = _number(len(document["runs"]))
    held = "it is paused; begin" if document["paused"] else "work through it"
    lines.append(f"The queue holds {count}; {held} by: workbench queue PROJECT start.")
    for row in document["runs"]:
        settings, problem = row["settings"], row["problem"]
        asked = [f"{key} {value}" for key, value in settings.get("recipe", {}).items()]
        backbone = settings.get("backbone", {}).get("name", "")
        lines.append(f"{row['place']:>3}  {row['run']:<20} {', '.join(filter(None, [backbone, *asked]))}".rstrip())
        lines += [f"     It could not begin: {problem}"] if problem else []
    return lines


def _number(runs: int) -> str:
    return "1 run" if runs == 1 else f"{runs or 'no'} runs"


def _told(act: Callable[[ProjectFile, argparse.Namespace], str]) -> Callable[[argparse.Namespace], int]:
    """Carry an action out, then say what it says and what waits now."""

    def carried_out(args: argparse.Namespace) -> int:
        file = ProjectFile.read(args.project)
        said = act(file, args)
        document = to_document(file)
        print(to_json(document, indent=1) if args.json else "\n".join(filter(None, [said, *_listed(document)])))
        return 0

    return carried_out


def _list(_file: ProjectFile, _args: argparse.Namespace) -> str:
    return ""


def _add(file: ProjectFile, args: argparse.Namespace) -> str:
    if args.seeds is not None and args.folds is not None:
        raise RequestError("--seeds and --folds exclude each other.", "Add the runs of one, then those of the other.")
    origin = file.project if args.run is None else project_of(file.folder, args.run)
    project, name = with_assignments(origin, args.assignments), args.name or ""
    if args.run is not None and corrected_since(file.folder, find_run(file.folder, args.run)):
        print(
            f"Labels were corrected after run {args.run} began: runs like it learn from the labels as they are now.",
            file=sys.stderr,
        )
    if args.seeds is not None:
        runs = add_seeds(file.folder, project, args.seeds, name)
    elif args.folds is not None:
        runs = add_folds(file.folder, project, args.folds, name)
    else:
        runs = [add_run(file.folder, project, name)]
    place, last = read_queue(file.folder).place(runs[0].id), len(runs) - 1
    if not last:
        return f"{runs[0].name} waits at place {place}."
    return f"{runs[0].name} to {runs[last].name} wait at places {place} to {place + last}."


def _move(file: ProjectFile, args: argparse.Namespace) -> str:
    if args.place < 1:
        raise RequestError(f"There is no place {args.place}.", "Places are counted from 1.")
    run = read_queue(file.folder).find(args.run)
    return f"{run.name} waits at place {move_run(file.folder, run.id, args.place).place(run.id)} now."


def _remove(file: ProjectFile, args: argparse.Namespace) -> str:
    queue = read_queue(file.folder)
    runs = [queue.find(wanted) for wanted in args.run]
    for run in runs:
        remove_run(file.folder, run.id)
    return f"Removed: {', '.join(run.name for run in runs)}."


def _pause(file: ProjectFile, _args: argparse.Namespace) -> str:
    pause_queue(file.folder)
    return "No further run begins; one that trains goes on."


def _add_json(parser: argparse.ArgumentParser, default: Any = argparse.SUPPRESS) -> None:
    parser.add_argument("--json", action="store_true", default=default, help="print one JSON document and nothing else")


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", metavar="RUN", help="what the run will be called (default: its preset)")
    add_set_argument(parser, "for this run only")
    parser.add_argument("--run", metavar="RUN", help="take the settings of a run in place of the project's")
    parser.add_argument(
        "--seeds", metavar="N", type=int, help="N runs with seeds that no run of these settings has had yet"
    )
    parser.add_argument("--folds", metavar="K", type=int, help="K runs, each with another K-th of the pictures aside")
    _add_json(parser)


def _move_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help=_RUN)
    parser.add_argument("place", metavar="PLACE", type=int, help="the new place, counted from 1")
    _add_json(parser)


def _remove_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", nargs="+", help=_RUN)
    _add_json(parser)


def _start_arguments(parser: argparse.ArgumentParser) -> None:
    add_notify_argument(parser)
    add_output_arguments(parser)


_Action = tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], int]]
_ACTIONS: dict[str, _Action] = {
    "list": ("list what waits", _add_json, _told(_list)),
    "add": ("let a run of the project as it stands now wait behind the others", _add_arguments, _told(_add)),
    "move": ("let a run wait at another place", _move_arguments, _told(_move)),
    "remove": ("take runs out of the queue", _remove_arguments, _told(_remove)),
    "pause": ("begin no further run; one that trains goes on", _add_json, _told(_pause)),
    "start": (
        "work through the queue in this terminal, until none waits or it is paused",
        _start_arguments,
        lambda args: carry_out(StartJob(args)),
    ),
}
