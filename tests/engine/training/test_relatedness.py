"""Gradient agreement: relations that were planted are found, and what is said of them is rare and right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.engine.training.runs import at_each_step, carry_out, ended, losses, project, two_tasks, weights, with_dropout
from tests.engine.training.test_losses import loss
from workbench.core.control import Control
from workbench.core.events import Event, Notice, Relatedness, RunResumed, Step
from workbench.engine.model.network import HeadChoice, build_network
from workbench.engine.training import relatedness, trainer
from workbench.engine.training.balancing import BALANCING
from workbench.engine.training.gradients import SharedGradients
from workbench.engine.training.relatedness import Agreement, cosines

DYNAMIC = [name for name, method in BALANCING.items() if method.dynamic]


def test_cosines_of_a_gramian() -> None:
    jacobian = torch.tensor([[3.0, 0], [0, 2], [-1, 0], [0, 0]], dtype=torch.float64)
    found = cosines(jacobian @ jacobian.T)
    assert found[0].tolist()[:3] == [1, 0, -1] and found[3].isnan().all()


def test_the_average_is_one_from_the_first_value_on_and_follows_each_pair_by_itself() -> None:
    made = Agreement(("a", "b", "c"))
    made.add(("a", "b"), torch.tensor([[1.0, 0.5], [0.5, 1.0]], dtype=torch.float64))
    assert made.matrix() == [[1, pytest.approx(0.5), None], [pytest.approx(0.5), 1, None], [None, None, 1]]
    for _ in range(200):
        made.add(("a", "c"), torch.tensor([[4.0, -2.0], [-2.0, 1.0]], dtype=torch.float64))
    assert made.matrix()[0] == [1, pytest.approx(0.5), pytest.approx(-1)]
    made.add(("a", "c"), torch.tensor([[4.0, 2.0], [2.0, 1.0]], dtype=torch.float64))
    assert made.matrix()[2][0] == pytest.approx(-0.9, abs=1e-3)


def test_few_events_and_none_that_says_nothing_new() -> None:
    now = [0.0]
    made = Agreement(("a", "b"), clock=lambda: now[0])
    assert made.events(1) == []
    said = []
    for step in range(100):
        made.add(("a", "b"), torch.eye(2, dtype=torch.float64))
        said += made.events(step)
        now[0] += 0.04
    assert len(said) <= 2 * 4 + 1
    assert len(made.events(100, last=True)) == 1 and made.events(100, last=True) == []


def pictures(seed: int, count: int = 48) -> tuple[torch.Tensor, torch.Tensor]:
    """Small pictures, red or blue in the middle on noise, with which it is."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, count)
    drawn = random.uniform(0, 1, (count, 3, 32, 32)).astype(np.float32)
    for picture, label in zip(drawn, labels, strict=True):
        picture[:, 6:26, 6:26] *= 0.3
        picture[2 * label, 6:26, 6:26] += 0.6
    return torch.from_numpy(drawn.clip(0, 1)), torch.from_numpy(labels)


def averaged(
    targets: dict[str, torch.Tensor], images: torch.Tensor, *, fit_heads: bool, joint_head: bool = False
) -> Any:
    """The averages over 20 joint steps of tasks on the same pictures, their heads fitted beforehand if asked."""
    tasks = tuple(targets)
    network = build_network("mobilenet_v3_small", dict.fromkeys(tasks, HeadChoice("linear", 2)), freeze=2, seed=3)
    network.train()
    heads = [p for task in tasks for p in network.heads[task].parameters()]
    if joint_head:
        for task in tasks[1:]:
            network.heads[task].load_state_dict(network.heads[tasks[0]].state_dict())
        for p in heads:
            p.requires_grad_(False)
    if fit_heads:
        with torch.no_grad():
            features = network.features(images)
        for task in tasks:
            network.heads[task].standardise(features.mean(0), features.std(0))
        fitting = torch.optim.Adam(heads, lr=0.02)
        for _ in range(60):
            fitting.zero_grad()
            logits = network.from_features(features)
            sum(torch.nn.functional.cross_entropy(logits[t], targets[t]) for t in tasks).backward()  # type: ignore
            fitting.step()
    shared = [p for p in network.backbone.parameters() if p.requires_grad]
    made, optimiser = Agreement(tasks), torch.optim.Adam(shared, lr=1e-4)
    for step in range(20):
        rows = torch.arange(step * 16, step * 16 + 16) % len(images)
        found, logits = SharedGradients(tasks, shared), network(images[rows])
        for task in tasks:
            objective = loss(classes=2)(logits[task], targets[task][rows]).objective / 16
            found.add(task, objective, [], keep_graph=task != tasks[-1])
        made.add(tasks, found.gramian())
        found.write(dict.fromkeys(tasks, 1.0))
        optimiser.step()
        optimiser.zero_grad()
    return made.matrix()


