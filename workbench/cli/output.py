"""What a command prints: events as lines, one JSON document, or progress bars and sentences for people."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import Any, TextIO

from workbench.cli.jobs import CommandJob, JobRun
from workbench.cli.progress import Terminal
from workbench.cli.streams import claim_stdout, let_go, listen, obey, obey_signals
from workbench.core.control import Control
from workbench.core.events import Event, Result, RunFailed, to_json, to_line

Describe = Callable[[Any], str]


def add_output_arguments(parser: argparse.ArgumentParser) -> None:
    """`--json` and `--events`."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    group.add_argument(
        "--events",
        action="store_true",
        help="print every event as one line of JSON, and obey commands (pause, resume, stop, cancel) on standard input",
    )


def carry_out(job: CommandJob) -> int:
    """Run a job and print what it says in the form that was asked for; the process's exit code."""
    control = Control()
    obey_signals(control)
    run = JobRun(job.events(control), control)
    if job.args.events:
        with claim_stdout() as out:
            if not sys.stdin.isatty():
                listen(lambda message: obey(control, message))
            write_events(run, out, control)
    elif job.args.json:
        with claim_stdout() as out:
            _print_document(run, out)
    else:
        _tell_people(run, job.describe, control)
    return job.exit_code(run.exit_code)


def write_events(events: Iterable[Event], out: TextIO, control: Control) -> None:
    """Write each event as a line."""

    def write(event: Event) -> None:
        out.write(to_line(event) + "\n")
        out.flush()

    _hear(events, write, out, control)


def _hear(events: Iterable[Event], say: Callable[[Event], None], out: TextIO, control: Control) -> None:
    """Say each event; where `out` cannot be written any more the job is cancelled and still heard to its end."""
    for event in events:
        try:
            say(event)
        except OSError as error:
            let_go(out)
            control.cancel()
            if not isinstance(error, BrokenPipeError):
                print(f"Standard output cannot be written: {error.strerror}.", file=sys.stderr)


def _print_document(events: Iterable[Event], out: TextIO) -> None:
    document: Any = None
    found = False
    for event in events:
        if isinstance(event, Result):
            document, found = event.document, True
        elif isinstance(event, RunFailed):
            print_failure(event)
    if found:
        out.write(to_json(document, indent=1) + "\n")
        out.flush()


def _tell_people(events: Iterable[Event], describe: Describe, control: Control) -> None:
    terminal = Terminal(sys.stderr, sys.stdout)

    def tell(event: Event) -> None:
        if isinstance(event, Result):
            terminal.clear()
            print(describe(event.document), flush=True)
        elif isinstance(event, RunFailed):
            terminal.clear()
            print_failure(event)
        else:
            terminal.show(event)

    _hear(events, tell, sys.stdout, control)
    terminal.clear()


def print_failure(event: RunFailed) -> None:
    """Say on standard error what went wrong."""
    if event.traceback:
        print(event.traceback, file=sys.stderr)
    print(f"{event.error} {event.advice}".strip(), file=sys.stderr)
