"""Warm processes are like others: their streams, place, environment, exit codes and signals."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.warm import HERE, Popen, program, shell
from workbench.project.runs import read_run

pytestmark = pytest.mark.skipif(not HERE, reason="there are none")


def test_place_environment_streams_and_exit_code(tmp_path: Path) -> None:
    told = shell("runs", "p", cwd=tmp_path)
    assert (told.returncode, told.stdout) == (2, "") and f"{tmp_path / 'p'} holds no project" in told.stderr
    told = shell("weights", "--json", env={**os.environ, "TORCH_HOME": str(tmp_path / "weights")})
    assert (told.returncode, told.stderr) == (0, "") and str(tmp_path / "weights") in told.stdout
    assert shell("--help").stdout.startswith("usage: workbench")


def test_a_warm_process_hears_signals_and_its_end_is_told(endless_project: Path) -> None:
    command = program("train", endless_project, "--events")
    for number, code in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 130)):
        with Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
            next(line for line in process.stdout if '"epoch"' in line)
            assert process.poll() is None
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.01)
            process.send_signal(number)
            process.stdout.read()
            assert process.wait(20) == process.poll() == code
    runs = [read_run(endless_project, name).status for name in ("001-full", "002-full")]
    assert runs == ["interrupted", "interrupted"]
