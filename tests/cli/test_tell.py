"""The run that trains now is told something from another terminal."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.forks import Forks
from tests.engine.training.runs import project, two_tasks
from workbench.cli import main
from workbench.core.changes import CHANGES_FILE, read_changes
from workbench.project.recorder import EVENTS_FILE
from workbench.project.store import ProjectFile
from workbench.project.told import TOLD_FILE

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes of these tests are forked")


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """The folder of a project whose heads would train for hours."""
    wanted = project(two_tasks(tmp_path), {"name": "squeezenet1_0"}, preset="probe", epochs=10_000, save_every_s=0.0)
    return ProjectFile.create(tmp_path / "p", wanted).folder


def test_the_running_run_is_changed_paused_and_stopped(
    endless: Path, forks: Forks, capfd: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []

    def tell(*words: str) -> int:
        return main(["tell", str(endless), *words])

    def watch(event: dict[str, Any]) -> None:
        if event["event"] == "step" and not said:
            said.append("told")
            assert tell("--set", "recipe.learning_rate=0.001", "--set", "tasks.pattern.weight=2") == 0
            for wrong in (["--set", "recipe.epochs=3"], ["--set", "tasks.pattern.weight=-1"], ["pause", "--task", "x"]):
                assert tell(*wrong) == 2
        elif event["event"] == "changed":
            said.append("changed")
            assert tell("pause", "--task", "colour") == 0
        elif event["event"] == "task_paused":
            said.append(f"{event['task']} is paused")
            assert tell("stop", "--json") == 0

    events, code = forks.carry_out(["train", str(endless), "--events"], watch=watch)
    assert code == 0 and events[-1]["status"] == "stopped"
    assert said == ["told", "changed", "colour is paused"]
    (changed,) = [event for event in events if event["event"] == "changed"]
    assert changed["settings"] == {"recipe.learning_rate": ["auto", 0.001], "tasks.pattern.weight": [1.0, 2.0]}
    assert not (endless / "runs/001-probe" / TOLD_FILE).exists()
    told, errors = capfd.readouterr()
    assert "From its next epoch on, run 001-probe has recipe.learning_rate = 0.001." in told
    assert json.loads(told[told.index("{") :]) == {"run": "001-probe", "told": [{"command": "stop"}]}
    assert "recipe.epochs cannot be changed while a run trains" in errors and "tasks.pattern.weight = -1" in errors


def _until_it_rests(run_dir: Path) -> None:
    """Wait until a run has said nothing for as long as many of its steps take."""
    said, until = -1, time.monotonic() + 20.0
    while time.monotonic() < until:
        now = (run_dir / EVENTS_FILE).stat().st_size
        if now == said:
            return
        said = now
        time.sleep(1.0)


def test_what_was_told_in_a_pause_is_obeyed_though_the_run_was_killed_before_it_went_on(
    endless: Path, forks: Forks
) -> None:
    told: list[str] = []
    kept = endless / "runs/001-probe" / CHANGES_FILE

    def tell(*words: str) -> None:
        assert main(["tell", str(endless), *words]) == 0
        told.append(words[0])

    def until_it_is_kept(event: dict[str, Any]) -> bool:
        if event["event"] == "step" and not told:
            tell("pause")
            _until_it_rests(kept.parent)
            tell("--set", "recipe.learning_rate=0.0001")
            until = time.monotonic() + 20.0
            while not kept.exists() and time.monotonic() < until:
                time.sleep(0.01)
            return True
        return False

    events, code = forks.carry_out(["train", str(endless), "--events"], watch=until_it_is_kept)
    assert code == -signal.SIGKILL and not any(event["event"] == "changed" for event in events)
    (change,) = read_changes(kept.parent)
    seen: list[str] = []

    def until_a_step_after_it(event: dict[str, Any]) -> bool:
        seen.append(event["event"])
        return seen[-1] == "step" and "changed" in seen

    events, code = forks.carry_out(["train", str(endless), "--events", "--resume"], watch=until_a_step_after_it)
    assert code == -signal.SIGKILL and "run_resumed" in seen
    (changed,) = [event for event in events if event["event"] == "changed"]
    assert (changed["epoch"], changed["settings"]) == (change.epoch, {"recipe.learning_rate": ["auto", 0.0001]})
    before, after = (
        [max(max(values) for values in e["learning_rates"].values()) for e in part if e["event"] == "step"]
        for part in (events[: events.index(changed)], events[events.index(changed) :])
    )
    assert max(after) <= 0.0001 < min(before)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ((), "Nothing is to be told"),
        (("stop",), "No run of this project trains now"),
        (("stop", "--release"), "--release belongs to a pause"),
        (("stop", "--task", "colour"), "--task belongs to"),
    ],
)
def test_what_cannot_be_told_is_refused(
    picture_project: Path, words: tuple[str, ...], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tell", str(picture_project), *words]) == 2
    assert named in capsys.readouterr().err
