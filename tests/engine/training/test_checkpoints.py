from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.cli.forks import Strike
from tests.engine.training.runs import carry_out, project, two_tasks
from workbench.core.errors import RunError
from workbench.core.run_weights import fingerprint
from workbench.engine.training.checkpoints import WEIGHTS, Checkpoints, Kind, intact


def save(checkpoints: Checkpoints, value: float, kind: str = "last", same_as: Kind | None = None) -> Path:
    weights, state = {"w": torch.full((3,), value)}, {"value": value, "t": torch.ones(2)}
    return checkpoints.save(kind, weights, state, same_as)  # type: ignore[arg-type]


def read_value(checkpoints: Checkpoints, kind: str = "last") -> float | None:
    stored = checkpoints.read(kind)  # type: ignore[arg-type]
    if stored is None:
        return None
    assert torch.equal(stored.weights["w"], torch.full((3,), stored.state["value"]))
    return float(stored.state["value"])


def test_the_last_moves_to_previous_and_then_goes(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    assert read_value(checkpoints) is None
    for value in (1.0, 2.0, 3.0):
        save(checkpoints, value)
    names = sorted(path.name for path in (tmp_path / "checkpoints").iterdir())
    assert names == ["last", "previous"]
    assert sorted(p.name for p in checkpoints.folder("last").iterdir()) == [
        "manifest.json",
        "state.pt",
        "weights.safetensors",
    ]
    assert read_value(checkpoints) == 3.0


@pytest.mark.parametrize("name", ["weights.safetensors", "state.pt", "manifest.json"])
@pytest.mark.parametrize("damage", ["changed", "cut", "gone"])
def test_a_damaged_last_gives_way_to_the_previous(tmp_path: Path, name: str, damage: str) -> None:
    checkpoints = Checkpoints(tmp_path)
    save(checkpoints, 1.0)
    save(checkpoints, 2.0)
    file = checkpoints.folder("last") / name
    data = bytearray(file.read_bytes())
    if damage == "gone":
        file.unlink()
    else:
        data[len(data) // 2] ^= 0xFF
        file.write_bytes(bytes(data) if damage == "changed" else bytes(data[: len(data) // 2]))
    assert not intact(checkpoints.folder("last"))
    assert read_value(checkpoints) == 1.0


def test_a_damaged_last_never_takes_the_place_of_the_intact_one_before(tmp_path: Path) -> None:
    before = Checkpoints(tmp_path)
    save(before, 1.0)
    save(before, 2.0)
    weights = before.folder("last") / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    after = Checkpoints(tmp_path)  # another process goes on
    assert read_value(after) == 1.0
    save(after, 3.0)
    assert read_value(after) == 3.0
    (after.folder("last") / "state.pt").unlink()
    assert read_value(after) == 1.0


def test_killed_while_writing_leaves_what_was_there(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    save(checkpoints, 1.0)
    aside = tmp_path / "checkpoints" / ".last.1.new"
    aside.mkdir()
    (aside / "weights.safetensors").write_bytes(b"half")
    assert read_value(checkpoints) == 1.0
    # between the two renames: last has moved away, the new one is not in place yet
    checkpoints.folder("last").rename(checkpoints.folder("previous"))
    assert read_value(checkpoints) == 1.0


def test_the_best_survives_between_its_two_renames(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    save(checkpoints, 1.0, "best")
    save(checkpoints, 2.0, "best")
    assert sorted(path.name for path in (tmp_path / "checkpoints").iterdir()) == ["best"]
    mark = fingerprint(checkpoints.folder("best"))
    checkpoints.folder("best").rename(checkpoints.folder(".best.old"))
    assert read_value(checkpoints, "best") == 2.0
    checkpoints.put_back()
    assert fingerprint(checkpoints.folder("best")) == mark and not checkpoints.folder(".best.old").exists()
    checkpoints.put_back()
    assert read_value(checkpoints, "best") == 2.0


def test_a_run_that_goes_on_puts_a_best_back_whose_replacement_was_cut_short(tmp_path: Path) -> None:
    wanted = project(two_tasks(tmp_path, 3), preset="probe", epochs=1)
    carry_out(wanted, tmp_path)
    best = Checkpoints(tmp_path / "runs/001-run").folder("best")
    best.rename(best.with_name(".best.old"))
    carry_out(wanted, tmp_path, resume=True)
    assert intact(best) and (tmp_path / "runs/001-run/results/metrics.json").exists()


@pytest.mark.parametrize("links", [True, False])
def test_the_weights_of_best_and_last_are_on_the_disk_once_where_it_knows_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def refused(source: Path, target: Path) -> None:
        raise OSError("a disk without links")

    if not links:
        monkeypatch.setattr(os, "link", refused)
    checkpoints = Checkpoints(tmp_path)
    best, last = save(checkpoints, 1.0, "best"), save(checkpoints, 1.0, same_as="best")
    assert (best / WEIGHTS).samefile(last / WEIGHTS) == links and intact(last)
    save(checkpoints, 2.0, "best")
    assert (read_value(checkpoints), read_value(checkpoints, "best")) == (1.0, 2.0)


@pytest.mark.parametrize("ema", [0.0, 0.9])
def test_a_run_writes_weights_twice_only_where_its_model_is_their_average(
    tmp_path: Path, ema: float
) -> None:
    recipe = {"preset": "full", "epochs": 1, "ema": ema, "interpolate": "off"}
    carry_out(project(two_tasks(tmp_path, 3), {"name": "squeezenet1_0"}, **recipe), tmp_path)
    folder = Checkpoints(tmp_path / "runs/001-run").folder
    assert (folder("best") / WEIGHTS).samefile(folder("last") / WEIGHTS) == (ema == 0.0)
    assert intact(folder("best")) and intact(folder("last"))


def test_the_fingerprint_changes_with_the_checkpoint(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    with pytest.raises(RunError):
        fingerprint(checkpoints.folder("best"))
    first = fingerprint(save(checkpoints, 1.0, "best"))
    assert fingerprint(checkpoints.folder("best")) == first
    assert fingerprint(save(checkpoints, 2.0, "best")) != first
    assert len(json.loads((checkpoints.folder("best") / "manifest.json").read_text())["sha256"]) == 2


SMALL_FILES = """
import resource, signal, sys, torch
from pathlib import Path
from workbench.core.errors import RunError
from workbench.engine.training.checkpoints import Checkpoints, intact
checkpoints = Checkpoints(Path(sys.argv[1]))
checkpoints.save("last", {"w": torch.zeros(8)}, {})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
for weights, state in ((100_000, 1), (1, 100_000)):
    try:
        checkpoints.save("last", {"w": torch.zeros(weights)}, {"t": torch.zeros(state)})
    except RunError as error:
        assert "cannot be written" in error.text and "resume" in error.fix
    else:
        raise AssertionError("it was written")
    assert intact(checkpoints.folder("last"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only POSIX can limit the size of files")
def test_a_disk_that_takes_no_more_leaves_the_last_checkpoint_and_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SMALL_FILES, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked for each kill")
@pytest.mark.parametrize(("kind", "same_as"), [("last", None), ("last", "best"), ("best", None)])
def test_killed_anywhere_in_a_save_an_intact_one_is_left_and_the_next_save_works(
    tmp_path: Path, kind: str, same_as: Kind | None
) -> None:
    found, killed, act = set[float | None](), True, 0
    while killed:  # at each thing that a save does to files and folders, one after the other
        act += 1
        root = tmp_path / str(act)
        before = Checkpoints(root)
        for value in (1.0, 2.0):
            save(before, value, kind)
        if same_as:
            save(before, 3.0, same_as)
        child = os.fork()
        if not child:
            Strike(act).arm()
            save(Checkpoints(root), 3.0, kind, same_as)
            os._exit(0)
        killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        checkpoints = Checkpoints(root)
        found.add(read_value(checkpoints, kind))
        save(checkpoints, 4.0, kind)
        assert read_value(checkpoints, kind) == 4.0
        left = {path.name for path in (root / "checkpoints").iterdir()}
        assert left == ({"last", "previous"} if kind == "last" else {"best"}) | ({same_as} if same_as else set())
    assert found == {2.0, 3.0} and act > 10
