"""`ladder`: what each freeze depth says, and that the backbone is none the worse for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from tests.engine.data.pictures import drain, table_for
from tests.engine.training.runs import on_resnet18, two_tasks
from workbench.core import catalogue
from workbench.core.advice import Candidate, ladder_file
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Progress, Result
from workbench.core.project import Project
from workbench.core.specs import LadderSpec
from workbench.engine.transfer.advisor import ladder as module
from workbench.engine.transfer.advisor.bench import Bench
from workbench.engine.transfer.advisor.ladder import ladder
from workbench.engine.transfer.advisor.sample import draw_sample
from workbench.engine.transfer.advisor.steps import step_costs


def asked(
    wanted: Project,
    folder: Path,
    backbone: Candidate | None = None,
    watch: Callable[[Event, Control], None] | None = None,
) -> dict[str, Any] | None:
    control = Control()
    document = None
    for event in ladder(LadderSpec(project=wanted, project_dir=folder, backbone=backbone), control):
        if isinstance(event, Result):
            document = event.document
        if watch is not None:
            watch(event, control)
    return document


def test_a_rung_for_each_freeze_depth(tmp_path: Path) -> None:
    document = asked(on_resnet18(two_tasks(tmp_path, 16), {"freeze": 2}), tmp_path)
    assert document is not None
    facts = catalogue.get("resnet18")
    stages = document["stages"]
    assert [stage["freeze"] for stage in stages] == list(range(len(facts.stages) + 1))
    assert [stage["title"] for stage in stages] == ["Pictures", *(stage.title for stage in facts.stages)]
    trainable = [stage["trainable_parameters"] for stage in stages]
    assert trainable[0] == facts.parameters and trainable == sorted(trainable, reverse=True) and trainable[-1] == 0
    for stage in stages:
        assert list(stage["tasks"]) == ["colour", "pattern"]
        assert all(0 <= found["probe"] <= 1 and found["standard_error"] >= 0 for found in stage["tasks"].values())
        assert stage["step_ms"] > 0 and stage["memory_mb"] > 0 and stage["step_images"] > 0
    assert stages[0]["step_ms"] > stages[-1]["step_ms"]
    assert any(stage["within_noise"] for stage in stages)
    assert 0 <= document["suggestion"] <= len(facts.stages) and document["reason"].startswith("Freeze")
    assert (document["backbone"], document["weights"], document["images"]) == ("resnet18", "none", 39)
    kept = json.loads(ladder_file(tmp_path, "resnet18").read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(document))


@pytest.mark.parametrize("name", ["squeezenet1_0", "vit_b_16", "swin_t"])
def test_stages_of_every_shape_are_pooled(tmp_path: Path, name: str) -> None:
    """Grids of tokens and maps alike: (n, C) of each stage, and the last is what heads see."""
    wanted = on_resnet18(two_tasks(tmp_path, 4), {"name": name})
    table, _ = table_for(tmp_path, wanted.tasks)
    bench = Bench.of(wanted, tmp_path, table)
    with bench.store:
        _, mounted = drain(bench.build(Candidate(name, "none"), Control(), frozen=True))
        pixels = torch.randint(0, 256, (2, 3, 32, 32), dtype=torch.uint8)
        found = module._stages(mounted, pixels)
        sample = draw_sample(table, ["colour"], 100, 0)
        _, features = drain(mounted.features(sample.rows, Control()))
        _, read = drain(module._read(mounted, sample, Control()))
    assert len(found) == len(catalogue.get(name).stages) + 1
    assert all(each.shape[0] == 2 and each.ndim == 2 and torch.isfinite(each).all() for each in found)
    small = functional.adaptive_avg_pool2d(pixels / 255, 8).flatten(1)
    assert torch.allclose(found[0], small, atol=1e-6)
    stages, readable = read
    assert readable.all() and torch.allclose(stages[-1], features.values, atol=1e-4)


def test_a_step_leaves_the_network_as_it_was(tmp_path: Path) -> None:
    wanted = on_resnet18(two_tasks(tmp_path, 4), {"freeze": 2})
    table, _ = table_for(tmp_path, wanted.tasks)
    bench = Bench.of(wanted, tmp_path, table)
    with bench.store:
        _, mounted = drain(bench.build(Candidate("resnet18", "none"), Control()))
        before = {name: value.clone() for name, value in mounted.network.state_dict().items()}
        events, costs = drain(step_costs(mounted, Control()))
    assert all(torch.equal(value, before[name]) for name, value in mounted.network.state_dict().items())
    assert all(parameter.grad is None for parameter in mounted.network.parameters())
    assert len(costs) == len(events) == mounted.network.backbone.stage_count + 1
    assert np.isfinite([cost.step_ms for cost in costs]).all()


@pytest.mark.parametrize("when", [module.READING, module.PROBING, "measuring training steps"])
def test_it_ends_when_it_is_told(tmp_path: Path, when: str) -> None:
    def cancel(event: Event, control: Control) -> None:
        if isinstance(event, Progress) and event.what == when:
            control.cancel()

    assert asked(on_resnet18(two_tasks(tmp_path, 8)), tmp_path, watch=cancel) is None
    assert not ladder_file(tmp_path, "resnet18").exists()


def test_weights_that_are_not_here_are_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    missing = Candidate("resnet18", "default")
    with pytest.raises(RequestError, match="are not on this computer"):
        asked(on_resnet18(two_tasks(tmp_path, 8)), tmp_path, missing)