def test_a_task_and_its_copy_agree_and_random_labels_agree_with_nothing() -> None:
    images, labels = pictures(0, 320)
    noise = torch.from_numpy(np.random.default_rng(5).integers(0, 2, len(labels)))
    found = averaged({"middle": labels, "copy": labels.clone(), "noise": noise}, images, fit_heads=True)
    assert found[0][1] >= 0.9
    assert abs(found[0][2]) <= 0.1 and abs(found[1][2]) <= 0.1


def test_opposed_targets_with_one_fixed_head_oppose_each_other() -> None:
    images, labels = pictures(1)
    found = averaged({"middle": labels, "opposite": 1 - labels}, images, fit_heads=False, joint_head=True)
    assert found[0][1] <= -0.9


def said(events: list[Event]) -> list[Relatedness]:
    return [event for event in events if isinstance(event, Relatedness)]


def test_a_run_says_it_for_its_stages_and_not_for_its_heads(tmp_path: Path) -> None:
    wanted = project(two_tasks(tmp_path), {"freeze": 4}, head_epochs=2, epochs=3, patience=0)
    events = carry_out(wanted, tmp_path)
    (first, *_) = found = said(events)
    assert first.tasks == ["colour", "pattern"] and first.step > 6
    assert all(event.matrix[0][0] == 1 and event.matrix[0][1] == event.matrix[1][0] for event in found)
    assert not any(isinstance(event, Notice) and "balanc" in event.text for event in events)
    off = project(two_tasks(tmp_path), {"freeze": 4}, head_epochs=2, epochs=3, patience=0, relatedness=False)
    other = carry_out(off, tmp_path, "002-off")
    assert not said(other) and losses(other) == losses(events), "measuring changes nothing"
    one = project(two_tasks(tmp_path)[:1], {"freeze": 4}, head_epochs=0, epochs=1)
    assert not said(carry_out(one, tmp_path, "003-one"))


def test_heads_alone_have_nothing_to_balance_and_say_so_once(tmp_path: Path) -> None:
    wanted = project(two_tasks(tmp_path), preset="probe", epochs=2, balancing="upgrad")
    events = carry_out(wanted, tmp_path)
    told = [event for event in events if isinstance(event, Notice) and "balancing" in event.text]
    assert ended(events).status == "finished" and len(told) == 1 and "this run trains heads alone" in told[0].text
    steps = [event for event in events if isinstance(event, Step)]
    assert {value for event in steps for values in event.weights.values() for value in values} == {1.0}


@pytest.mark.parametrize("method", DYNAMIC)
def test_a_resumed_run_has_the_bits_of_one_that_was_not_broken_off(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_each_step(monkeypatch)
    monkeypatch.setattr(relatedness, "INTERVAL_S", 0.0)
    monkeypatch.setattr(trainer, "EVERY", 3)
    small = {"name": "squeezenet1_1", "freeze": 2}
    wanted = project(
        with_dropout(two_tasks(tmp_path), 0.3), small, head_epochs=0, epochs=4, patience=0, balancing=method
    )
    whole = carry_out(wanted, tmp_path, "whole")

    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last == 8:
            control.cancel()

    broken = carry_out(wanted, tmp_path, "broken", watch=watch)
    rest = carry_out(wanted, tmp_path, "broken", resume=True)
    assert [event.step for event in rest if isinstance(event, RunResumed)] == [8]
    assert {**losses(broken), **losses(rest)} == losses(whole)
    first, second = weights(tmp_path, "last", "whole"), weights(tmp_path, "last", "broken")
    assert all(torch.equal(value, second[name]) for name, value in first.items())
    after = [(event.step, event.matrix) for event in said(rest)]
    assert after and after == [(event.step, event.matrix) for event in said(whole) if event.step > 8]
    steps = [event for event in whole if isinstance(event, Step)]
    assert len({tuple(event.weights[task][0] for task in event.weights) for event in steps}) > 1, "it is at work"
