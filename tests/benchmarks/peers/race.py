"""Entrants that do the same work by turns, each time in a fresh process."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks.peers.child import ABSENT
from tests.benchmarks.peers.work import Work

ROOT = Path(__file__).parents[3]
_PATIENCE_S = 1800


@dataclass(frozen=True)
class Times:
    """Of one entrant, one value for each time that it did the work.

    Attributes:
        cpu_s: CPU seconds of the whole work.
        epoch_s: CPU seconds of an epoch after the first, with its validation.
        wall_s: seconds by the clock on the wall.
    """

    cpu_s: tuple[float, ...]
    epoch_s: tuple[float, ...]
    wall_s: tuple[float, ...]

    @property
    def cpu(self) -> float:
        return statistics.median(self.cpu_s)

    @property
    def epoch(self) -> float:
        return statistics.median(self.epoch_s)


def race(entrants: Sequence[str], work: Work, repeats: int, home: Path) -> dict[str, Times | str]:
    """What each entrant took, or the name of the library that it lacks.

    Args:
        home: where entrants keep what they keep for the user; work's scratch folder is made anew each time.
    """
    found: dict[str, list[dict[str, object]]] = {name: [] for name in entrants}
    absent: dict[str, str] = {}
    for _ in range(repeats):
        for name in entrants:
            if name in absent:
                continue
            result = once(name, work, home)
            if ABSENT in result:
                absent[name] = str(result[ABSENT])
            else:
                found[name].append(result)
    return {name: absent.get(name) or _times(results, work.epochs) for name, results in found.items()}


def once(name: str, work: Work, home: Path) -> dict[str, object]:
    """Let one entrant do the work.

    Raises:
        RuntimeError: it failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        scratch, result = Path(folder, "scratch"), Path(folder, "result.json")
        scratch.mkdir()
        given = replace(work, scratch=str(scratch))
        command = [sys.executable, "-m", "tests.benchmarks.peers.child", name, given.to_json(), str(result)]
        done = subprocess.run(
            command, env=environment(home, work.threads), cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE_S
        )
        if done.returncode != 0:
            raise RuntimeError(f"{name} failed:\n{done.stderr}")
        answer: dict[str, object] = json.loads(result.read_text(encoding="utf-8"))
        return answer


def environment(home: Path, threads: int) -> dict[str, str]:
    """Of a process that keeps to the CPU, to so many threads, and to its own corner of the disk."""
    own = {
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": str(threads),
        "CUDA_VISIBLE_DEVICES": "",
        "XDG_CACHE_HOME": str(home / "cache"),
        "YOLO_CONFIG_DIR": str(home / "ultralytics"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "MPLBACKEND": "Agg",
    }
    return {**os.environ, **own}


def _times(results: Sequence[dict[str, object]], epochs: int) -> Times:
    columns = {key: tuple(result[key] for result in results) for key in ("cpu_s", "wall_s")}
    each = tuple(_epoch(result["epochs"], epochs) for result in results)
    return Times(columns["cpu_s"], each, columns["wall_s"])  # type: ignore[arg-type]


def _epoch(ends: object, epochs: int) -> float:
    """Of the marks beyond the last epoch, which Ultralytics' final validation leaves, none counts."""
    assert isinstance(ends, list)
    return (ends[epochs - 1] - ends[0]) / (epochs - 1)
