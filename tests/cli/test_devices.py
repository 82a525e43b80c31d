"""Runs on two devices, as typed in a shell: a process that dies ends the other, which keeps what was done."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch

from tests.warm import Popen, program
from workbench.engine.training.checkpoints import intact
from workbench.project.lock import run_lock
from workbench.project.runs import read_run

pytestmark = pytest.mark.timeout(300)
SOON_S = 10


@contextmanager
def started(*words: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A command line whose events can be read; it does not outlive the test."""
    process = Popen(
        program(*words),
        env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(process: subprocess.Popen[str], wanted: str) -> dict[str, Any]:
    """The first event of that name that a process says from now on."""
    assert process.stdout is not None
    for line in process.stdout:
        event: dict[str, Any] = json.loads(line)
        if event["event"] == wanted:
            return event
    raise AssertionError(f"no {wanted}: {process.communicate()[1]}")


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def a_port() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


def placed(rank: int, port: str) -> dict[str, str]:
    """What torchrun tells the process of a rank, one of two on this machine."""
    meeting = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "LOCAL_WORLD_SIZE": "2"}
    return {**meeting, "RANK": str(rank), "LOCAL_RANK": str(rank)}


def last_steps(run: Path) -> tuple[int, int]:
    """The last step that a run has said, and the one after which its last checkpoint was written."""
    events = [json.loads(line) for line in (run / "events.jsonl").read_text("utf-8").splitlines()]
    return max(event["last"] for event in events if event["event"] == "step"), kept_step(run)


def kept_step(run: Path) -> int:
    """The step after which the last checkpoint was written."""
    step: int = torch.load(run / "checkpoints" / "last" / "state.pt", weights_only=True)["step"]
    return step


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_process_that_is_killed_ends_the_others_which_keep_what_was_done(endless_project: Path) -> None:
    project, run = str(endless_project), endless_project / "runs" / "001-full"
    with started("train", project, "--devices", "2", "--events") as first:
        until(first, "epoch")
        (second,) = psutil.Process(first.pid).children()
        second.kill()
        begin = time.monotonic()
        failed = until(first, "run_failed")
        assert "One of the 2 processes" in failed["error"] and "Resume" in failed["advice"]
        assert first.wait(SOON_S) == 1 and time.monotonic() - begin < SOON_S
    said, kept = last_steps(run)
    assert said == kept and read_run(endless_project, run.name).status == "failed"
    assert not list(run.glob(".meet*"))

    with started("train", project, "--resume", "--devices", "2", "--events") as first:
        assert until(first, "run_resumed")["step"] > 0
        until(first, "epoch")
        until(first, "epoch")  # the first one's checkpoint is on disk
        (second,) = psutil.Process(first.pid).children()
        written = kept_step(run)
        first.kill()
        begin = time.monotonic()
        while not is_gone(second.pid):
            assert time.monotonic() - begin < SOON_S, "the other is still there"
    assert read_run(endless_project, run.name).status == "interrupted"
    assert kept_step(run) > written  # by the one that was left: the next of the first would have come much later
    assert intact(run / "checkpoints" / "last")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_processes_that_were_started_from_outside_find_each_other(endless_project: Path) -> None:
    words, port = ("train", str(endless_project), "--events"), a_port()
    with started(*words, **placed(1, port)) as second, started(*words, **placed(0, port)) as first:
        assert until(first, "run_started")["device"] == "2 devices, first cpu"
        until(first, "epoch")
        second.send_signal(signal.SIGTERM)  # as a cluster does when time is over: to any of them
        assert until(first, "run_ended")["status"] == "interrupted" and first.wait(SOON_S) == 130
        assert until(second, "run_ended")["status"] == "interrupted" and second.wait(SOON_S) == 130
    assert [path.name for path in (endless_project / "runs").iterdir() if path.is_dir()] == ["001-full"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("recipe.device=cuda:7", "cuda:7"),  # by the engine
        ("", "is training"),  # before the engine is asked
    ],
)
def test_a_process_that_waits_for_one_that_is_refused_ends_with_the_same_sentence(
    endless_project: Path, wrong: str, said: str
) -> None:
    words, port = ("train", str(endless_project), *(("--set", wrong) if wrong else ())), a_port()
    with (
        run_lock(endless_project / "runs", "001-full") if not wrong else nullcontext(),
        started(*words, **placed(1, port)) as second,
        started(*words, **placed(0, port)) as first,
    ):
        sentence = first.communicate(timeout=100)[1]
        assert first.returncode == 2 and said in sentence and sentence.count("\n") == 1
        assert second.communicate(timeout=SOON_S)[1] == sentence and second.returncode == 2


def test_more_devices_than_there_are_are_refused_and_nothing_is_written(endless_project: Path) -> None:
    with started("train", str(endless_project), "--devices", "1000") as process:
        _, said = process.communicate(timeout=100)
    assert process.returncode == 2
    assert "1000 devices were asked for, but this machine has" in said
    assert said.count("\n") == 1
    assert not (endless_project / "runs").exists()
