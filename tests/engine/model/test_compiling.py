"""Compiled stages: which they are, and that a run with them is the same run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.engine.training.runs import carry_out, ended, losses, project, two_tasks
from workbench.core.control import Control
from workbench.core.events import Epoch, Event, Notice, PhaseStarted
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
    found = []
    for compile_ in (False, True):
        folder = tmp_path / str(compile_)
        asked = project(two_tasks(folder, each=4), {"freeze": 4}, epochs=1, preset="balanced", compile=compile_)
        events = carry_out(asked, folder)
        said = [event for event in events if isinstance(event, Notice) and "compiled" in event.text]
        assert len(said) == compile_
        found.append([event.train["colour"]["loss"] for event in events if isinstance(event, Epoch)])
    assert found[1] == pytest.approx(found[0], rel=1e-4)


def test_without_a_compiler_it_is_said_and_the_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling.shutil, "which", lambda name: None)
    asked = project(two_tasks(tmp_path, each=4), {"freeze": 4}, epochs=1, preset="balanced", compile=True)
    said = [event for event in carry_out(asked, tmp_path) if isinstance(event, Notice) and "compiler" in event.text]
    assert [event.level for event in said] == ["warning"]


def test_a_run_that_is_told_to_end_does_not_wait_for_the_translation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, let_go = threading.Event(), threading.Event()

    def slow(graph: torch.fx.GraphModule, examples: list[torch.Tensor]) -> Callable[..., Any]:
        begun.set()
        assert let_go.wait(60.0)
        return graph.forward

    def cancel(event: Event, control: Control) -> None:
        if isinstance(event, Notice) and "compiled" in event.text:
            threading.Thread(target=lambda: begun.wait(60.0) and control.cancel()).start()

    monkeypatch.setattr(compiling, "BACKEND", slow)
    asked = project(two_tasks(tmp_path, each=4), {"freeze": 4}, head_epochs=0, epochs=1, compile=True)
    try:
        events = carry_out(asked, tmp_path, watch=cancel)
        assert begun.is_set() and ended(events).status == "interrupted"
        assert not losses(events) and not (tmp_path / "runs/001-run/checkpoints").exists()
    finally:
        let_go.set()
        for thread in threading.enumerate():
            if thread.name == "translation":
                thread.join(60.0)
    monkeypatch.setattr(compiling, "BACKEND", "eager")
    rest = carry_out(asked, tmp_path, resume=True)
    assert ended(rest).status == "finished" and losses(rest)


def test_no_step_is_translated_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graphs: list[int] = []

    def counting(graph: torch.fx.GraphModule, examples: list[torch.Tensor]) -> Callable[..., Any]:
        graphs.append(1)
        return graph.forward

    def note(event: Event, control: Control) -> None:
        if isinstance(event, PhaseStarted):
            graphs.append(0)

    monkeypatch.setattr(compiling, "BACKEND", counting)
    asked = project(two_tasks(tmp_path, each=6), {"freeze": 4}, head_epochs=0, epochs=2, compile=True)
    assert ended(carry_out(asked, tmp_path, watch=note)).status == "finished"
    assert graphs.count(1) > 0 and 1 not in graphs[graphs.index(0) :]
