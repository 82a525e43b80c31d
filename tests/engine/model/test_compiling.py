"""Compiled stages: which they are, and that a run with them is the same run."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.engine.training.runs import carry_out, project, two_tasks
from workbench.core.events import Epoch, Notice
from workbench.engine.model import compiling
from workbench.engine.model.network import HeadChoice, build_network


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stages are traced but run as they are: the translator itself takes minutes."""
    monkeypatch.setattr(compiling, "BACKEND", "eager")


def test_only_stages_that_train_are_compiled_and_answers_stay() -> None:
    network = build_network("resnet18", {"a": HeadChoice("linear", 3)}, weights="none", freeze=4).eval()
    images = torch.rand(2, 3, 32, 32)
    before, names = network(images)["a"], list(network.state_dict())
    compiling.compile_stages(network)
    compiled = [
        all(module._compiled_call_impl is not None for module in stage.modules) for stage in network.backbone.stages
    ]
    assert compiled == [False, False, False, False, True]
    torch.testing.assert_close(network(images)["a"], before)
    assert list(network.state_dict()) == names


def test_a_run_that_compiles_says_so_and_is_the_same_run(tmp_path: Path) -> None:
    losses = []
    for compile_ in (False, True):
        folder = tmp_path / str(compile_)
        asked = project(two_tasks(folder, each=4), {"freeze": 4}, epochs=1, preset="balanced", compile=compile_)
        events = carry_out(asked, folder)
        said = [event for event in events if isinstance(event, Notice) and "compiled" in event.text]
        assert len(said) == compile_
        losses.append([event.train["colour"]["loss"] for event in events if isinstance(event, Epoch)])
    assert losses[1] == pytest.approx(losses[0], rel=1e-4)


def test_without_a_compiler_it_is_said_and_the_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling.shutil, "which", lambda name: None)
    asked = project(two_tasks(tmp_path, each=4), {"freeze": 4}, epochs=1, preset="balanced", compile=True)
    said = [event for event in carry_out(asked, tmp_path) if isinstance(event, Notice) and "compiler" in event.text]
    assert [event.level for event in said] == ["warning"]
