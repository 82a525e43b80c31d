"""Files that are written aside first, and what a process that was killed leaves of them."""

import os
import subprocess
import sys

from workbench.engine.export.aside import aside_of


def test_what_a_dead_process_has_left_goes_and_what_another_writes_stays(tmp_path):
    path = tmp_path / "exports" / "a.onnx"
    mine = aside_of(path)
    assert mine.parent.is_dir() and str(os.getpid()) in mine.name
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, alive = (path.with_name(f".a.onnx.{number}.new") for number in (dead.pid, os.getppid()))
    for file in (left, alive):
        file.touch()
    assert aside_of(path) == mine and alive.exists() and not left.exists()
