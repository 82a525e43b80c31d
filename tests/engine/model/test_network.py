"""The multi-task network: one backbone, many answers, and the boundary at which training caches."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor

from workbench.core import catalogue
from workbench.core.backbone_facts import IMAGENET_MEAN, IMAGENET_STD
from workbench.core.errors import RequestError
from workbench.engine.model.heads import HeadSettings
from workbench.engine.model.network import HeadChoice, MultiTaskNetwork, Normalise, build_network

NARROW = HeadSettings(hidden=16)
TASKS = {
    "material": HeadChoice("linear", 6),
    "type": HeadChoice("mlp", 3, NARROW),
    "größe %2E.b": HeadChoice("linear", 2),
}


def build(backbone: str = "mobilenet_v3_small", **options: object) -> MultiTaskNetwork:
    return build_network(backbone, TASKS, **options)  # type: ignore[arg-type]


def images(size: int = 64) -> Tensor:
    return torch.rand(3, 3, size, size, generator=torch.Generator().manual_seed(1))


def test_every_task_is_answered_whatever_its_name() -> None:
    network = build().eval()
    logits = network(images())
    assert list(logits) == list(TASKS) == list(network.tasks) == list(network.heads)
    assert [tuple(each.shape) for each in logits.values()] == [(3, 6), (3, 3), (3, 2)]
    assert list(network.from_features(network.features(images()), ["type"])) == ["type"]


def test_pictures_are_normalised_inside() -> None:
    network = build().eval()
    mean, std = (torch.tensor(each).view(1, 3, 1, 1) for each in (IMAGENET_MEAN, IMAGENET_STD))
    with torch.no_grad():
        expected = network.backbone((images() - mean) / std)
        assert torch.equal(network.features(images()), expected)
    assert "normalise.mean" in network.state_dict()


@pytest.mark.parametrize("name", ["mobilenet_v3_small", "squeezenet1_0"])
def test_frozen_part_and_rest_are_the_network_at_every_boundary(name: str) -> None:
    network = build(name).eval()
    with torch.no_grad():
        whole = network(images())
    for depth in range(network.backbone.stage_count + 1):
        network.freeze(depth)
        kept = network.frozen_part(images())
        assert not kept.requires_grad
        assert all(torch.equal(answer, whole[task]) for task, answer in network.rest(kept).items())


def test_training_on_the_boundary_gives_the_gradients_of_training_through() -> None:
    through = build(freeze=3).train()
    cached = copy.deepcopy(through)
    torch.stack([x.square().sum() for x in through(images()).values()]).sum().backward()
    rest = cached.rest(cached.frozen_part(images()))
    torch.stack([x.square().sum() for x in rest.values()]).sum().backward()
    for one, two in zip(through.parameters(), cached.parameters(), strict=True):
        assert (one.grad is None) == (two.grad is None)
        assert one.grad is None or two.grad is None or torch.equal(one.grad, two.grad)


def test_groups_hold_what_trains_from_input_to_heads() -> None:
    network = build(freeze=2)
    groups = network.parameter_groups()
    heads = [f"head {task}" for task in TASKS]
    assert [group.name for group in groups] == ["stage2", "stage3", "stage4", *heads]
    grouped = [id(parameter) for group in groups for parameter in group.parameters]
    trained = [id(parameter) for parameter in network.parameters() if parameter.requires_grad]
    assert len(grouped) == len(set(grouped)) and set(grouped) == set(trained)
    stages = sum(p.numel() for group in groups[:3] for p in group.parameters)
    assert stages == catalogue.trainable_parameters("mobilenet_v3_small", 2)
    network.freeze("all")
    assert [group.name for group in network.parameter_groups()] == heads


def test_another_task_beside_it_changes_nothing() -> None:
    alone = build_network("squeezenet1_0", {"type": HeadChoice("mlp", 3, NARROW)}, seed=4)
    beside = build("squeezenet1_0", seed=4)
    other = build("squeezenet1_0", seed=5)
    state = beside.state_dict()
    assert all(torch.equal(value, state[key]) for key, value in alone.state_dict().items())
    assert not torch.equal(alone.heads["type"].linear.weight, other.heads["type"].linear.weight)  # type: ignore[union-attr,arg-type]


def test_the_state_dict_goes_round() -> None:
    network, other = build(seed=1).eval(), build(seed=2).eval()
    network.heads["material"].standardise(torch.full((576,), 0.3), torch.full((576,), 0.2))
    other.load_state_dict(network.state_dict())
    with torch.no_grad():
        one, two = network(images()), other(images())
    assert all(torch.equal(one[task], two[task]) for task in TASKS)


def test_unknown_heads_are_refused() -> None:
    with pytest.raises(RequestError, match=r"'cubic' is not a kind of head \(task a\)\. Choose one of linear, mlp, "):
        build_network("squeezenet1_0", {"a": HeadChoice("cubic", 3)})


def test_maps_reach_dense_heads() -> None:
    maps = build("squeezenet1_0").eval().maps(images())
    assert [each.shape[1] for each in maps] == [96, 256, 512, 512]


def test_pictures_are_normalised_to_the_same_bits_in_either_layout() -> None:
    pixels = torch.rand(2, 3, 20, 24, generator=torch.Generator().manual_seed(0))
    normalise = Normalise()
    rowwise = normalise(pixels.contiguous(memory_format=torch.channels_last))
    assert rowwise.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(rowwise, normalise(pixels)) and torch.equal(rowwise, (pixels - normalise.mean) / normalise.std)
