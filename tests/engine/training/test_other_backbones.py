"""Runs on backbones that are not what most are: networks of timm's, weights of another scale of colours."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.engine.training.runs import carry_out, ended, losses, project, two_tasks, weights
from workbench.core.events import RunStarted
from workbench.core.resolved import load_resolved
from workbench.engine.training.resolve import new_network


@pytest.mark.parametrize("name", ["timm/test_resnet", "timm/test_vit"])
def test_a_balanced_run_with_own_stages_from_end_to_end(tmp_path: Path, name: str) -> None:
    pytest.importorskip("timm", reason="the extra hub is not installed")
    colour, pattern = two_tasks(tmp_path)
    tasks = [colour, {**pattern, "own_stages": 1}]
    wanted = project(tasks, {"name": name, "freeze": 2}, head_epochs=1, epochs=1, batch_norm="eval")
    events = carry_out(wanted, tmp_path)
    assert ended(events).status == "finished" and losses(events)
    (started,) = [event for event in events if isinstance(event, RunStarted)]
    assert [stage.frozen for stage in started.stages] == [index < 2 for index in range(len(started.stages))]
    resolved = load_resolved(tmp_path / "runs" / "001-run")
    again = new_network(resolved.project, resolved.tasks)
    again.load_state_dict(weights(tmp_path))
    first = new_network(resolved.project, resolved.tasks)
    for index in range(2):
        frozen = first.backbone.stage_state(index)
        assert all(torch.equal(value, again.backbone.stage_state(index)[key]) for key, value in frozen.items())


def test_pixels_are_normalised_as_the_weights_expect_it() -> None:
    wanted = project([{"name": "a", "source": "x", "kind": "single-label"}], {"name": "googlenet"})
    network = new_network(wanted, [])
    assert network.state_dict()["normalise.mean"].flatten().tolist() == [0.5, 0.5, 0.5]
    assert network.state_dict()["normalise.std"].flatten().tolist() == [0.5, 0.5, 0.5]
