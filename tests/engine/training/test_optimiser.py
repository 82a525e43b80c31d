from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from workbench.engine.model.network import HeadChoice, build_network
from workbench.engine.training.optimiser import build_optimiser, learning_rates, rate_factor, set_rates, trainable
from workbench.engine.training.phases import Phase

PHASE = Phase(
    name="stages",
    trains_stages=True,
    epochs=4,
    first_epoch=1,
    freeze=2,
    on_features=False,
    augment="none",
    batch_size=8,
    at_once=8,
    learning_rate=1e-3,
    head_rates={"a": 2e-3},
    layer_decay=0.5,
    weight_decay=0.03,
    warmup_epochs=1.0,
    patience=0,
    tasks=("a", "b"),
)


def test_stages_learn_at_a_share_of_the_one_after() -> None:
    network = build_network("resnet18", {"a": HeadChoice("linear", 3)}, freeze=2)
    optimiser = build_optimiser(network, PHASE, {"a": 0.1})
    set_rates(optimiser, 1.0)
    rates = learning_rates(optimiser)
    assert rates == pytest.approx({"stage2": 2.5e-4, "stage3": 5e-4, "stage4": 1e-3, "head a": 2e-3})
    set_rates(optimiser, 0.5)
    assert learning_rates(optimiser)["stage4"] == pytest.approx(5e-4)
    assert {id(p) for p in trainable(optimiser)} == {id(p) for p in network.parameters() if p.requires_grad}


def test_matrices_decay_and_biases_and_norms_never_do() -> None:
    network = build_network("resnet18", {"a": HeadChoice("linear", 3)})
    for group in build_optimiser(network, replace(PHASE, freeze=0), {"a": 0.1}).param_groups:
        matrices = {p.ndim > 1 for p in group["params"]}
        assert len(matrices) == 1
        expected = 0.0 if matrices == {False} else (0.1 if group["name"] == "head a" else 0.03)
        assert group["weight_decay"] == expected
        assert group["decoupled_weight_decay"] == (group["name"] != "head a")


def test_the_rate_rises_then_falls_to_nothing() -> None:
    course = [rate_factor(step, 20, 4) for step in range(20)]
    assert course[:4] == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert course[4] == 1.0 and all(a > b for a, b in pairwise(course[4:]))
    assert 0.0 < course[-1] < 0.02
    assert rate_factor(0, 10, 0) == 1.0


def test_one_step_follows_adamw_for_stages() -> None:
    network = build_network("resnet18", {"a": HeadChoice("linear", 3)})
    twin = build_network("resnet18", {"a": HeadChoice("linear", 3)})
    weight = network.backbone.get_parameter("layer4.1.conv2.weight")
    other = twin.backbone.get_parameter("layer4.1.conv2.weight")
    ours = build_optimiser(network, replace(PHASE, freeze=0), {"a": 0.0})
    theirs = torch.optim.AdamW([other], lr=1e-3, weight_decay=0.03)
    for _ in range(3):
        gradient = torch.ones_like(weight) * weight.detach().sign()
        weight.grad, other.grad = gradient, gradient.clone()
        ours.step()
        theirs.step()
    assert torch.allclose(weight, other, atol=1e-7)


def test_a_tasks_own_stages_learn_like_the_shared_ones_beside_them() -> None:
    heads = {"a": HeadChoice("linear", 3, own_stages=2), "b": HeadChoice("linear", 3), "c": HeadChoice("dense", 2)}
    network = build_network("resnet18", heads, freeze=3)
    phase = replace(PHASE, freeze=3, head_rates=dict.fromkeys(heads, 2e-3))
    optimiser = build_optimiser(network, phase, {"a": 0.1, "b": 0.2, "c": 0.0})
    shared = {"stage3": 5e-4, "stage4": 1e-3, "head a": 2e-3, "head b": 2e-3, "head c": 2e-3}
    own = {"stage3 of a": 5e-4, "stage4 of a": 1e-3}
    assert learning_rates(optimiser) == pytest.approx(shared | own)
    assert {id(p) for p in trainable(optimiser)} == {id(p) for p in network.parameters() if p.requires_grad}
    decays = {
        (group["name"], group["weight_decay"], group["decoupled_weight_decay"])
        for group in optimiser.param_groups
        if group["params"][0].ndim > 1 and group["name"].endswith(" a")
    }
    assert decays == {("stage3 of a", 0.03, True), ("stage4 of a", 0.03, True), ("head a", 0.1, False)}


def test_stages_that_every_task_owns_do_not_train_in_the_backbone() -> None:
    heads = {"a": HeadChoice("linear", 3, own_stages=2), "b": HeadChoice("linear", 3, own_stages=1)}
    network = build_network("resnet18", heads, freeze=2)
    phase = replace(PHASE, head_rates=dict.fromkeys(heads, 1e-3))
    names = list(learning_rates(build_optimiser(network, phase, {"a": 0.0, "b": 0.0})))
    assert names == ["stage2", "stage3", "stage3 of a", "stage4 of a", "stage4 of b", "head a", "head b"]
