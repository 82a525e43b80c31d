"""How long the program takes from its start to its first painted window.

    python -m tests.benchmarks.startup [--times 5]

Each time is that of a fresh process, from before it is started to its window's first paint; beside it stands a process
that does no more than import PySide6's widgets. Aim: a median under 1 s on a warm disk.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
AIM_S = 1.0

WINDOW = """
import os, sys, time
from workbench.gui.main_window import MainWindow
from workbench.cli import main

make = MainWindow.__init__

def make_and_watch(window, *arguments):
    make(window, *arguments)
    window.painted.connect(painted)

def painted():
    print(time.monotonic(), "torch" in sys.modules, flush=True)
    os._exit(0)

MainWindow.__init__ = make_and_watch
sys.exit(main([]))
"""

TOOLKIT_ONLY = """
import time
import PySide6.QtWidgets
print(time.monotonic(), False)
"""


def start_once(code: str, home: str) -> tuple[float, bool]:
    """Seconds from before the start of a process to what it prints, and whether it had loaded torch."""
    environment = {**os.environ, "XDG_CONFIG_HOME": home, "PYTHONPATH": str(ROOT)}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    begin = time.monotonic()  # of the whole system, so that two processes can compare
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    if done.returncode != 0 or not done.stdout:
        raise RuntimeError(done.stderr)
    moment, torch_loaded = done.stdout.split()
    return float(moment) - begin, torch_loaded == "True"


def main(argv: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5, help="how many fresh processes of each kind")
    times = parser.parse_args(argv).times
    with tempfile.TemporaryDirectory() as home:
        start_once(WINDOW, home)  # warms the disk
        window = [start_once(WINDOW, home) for _ in range(times)]
        toolkit = [start_once(TOOLKIT_ONLY, home)[0] for _ in range(times)]
    seconds = [first for first, _ in window]
    median, base = statistics.median(seconds), statistics.median(toolkit)
    print("first painted window, s: ", *(f"{value:.2f}" for value in seconds), f" median {median:.2f}")
    print("PySide6 alone, s:        ", *(f"{value:.2f}" for value in toolkit), f" median {base:.2f}")
    print(f"ratio {median / base:.1f}; torch in the window's process: {any(loaded for _, loaded in window)}")
    print(f"aim: {AIM_S:g} s: {'reached' if median <= AIM_S else 'missed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
