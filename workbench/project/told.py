"""What a running job is told from another process: lines of JSON in a file of the run's folder."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workbench.core.errors import RequestError
from workbench.project.lock import running
from workbench.project.runs import runs_dir

TOLD_FILE = "told.jsonl"
_POLL_S = 0.3


def telling(project_dir: Path) -> Path:
    """The folder of the run that trains now and can be told something.

    Raises:
        RequestError: none does.
    """
    run = running(runs_dir(project_dir))
    if run is None:
        raise RequestError("No run of this project trains now.", "Start one with `workbench train`.")
    folder = runs_dir(project_dir) / run
    if not folder.is_dir():
        raise RequestError(f"{run} trains, and only runs can be told something.", "Wait until it has ended.")
    return folder


def tell(run_dir: Path, message: dict[str, Any]) -> None:
    """Tell the job of a run something, as its standard input would."""
    with open(run_dir / TOLD_FILE, "a", encoding="utf-8") as file:
        file.write(json.dumps(message) + "\n")


@contextmanager
def hearing(run_dir: Path, on_message: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """Inside, a thread of its own hears what is told; what was told to the run before is forgotten."""
    path, ended = run_dir / TOLD_FILE, threading.Event()
    path.unlink(missing_ok=True)

    def hear() -> None:
        heard = 0
        while not ended.wait(_POLL_S):
            if path.exists():
                heard += _pass_on(path, heard, on_message)

    thread = threading.Thread(target=hear, name="told", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        path.unlink(missing_ok=True)


def _pass_on(path: Path, heard: int, on_message: Callable[[dict[str, Any]], None]) -> int:
    """Pass on the whole lines behind the first `heard` bytes; how many bytes that were."""
    with open(path, "rb") as file:
        file.seek(heard)
        lines = file.read()
    whole = lines[: lines.rfind(b"\n") + 1]
    for line in whole.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            print(f"Not understood in {path}: {line[:200]!r}", file=sys.stderr)
            continue
        if isinstance(message, dict):
            on_message(message)
    return len(whole)
