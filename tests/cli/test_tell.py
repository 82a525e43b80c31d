"""The run that trains now is told something from another terminal."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.forks import Forks
from tests.engine.training.runs import project, two_tasks
from workbench.cli import main
from workbench.project.store import ProjectFile
from workbench.project.told import TOLD_FILE

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes of these tests are forked")


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """The folder of a project whose heads would train for hours."""
    wanted = project(two_tasks(tmp_path), {"name": "squeezenet1_0"}, preset="probe", epochs=10_000, save_every_s=0.0)
    return ProjectFile.create(tmp_path / "p", wanted).folder


def test_the_running_run_is_changed_paused_and_stopped(endless: Path, capfd: pytest.CaptureFixture[str]) -> None:
    forks, said = Forks(), list[str]()

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
    forks.close()
    assert code == 0 and events[-1]["status"] == "stopped"
    assert said == ["told", "changed", "colour is paused"]
    (changed,) = [event for event in events if event["event"] == "changed"]
    assert changed["settings"] == {"recipe.learning_rate": ["auto", 0.001], "tasks.pattern.weight": [1.0, 2.0]}
    assert not (endless / "runs/001-probe" / TOLD_FILE).exists()
    told, errors = capfd.readouterr()
    assert "From its next epoch on, run 001-probe has recipe.learning_rate = 0.001." in told
    assert json.loads(told[told.index("{") :]) == {"run": "001-probe", "told": [{"command": "stop"}]}
    assert "recipe.epochs cannot be changed while a run trains" in errors and "tasks.pattern.weight = -1" in errors


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
