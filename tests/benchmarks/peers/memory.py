"""The most anonymous memory that a run's processes hold at once, by the number of its pictures (Linux only)."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from tests.benchmarks.peers.pictures import draw
from tests.benchmarks.peers.race import ROOT, environment

EVERY_S = 0.05
SIZE = 32
SETTINGS = {"image_size": SIZE, "head_epochs": 3, "epochs": 1, "batch_size": 32, "precision": "fp32"}


def peak_bytes(pictures: int, threads: int, home: Path) -> int:
    """Peak of RssAnon, summed over the processes of a run on so many small pictures: heads first, then a stage."""
    with tempfile.TemporaryDirectory() as folder:
        data, project = Path(folder, "data"), Path(folder, "project")
        draw(data, pictures * 4 // 5, pictures // 5, (SIZE, SIZE))
        new = ["new", str(project), "--task", f"class={data}", "--backbone", "resnet18", "--weights", "none"]
        new += ["--freeze", "4", *(f"--set=recipe.{name}={value}" for name, value in SETTINGS.items())]
        workbench = [sys.executable, "-m", "workbench"]
        surroundings = environment(home, threads)
        subprocess.run([*workbench, *new], env=surroundings, cwd=ROOT, check=True, capture_output=True)
        train = [*workbench, "train", str(project)]
        with subprocess.Popen(
            train, env=surroundings, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            peak = _watch(process)
        if process.returncode != 0:
            raise RuntimeError(f"workbench train ended with {process.returncode}")
        return peak


def _watch(process: subprocess.Popen[bytes]) -> int:
    peak = 0
    while process.poll() is None:
        peak = max(peak, _tree_bytes(process.pid))
        time.sleep(EVERY_S)
    return peak


def _tree_bytes(pid: int) -> int:
    total = 0
    with suppress(psutil.Error):
        for each in (parent := psutil.Process(pid), *parent.children(recursive=True)):
            total += _anonymous_bytes(each.pid)
    return total


def _anonymous_bytes(pid: int) -> int:
    with suppress(OSError):  # it has just ended
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    return 0
