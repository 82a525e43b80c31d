import os
import subprocess
import sys
import time

import psutil
import pytest

from workbench.project.awake import kept_awake

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="each system has its own way")

HOLD = """
import time
from workbench.project.awake import kept_awake
with kept_awake() as held:
    print(held, flush=True)
    time.sleep(60)
"""


def pretend(folder, name, script):
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A folder of programs that stand before all others."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.defpath}")
    return folder


def inhibitor(folder, allowed="*"):
    """A systemd-inhibit that leaves a file while it holds, and refuses to keep what is not allowed."""
    skip = 'what=$1; while [ "${1#--}" != "$1" ]; do shift; done'
    holds = f'case "$what" in {allowed}) ;; *) exit 1;; esac; touch "{folder}/held"; "$@"; rm "{folder}/held"'
    pretend(folder, "systemd-inhibit", f"{skip}; {holds}")


def test_the_computer_is_held_awake_and_let_go(programs):
    inhibitor(programs)
    before = psutil.Process().children(recursive=True)
    with kept_awake() as held:
        assert held and (programs / "held").exists()
        holders = [each for each in psutil.Process().children(recursive=True) if each not in before]
    assert holders and not psutil.wait_procs(holders, timeout=5)[1]


def test_where_sleep_may_not_be_held_back_idling_is(programs):
    inhibitor(programs, allowed="--what=idle")
    with kept_awake() as held:
        assert held


def test_where_nothing_can_it_is_said(programs):
    for name in ("systemd-inhibit", "elogind-inhibit", "gnome-session-inhibit"):
        pretend(programs, name, "exit 1")
    before = psutil.Process().children()
    with kept_awake() as held:
        assert not held
    assert psutil.Process().children() == before


def test_a_killed_run_holds_nothing(programs):
    inhibitor(programs)
    process = subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().strip() == "True"
    assert (programs / "held").exists()
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 10
    while (programs / "held").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
