"""What frozen stages give is kept: the run is the same, and the stages are not gone through again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
import torch

from tests.engine.training.runs import carry_out, losses, project, two_tasks, weights
from tests.engine.training.test_phases import resolved
from workbench.core.control import Control
from workbench.core.events import Event, Notice, Step
from workbench.core.project import Project
from workbench.engine.distributed import ALONE
from workbench.engine.training import keeping
from workbench.engine.training.boundary import FOLDER
from workbench.engine.training.experiment import Experiment
from workbench.engine.training.phases import plan
from workbench.engine.training.resolve import new_network

STAGES = {"preset": "full", "head_epochs": 0, "epochs": 3, "phases": [{"freeze": 3, "epochs": 3}]}


def asked(folder: Path, **recipe: Any) -> Project:
    """Two tasks whose first three stages stand still."""
    return project(two_tasks(folder), {"name": "mobilenet_v3_small"}, **{**STAGES, "augment": "none", **recipe})


def kept(folder: Path) -> list[Path]:
    """The files of maps."""
    return sorted(folder.joinpath(*FOLDER).glob("*"))


def texts(events: list[Event]) -> str:
    """All notices."""
    return "\n".join(event.text for event in events if isinstance(event, Notice))


def check_close(one: dict[int, dict[str, float | None]], other: dict[int, dict[str, float | None]]) -> None:
    """Chunks of another shape round otherwise, and that is all."""
    assert one.keys() == other.keys()
    for step, values in one.items():
        assert {task: pytest.approx(value, rel=1e-3) for task, value in values.items()} == other[step]


@pytest.mark.parametrize(
    "recipe",
    [
        {},
        {"augment": "standard", "cached_views": 2},
        {"preset": "probe", "phases": [], "augment": "light", "cached_views": 1, "epochs": 3},
    ],
    ids=["as they are", "varied in two ways", "heads alone"],
)
def test_a_run_on_what_is_kept_is_the_run_on_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recipe: dict[str, Any]
) -> None:
    wanted = asked(tmp_path, **recipe)
    on_maps = carry_out(wanted, tmp_path / "maps")
    assert len(kept(tmp_path / "maps")) == 1 + recipe.get("cached_views", 0)
    assert re.search(r"is kept \(\d+ kB\)", texts(on_maps))
    monkeypatch.setattr(keeping, "LIMIT_BYTES", 0)
    on_pictures = carry_out(wanted, tmp_path / "pictures")
    assert not kept(tmp_path / "pictures")
    assert "it is worked out in every epoch" in texts(on_pictures)
    check_close(losses(on_maps), losses(on_pictures))


@pytest.mark.parametrize(
    ("recipe", "kept"),
    [
        ({}, True),
        ({"augment": "standard", "cached_views": 2}, True),
        ({"augment": "standard"}, False),
        ({"augment": "standard", "cached_views": 3}, False),
        ({"mixup": 0.2}, False),
        ({"sampling": "equal"}, False),
        ({"phases": [{"freeze": 0, "epochs": 3}]}, False),
        ({"phases": [{"freeze": 3, "epochs": 1}]}, False),
    ],
    ids=str,
)
def test_it_is_kept_where_the_same_comes_again(recipe: dict[str, Any], kept: bool) -> None:
    facts = resolved(**{**STAGES, "augment": "none", **recipe})
    (phase,) = plan(facts, 19)
    network = new_network(facts.project, facts.tasks)
    network.freeze(phase.freeze)
    work = MagicMock(spec=Experiment, resolved=facts, network=network, team=ALONE, teacher=None)
    assert keeping._possible(work, phase) is kept


def test_a_resumed_run_ends_with_the_same_bits_though_what_was_kept_is_lost(tmp_path: Path) -> None:
    wanted = asked(tmp_path, augment="standard", cached_views=2)
    carry_out(wanted, tmp_path / "whole")

    def cancel(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.epoch == 2:
            control.cancel()

    carry_out(wanted, tmp_path / "broken", watch=cancel)
    files = kept(tmp_path / "broken")
    files[0].unlink()
    damaged = bytearray(files[1].read_bytes())
    damaged[len(damaged) // 2] ^= 1
    files[1].write_bytes(damaged)
    carry_out(wanted, tmp_path / "broken", resume=True)
    assert kept(tmp_path / "broken") == files
    whole, broken = weights(tmp_path / "whole"), weights(tmp_path / "broken")
    assert all(torch.equal(whole[name], broken[name]) for name in whole)


def test_stages_that_have_learnt_meanwhile_are_gone_through_again(tmp_path: Path) -> None:
    depths = (3, 1, 3)
    wanted = asked(tmp_path, phases=[{"freeze": depth, "epochs": 2} for depth in depths])
    carry_out(wanted, tmp_path)
    assert len(kept(tmp_path)) == 3
    carry_out(wanted, tmp_path, run="002-run")
    assert len(kept(tmp_path)) == 3  # the same bits again


def test_a_full_disk_ends_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.engine.training.map_file._LEFT_FREE_BYTES", 10**18)
    events = carry_out(asked(tmp_path), tmp_path)
    assert "cannot be kept (the disk is nearly full)" in texts(events)
    assert len(losses(events)) > 0 and not kept(tmp_path)


def test_a_run_told_to_end_meanwhile_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.engine.training.amounts._CPU_CHUNK", 8)

    def cancel(event: Event, control: Control) -> None:
        if getattr(event, "what", "").startswith("keeping"):
            control.cancel()

    events = carry_out(asked(tmp_path), tmp_path, watch=cancel)
    assert getattr(events[-1], "status", "") == "interrupted" and not kept(tmp_path)
