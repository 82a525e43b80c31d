"""Memory that is kept for the next step, and returned when it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

STEPS = """
import resource
from workbench.engine import allocator
allocator.keep_freed()
import torch
def step():
    pieces = [torch.ones(4_000_000) for _ in range(6)]
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
before = [step() for _ in range(5)][-1]
print([step() for _ in range(5)][-1] - before)
"""

HOLDING = """
from pathlib import Path
from workbench.engine import allocator
allocator.keep_freed()
import torch
held = lambda: int(Path("/proc/self/statm").read_text().split()[1])
pieces = [torch.ones(4_000_000) for _ in range(4)]
del pieces
before = held()
allocator.give_back()
print(before - held())
"""


def printed(code: str) -> int:
    """The number that code prints in a fresh process."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only GNU's C library is told what to keep")


def test_what_a_step_frees_serves_the_next() -> None:
    assert printed(STEPS) < 2000, "pages; five steps that are cleared anew take more than 100,000"


def test_what_was_kept_can_be_given_back() -> None:
    assert printed(HOLDING) * 4096 > 3 * 4 * 4_000_000
