"""What a step takes of memory, and how many pictures fit: the card itself is imitated here."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

from tests.engine.training.runs import carry_out, project, two_tasks
from tests.engine.training.test_phases import resolved
from workbench.core.events import Notice
from workbench.core.resolved import Resolved, load_resolved
from workbench.engine import device as devices
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.dry_step import dry_step, most_that_fit
from workbench.engine.training.resolve import new_network

CPU = torch.device("cpu")


class Card:
    """Takes 100 bytes and 10 for each picture; beyond its memory a step cannot be carried out."""

    def __init__(self, memory: float = math.inf, bend: float = 0.0) -> None:
        self.memory, self.bend, self.tried = memory, bend, list[int]()

    def peak(self, pictures: int) -> float:
        """What so many pictures take."""
        self.tried.append(pictures)
        taken = 100 + 10 * pictures + self.bend * pictures**2
        return taken if taken <= self.memory else math.inf


def network_for(facts: Resolved) -> MultiTaskNetwork:
    """The network of a run."""
    return new_network(facts.project, facts.tasks)


@pytest.mark.parametrize(("room", "count"), [(10_000, 64), (400, 30), (125, 2), (110, 1), (50, 1)])
def test_as_many_pictures_are_taken_as_fit(room: int, count: int) -> None:
    card = Card()
    assert most_that_fit(card.peak, 64, room) == (count, 100 + 10 * count)
    assert len(card.tried) <= 4


@pytest.mark.parametrize("bend", [0.05, 1.0])
def test_what_is_found_is_tried_and_never_takes_more_than_there_is(bend: float) -> None:
    card = Card(memory=350, bend=bend)
    count, peak = most_that_fit(card.peak, 64, 300)
    assert card.tried[-1] == count and 0.7 * 300 < peak <= 300


def test_where_a_few_do_not_fit_one_is_taken() -> None:
    card = Card(memory=115)
    assert most_that_fit(card.peak, 64, 115) == (1, 110)


def test_a_step_takes_more_the_more_stages_train() -> None:
    found = []
    for freeze in (0, 4):
        facts = resolved({"freeze": freeze}, image_size=32, head_epochs=0, precision="fp32")
        (notice, taken) = said(facts, network_for(facts))
        assert "pictures at once" in notice and "not measured on this device" in notice
        found.append(taken.step_mb)
    weights = sum(parameter.nbytes for parameter in network_for(resolved(image_size=32)).parameters()) / 1e6
    assert found[0] > 4 * weights and found[0] > found[1] > weights


def test_of_heads_alone_it_is_said_what_working_out_their_features_takes() -> None:
    facts = resolved({"freeze": "all"}, image_size=64, precision="fp32")
    network = network_for(facts)
    few, some = said(facts, network, rows=10)
    _, many = said(facts, network, rows=1_000_010)
    assert few.startswith("The features of 32 pictures are worked out at once") and "not measured" in few
    weights = sum(parameter.nbytes for parameter in network.parameters()) / 1e6
    activations = 32 * 2 * 64 * 32 * 32 * 4 / 1e6  # what the stem's batch norm takes in and gives
    assert some.step_mb == pytest.approx(weights + activations, abs=2.0)
    assert many.step_mb is not None and some.step_mb is not None
    assert many.step_mb - some.step_mb == pytest.approx(4 * network.backbone.out_features, abs=2.0)
    assert not any(module._forward_hooks for module in network.modules())


@pytest.mark.parametrize(("freeze", "tried"), [(0, "answers_of"), ("all", "view_features")])
def test_a_trial_without_memory_says_nothing_and_ends_no_run(
    monkeypatch: pytest.MonkeyPatch, freeze: int | str, tried: str
) -> None:
    def short(*_: object) -> None:
        raise RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(f"workbench.engine.training.dry_step.{tried}", short)
    facts = resolved({"freeze": freeze, "weights": "none"}, image_size=32, precision="fp32")
    network = network_for(facts)
    trial = dry_step(network, facts, CPU)
    with pytest.raises(StopIteration) as end:
        next(trial)
    assert end.value.value == facts
    assert not any(module._forward_hooks for module in network.modules())


@pytest.mark.parametrize("freeze", [0, "all"])
def test_the_network_is_left_as_it_was(freeze: int | str) -> None:
    facts = resolved({"freeze": freeze, "weights": "none"}, image_size=32, precision="fp32")
    network = network_for(facts)
    before, random = {name: value.clone() for name, value in network.state_dict().items()}, torch.get_rng_state()
    said(facts, network)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())
    assert torch.equal(torch.get_rng_state(), random)


def test_on_a_card_pictures_are_tried_and_what_fits_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []

    def peak_bytes(device: torch.device, work: object) -> int:
        assert callable(work)
        work()
        steps.append(1)
        if len(steps) == 2:
            raise torch.OutOfMemoryError
        return 10**9

    monkeypatch.setattr(devices, "free_bytes", lambda device: 4 * 10**9)
    monkeypatch.setattr(devices, "peak_bytes", peak_bytes)
    facts = resolved({"freeze": 4}, image_size=32, batch_size=8, precision="fp32")
    network = network_for(facts)
    _, taken = said(facts, network)
    assert taken.at_once == 8 and len(steps) == 3
    assert all(parameter.grad is None for parameter in network.parameters())


def test_it_is_said_and_stands_in_the_run(tmp_path: Path) -> None:
    wanted = project(two_tasks(tmp_path), {"name": "mobilenet_v3_small"}, preset="full", head_epochs=0, epochs=1)
    events = carry_out(wanted, tmp_path)
    assert any("A step works on 8 pictures at once" in event.text for event in events if isinstance(event, Notice))
    assert load_resolved(tmp_path / "runs" / "001-run").step_mb


def said(facts: Resolved, network: MultiTaskNetwork, rows: int = 0) -> tuple[str, Resolved]:
    """The notice, and what the run then resolved to."""
    going = dry_step(network, facts, CPU, rows)
    event = next(going)
    assert isinstance(event, Notice)
    with pytest.raises(StopIteration) as end:
        next(going)
    return event.text, end.value.value
