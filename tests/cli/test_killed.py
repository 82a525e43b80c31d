"""A run that is killed at any moment, or whose last checkpoint is damaged, ends with the bits of one that was not."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.forks import Forks, Strike
from tests.engine.training.runs import project, two_tasks, with_dropout
from workbench.project.history import RunHistory
from workbench.project.runs import read_run
from workbench.project.store import ProjectFile

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="killing twenty times takes minutes without fork")

KILLS = 20
MOST_LINES = 16
"""A process is killed after up to so many events."""
MOST_ACTS = 60
"""Or within the first checkpoints, of which each takes about twenty acts."""
LONGEST_S = 1.5
"""Or after some time."""


@dataclass(frozen=True)
class Whole:
    """A project with one run that nothing has disturbed, and where its processes come from."""

    folder: Path
    forks: Forks

    def train(
        self, *options: str, lines: int | None = None, strike: Strike | None = None
    ) -> tuple[list[dict[str, Any]], int]:
        return self.forks.carry_out(["train", str(self.folder), "--events", *options], lines, strike=strike)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, forks: Forks) -> Whole:
    folder = tmp_path_factory.mktemp("killed")
    wanted = project(
        with_dropout(two_tasks(folder), 0.2),
        {"name": "mobilenet_v3_small", "freeze": 3},
        head_epochs=4,
        epochs=6,
        patience=0,
        ema=0.9,
        save_every_s=0.02,
    )
    whole = Whole(ProjectFile.create(folder / "p", wanted).folder, forks)
    events, code = whole.train("--name", "whole")
    assert code == 0, events
    return whole


def outcome(folder: Path, run: str) -> dict[str, Any]:
    """All that a run has come to and that must not hang on how often it was killed."""
    run_dir = folder / "runs" / run
    history = RunHistory.read(run_dir)
    manifests = {kind: (run_dir / "checkpoints" / kind / "manifest.json").read_text() for kind in ("last", "best")}
    assert read_run(folder, run).status == "finished"
    return {
        "weights": {kind: json.loads(text)["sha256"]["weights.safetensors"] for kind, text in manifests.items()},
        "losses": {task: (list(curve.x), repr(list(curve.y))) for task, curve in history.train_loss.items()},
        "rates": {name: (list(curve.x), list(curve.y)) for name, curve in history.learning_rates.items()},
        "epochs": [(e.phase, e.epoch, e.step, e.train, e.validation, e.best) for e in history.epochs],
        "phases": [(phase.name, phase.first_epoch) for phase in history.phases],
        "metrics": read_run(folder, run).metrics,
    }


def after_an_event(drawn: random.Random) -> dict[str, Any]:
    return {"lines": drawn.randint(1, MOST_LINES)}


def within_a_save(drawn: random.Random) -> dict[str, Any]:
    """About to open, make, rename or remove something of a checkpoint, or while one of its files is being written."""
    return {"strike": Strike(drawn.randint(1, MOST_ACTS), drawn.choice([0.0, drawn.uniform(1e-5, 3e-3)]))}


def at_any_time(drawn: random.Random) -> dict[str, Any]:
    return {"strike": Strike(0, drawn.uniform(0.2, LONGEST_S))}


def test_killed_at_twenty_moments_a_run_ends_with_the_bits_of_an_undisturbed_one(whole: Whole) -> None:
    expected = outcome(whole.folder, "001-whole")
    assert len(expected["epochs"]) == 10 and len(expected["losses"]["colour"][0]) == 30
    drawn, struck, run = random.Random(0), list[tuple[str, str]](), ""
    moments = [after_an_event, within_a_save, at_any_time]
    while run or len(struck) < KILLS:  # a run that has finished before the last kill is followed by another
        options = ["--resume", run] if run else ["--name", "killed"]
        moment = moments[len(struck) % len(moments)]
        events, code = whole.train(*options, **(moment(drawn) if len(struck) < KILLS else {}))
        if code in (-signal.SIGKILL, -signal.SIGALRM):
            struck.append((moment.__name__, events[-1]["event"] if events else "nothing"))
            run = run or (events[0]["run"] if events else "")
        else:
            assert code == 0
            run = events[0]["run"]
            assert outcome(whole.folder, run) == expected
            run = ""
    assert {kind for kind, _ in struck} == {moment.__name__ for moment in moments}
    assert len({event for _, event in struck}) >= 3  # in the midst of different things


def cut(data: bytes) -> bytes:
    return data[: len(data) // 3]


def torn(data: bytes) -> bytes:
    """Its second half never came to the disk."""
    return data[: len(data) // 2] + bytes(len(data) - len(data) // 2)


def flipped(data: bytes) -> bytes:
    place = len(data) * 2 // 3
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.fixture(scope="module")
def broken(whole: Whole) -> Path:
    """The folder of a run that was killed while its stages trained, with two checkpoints."""
    events, code = whole.train("--name", "broken", lines=40)
    assert code == -signal.SIGKILL
    run_dir = whole.folder / "runs" / events[0]["run"]
    assert {"last", "previous"} <= {path.name for path in (run_dir / "checkpoints").iterdir()}
    return run_dir


@pytest.mark.parametrize(
    ("name", "damage"), [("weights.safetensors", cut), ("state.pt", torn), ("weights.safetensors", flipped)]
)
def test_a_damaged_last_checkpoint_costs_a_few_steps_and_no_bit(
    whole: Whole, broken: Path, name: str, damage: Callable[[bytes], bytes]
) -> None:
    run_dir = broken.with_name(f"9{len(list(broken.parent.iterdir())):02}-damaged")
    shutil.copytree(broken, run_dir)
    file = run_dir / "checkpoints" / "last" / name
    file.write_bytes(damage(file.read_bytes()))
    with open(run_dir / "events.jsonl", "ab") as lines:
        lines.write(b'{"event": "step", "phase": "sta')  # the last line is torn as well
    events, code = whole.train("--resume", run_dir.name)
    assert code == 0
    assert any("is damaged" in event["text"] for event in events if event["event"] == "notice")
    assert outcome(whole.folder, run_dir.name) == outcome(whole.folder, "001-whole")
