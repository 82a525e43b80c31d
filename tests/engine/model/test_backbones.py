"""Backbones as stages: what they cover, what they compute, what they freeze."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from workbench.core.errors import RequestError
from workbench.engine.model import zoo
from workbench.engine.model.backbones import Backbone, build_backbone
from workbench.engine.model.plans import PLANS

CHEAP = ("resnet18", "mobilenet_v2", "mobilenet_v3_small", "efficientnet_b0", "squeezenet1_0")


def on_meta(name: str) -> Backbone:
    with torch.device("meta"):
        return build_backbone(name)


def images(count: int = 2, size: int = 64) -> Tensor:
    return torch.randn(count, 3, size, size, generator=torch.Generator().manual_seed(1))


def snapshot(module: nn.Module) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in module.state_dict().items()}


@pytest.mark.parametrize("name", PLANS)
def test_stages_cover_every_parameter_exactly_once(name: str) -> None:
    backbone = on_meta(name)
    covered = [parameter for stage in backbone.stages for parameter in stage.parameters]
    assert sorted(covered) == sorted(dict(backbone.named_parameters()))


@pytest.mark.parametrize("name", PLANS)
def test_stages_hold_every_module_with_state_exactly_once(name: str) -> None:
    backbone = on_meta(name)
    held = [id(inner) for stage in backbone.stages for module in stage.modules for inner in module.modules()]
    assert len(held) == len(set(held))
    with_state = [m for m in backbone.modules() if any(True for _ in m.buffers(recurse=False))]
    assert all(id(module) in held for module in with_state)


@pytest.mark.parametrize("name", PLANS)
def test_names_are_torchvisions_without_the_class_head(name: str) -> None:
    backbone = on_meta(name)
    with torch.device("meta"):
        whole = zoo.network(name).state_dict()
    ours = backbone.state_dict()
    left = {key: value.shape for key, value in whole.items() if key not in ours}
    assert {key: value.shape for key, value in ours.items()}.items() <= {k: v.shape for k, v in whole.items()}.items()
    assert left and all(key.startswith(tuple(f"{path}." for path in PLANS[name].head)) for key in left)


@pytest.mark.parametrize("name", PLANS)
def test_freezing_stage_by_stage_freezes_exactly_those(name: str) -> None:
    backbone = on_meta(name)
    for depth in [*range(backbone.stage_count + 1), 0]:
        backbone.freeze(depth)
        for index, stage in enumerate(backbone.stages):
            assert {p.requires_grad for p in stage.parameters.values()} == {index >= depth}
    backbone.freeze("all")
    assert not any(parameter.requires_grad for parameter in backbone.parameters())


@pytest.mark.parametrize("name", PLANS)
def test_features_and_maps_have_the_shapes_that_the_plan_says(name: str) -> None:
    backbone = on_meta(name).eval()
    pictures = torch.empty(2, 3, 224, 224, device="meta")
    assert backbone(pictures).shape == (2, PLANS[name].features)
    maps = backbone.maps(pictures)
    assert len(maps) == backbone.stage_count and all(each.ndim == 4 for each in maps)
    if PLANS[name].shape == "maps":
        sizes = [each.shape[-1] for each in maps]
        assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("name", CHEAP)
def test_running_in_two_parts_is_running_through(name: str) -> None:
    backbone = build_backbone(name).eval()
    with torch.no_grad():
        whole = backbone(images())
        for boundary in range(backbone.stage_count + 1):
            half = backbone.forward_stages(images(), 0, boundary)
            kept = half.clone()
            assert torch.equal(backbone.forward_stages(half, boundary, backbone.stage_count), whole)
            assert torch.equal(half, kept), "a stage must not write into what it was given"


def class_head_sees(name: str, network: nn.Module, pictures: Tensor) -> Tensor:
    """What torchvision hands to the first linear layer of its class head."""
    seen: list[Tensor] = []
    last = [
        m
        for n, m in network.named_modules()
        if isinstance(m, nn.Linear) and n.startswith(("fc", "classifier", "heads"))
    ]
    last[0].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    network(pictures)
    return seen[0]


@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v2", "mobilenet_v3_small", "efficientnet_b0", "convnext_tiny"])
def test_features_are_what_torchvision_feeds_to_its_class_head(name: str) -> None:
    backbone = build_backbone(name).eval()
    network = zoo.network(name).eval()
    network.load_state_dict(backbone.state_dict(), strict=False)
    with torch.no_grad():
        assert torch.equal(class_head_sees(name, network, images()), backbone(images()))


def test_squeezenet_averages_its_last_map() -> None:
    backbone = build_backbone("squeezenet1_0").eval()
    network = zoo.network("squeezenet1_0").eval()
    network.load_state_dict(backbone.state_dict(), strict=False)
    with torch.no_grad():
        expected = network.get_submodule("features")(images()).mean((2, 3))
        torch.testing.assert_close(backbone(images()), expected)


def test_the_seed_decides_the_weights_and_nothing_outside_notices() -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first, again, other = (build_backbone("squeezenet1_0", seed) for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), again.parameters(), strict=True))
    assert not torch.equal(next(first.parameters()), next(other.parameters()))


def test_an_unknown_name_and_a_wrong_depth_are_refused() -> None:
    with pytest.raises(RequestError, match="Did you mean resnet18"):
        build_backbone("resnet_18")
    backbone = on_meta("resnet18")
    for depth in (6, -1):
        with pytest.raises(RequestError, match=r"0 to 5"):
            backbone.freeze(depth)


def train_a_little(backbone: Backbone) -> None:
    backbone.train()
    trained = [parameter for parameter in backbone.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=1e-2, weight_decay=0.1)
    for _ in range(2):
        optimiser.zero_grad()
        backbone(images(4, 32)).square().mean().backward()
        optimiser.step()


@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v3_small", "efficientnet_b0"])
@pytest.mark.parametrize("batch_norm", ["eval", "train"])
def test_frozen_stages_are_bit_identical_after_training(name: str, batch_norm: str) -> None:
    backbone = build_backbone(name, batch_norm=batch_norm)  # type: ignore[arg-type]
    backbone.freeze(2)
    before = snapshot(backbone)
    train_a_little(backbone)
    frozen = tuple(f"{path}." for index in range(2) for path in backbone.plan.paths(index))
    after = backbone.state_dict()
    assert all(torch.equal(before[key], after[key]) for key in before if key.startswith(frozen))
    statistics = [key for key in before if key.endswith("running_mean") and not key.startswith(frozen)]
    moved = {not torch.equal(before[key], after[key]) for key in statistics}
    assert moved == {batch_norm == "train"}
    weights = [name for name, parameter in backbone.named_parameters() if parameter.requires_grad]
    assert all(not torch.equal(before[key], after[key]) for key in weights)


def test_train_and_eval_keep_the_modes_that_were_promised() -> None:
    backbone = build_backbone("efficientnet_b0", batch_norm="train")
    backbone.freeze(3)
    backbone.eval()
    assert not any(module.training for module in backbone.modules())
    backbone.train()
    for index, stage in enumerate(backbone.stages):
        modes = {inner.training for module in stage.modules for inner in module.modules()}
        assert modes == {index >= 3}
    backbone.batch_norm = "eval"
    backbone.train()
    assert {m.training for m in backbone.modules() if isinstance(m, _BatchNorm)} == {False}
    backbone.freeze(0)
    assert backbone.stages[0].modules[0].training


def test_a_copy_stands_on_its_own() -> None:
    backbone = build_backbone("squeezenet1_0").eval()
    twin = copy.deepcopy(backbone)
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.zero_()
        assert backbone(images()).abs().sum() > 0
        assert twin(images()).abs().sum() == 0
