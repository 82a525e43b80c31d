"""t-SNE and UMAP in a process of their own: they take minutes, and neither of them can be asked to stop."""

from __future__ import annotations

import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.events import Event, Progress

DRAWING = "drawing the map"
FEWEST = 5
"""Pictures from which on there are neighbours to keep near."""
STEPS = 1000
"""Of t-SNE; UMAP says itself how many it takes."""
_STEP = {"tsne": re.compile(r"Iteration (\d+)()"), "umap": re.compile(r"completed\s+(\d+)\s*/\s*(\d+)")}
"""What in its own account says how far a method is, and of how much."""
_POLL_S = 0.2


def manifold(
    method: str, values: npt.NDArray[np.float32], control: Control
) -> Generator[Event, None, npt.NDArray[np.float64] | None]:
    """Values (n, C), n at least FEWEST, in two dimensions (n, 2); yields Progress. None when told to end.

    Methods: van der Maaten and Hinton, "Visualizing data using t-SNE", JMLR 2008; McInnes, Healy and Melville, "UMAP",
    arXiv 1802.03426. Both begin with the first two of the values, and draw chance from a fixed seed.

    Raises:
        RunError: the method failed.
    """
    with tempfile.TemporaryDirectory(prefix="workbench-map-") as folder:
        given, made = Path(folder) / "values.npy", Path(folder) / "map.npy"
        np.save(given, values)
        command = [sys.executable, "-m", "workbench.engine.insight.embedding.manifold_child"]
        child = subprocess.Popen(
            [*command, method, str(given), str(made)],
            stdin=subprocess.PIPE,  # its end tells the child that nobody waits any more
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        with child:
            try:
                last = yield from _follow(child, method, control)
            finally:
                child.kill()
        if last is None:
            return None
        if child.returncode != 0 or not made.is_file():
            raise RunError(f"The map by {method} could not be drawn: {last}.", "Draw it with --method pca.")
        found: npt.NDArray[np.float64] = np.load(made).astype(np.float64)
        return found


def _follow(
    child: subprocess.Popen[bytes], method: str, control: Control
) -> Generator[Event, None, str | None]:
    """What the child says, until it ends: its last line. None when told to end."""
    assert child.stdout is not None
    said: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_listen, args=(child.stdout, said), name="map progress", daemon=True).start()
    yield Progress(what=DRAWING, done=0, total=STEPS)
    last = "it said nothing"
    while not control.ending:
        try:
            line = said.get(timeout=_POLL_S)
        except queue.Empty:
            continue
        if line is None:
            child.wait()
            return last
        last = line
        step = _STEP[method].search(line)
        if step:
            yield Progress(what=DRAWING, done=int(step[1]), total=int(step[2] or STEPS))
    return None


def _listen(stream: IO[bytes], said: queue.Queue[str | None]) -> None:
    for line in stream:
        if text := line.decode(errors="replace").strip():
            said.put(text)
    said.put(None)
