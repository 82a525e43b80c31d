"""Backbones as stages: what they cover, what they compute, what they freeze."""

from __future__ import annotations

import copy

import pytest
import torch
import torchvision
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from tests.engine.model.stage_checks import (
    check_boundaries,
    check_cover,
    check_freezing,
    check_shapes,
    images,
    on_meta,
    randomised,
    take_over,
)
from workbench.core import catalogue
from workbench.core.errors import RequestError
from workbench.engine.model import zoo
from workbench.engine.model.backbones import Backbone, build_backbone
from workbench.engine.model.network import Normalise
from workbench.engine.model.plans import PLANS

# One small network of each family, and the size of picture at which it is compared.
OF_EACH_FAMILY = {
    "resnet18": 64,
    "mobilenet_v2": 64,
    "mobilenet_v3_small": 64,
    "efficientnet_b0": 64,
    "efficientnet_v2_s": 64,
    "convnext_tiny": 64,
    "swin_t": 72,
    "swin_v2_t": 72,
    "maxvit_t": 224,
    "regnet_y_400mf": 64,
    "densenet121": 64,
    "shufflenet_v2_x0_5": 64,
    "mnasnet0_5": 64,
    "squeezenet1_1": 64,
    "googlenet": 64,
    "inception_v3": 96,
    "vgg11_bn": 64,
    "alexnet": 96,
}


def snapshot(module: nn.Module) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in module.state_dict().items()}


def test_all_of_torchvisions_classification_networks_are_there() -> None:
    assert set(PLANS) == set(torchvision.models.list_models(module=torchvision.models))
    assert list(catalogue.backbones()) == list(PLANS)


@pytest.mark.parametrize("name", PLANS)
def test_stages_cover_freeze_and_give_what_the_facts_say(name: str) -> None:
    backbone = on_meta(name)
    check_cover(backbone)
    check_freezing(backbone)
    check_shapes(backbone)
    assert (backbone.plan.features, backbone.plan.title) == (catalogue.get(name).features, catalogue.get(name).title)
    sizes = [stage.size for stage in catalogue.get(name).stages]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("name", OF_EACH_FAMILY)
def test_names_are_torchvisions_without_the_class_head(name: str) -> None:
    backbone = on_meta(name)
    with torch.device("meta"):
        whole = zoo.network(name).state_dict()
    ours = backbone.state_dict()
    left = {key: value.shape for key, value in whole.items() if key not in ours}
    assert {key: value.shape for key, value in ours.items()}.items() <= {k: v.shape for k, v in whole.items()}.items()
    assert left and all(key.startswith(tuple(f"{path}." for path in PLANS[name].head)) for key in left)


def class_head_sees(name: str, network: nn.Module, pictures: Tensor) -> Tensor:
    """What torchvision hands to the first layer of its class head, averaged where that is a map."""
    seen: list[Tensor] = []
    layers = [(n, m) for n, m in network.named_modules() if n.startswith(("fc", "classifier", "head"))]
    last = next(m for n, m in layers if isinstance(m, nn.Linear | nn.Conv2d))
    last.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    network(pictures)
    features = seen[0]
    if PLANS[name].family in ("VGG", "AlexNet"):
        features = network.get_submodule("features")(pictures)
    return features.mean((2, 3)) if features.ndim == 4 else features


@pytest.mark.parametrize(("name", "size"), OF_EACH_FAMILY.items())
def test_features_are_what_torchvision_feeds_to_its_class_head(name: str, size: int) -> None:
    """In one pass of one small network of each family, from any boundary on."""
    backbone = randomised(build_backbone(name).eval())
    network = take_over(zoo.network(name).eval(), backbone)
    features = check_boundaries(backbone, images(2, size))
    with torch.no_grad():
        torch.testing.assert_close(features, class_head_sees(name, network, images(2, size)))


@pytest.mark.parametrize("name", ["googlenet", "inception_v3"])
def test_ported_weights_see_what_torchvision_lets_them_see(name: str) -> None:
    pixels = torch.rand(2, 3, 96, 96, generator=torch.Generator().manual_seed(1))
    usual = Normalise()(pixels)
    network = zoo.network(name, transform_input=True)
    expected = network._transform_input(usual)  # type: ignore[operator]
    torch.testing.assert_close(Normalise(*catalogue.normalisation(name, "default"))(pixels), expected)


def test_maxvit_takes_every_size_that_its_windows_fill() -> None:
    backbone = build_backbone("maxvit_t").eval()
    network = take_over(zoo.network("maxvit_t", input_size=(448, 448)).eval(), backbone)
    with torch.no_grad():
        torch.testing.assert_close(backbone(images(1, 448)), class_head_sees("maxvit_t", network, images(1, 448)))


def test_weights_made_for_larger_pictures_keep_their_position_embeddings() -> None:
    with torch.device("meta"):
        plain = build_backbone("vit_b_16")
        larger = build_backbone("vit_b_16", weights="IMAGENET1K_SWAG_E2E_V1")
        huge = build_backbone("vit_h_14")
    sides = [each.get_parameter("encoder.pos_embedding").shape[1] for each in (plain, larger, huge)]
    assert sides == [1 + 14**2, 1 + 24**2, 1 + 37**2]


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
