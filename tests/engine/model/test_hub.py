"""timm's networks as backbones: the same stages, freezing and features as any other."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from tests.engine.model.stage_checks import (
    check_boundaries,
    check_cover,
    check_freezing,
    check_gradients,
    check_shapes,
    images,
    on_meta,
    randomised,
    take_over,
)
from workbench.core import catalogue
from workbench.core.errors import RequestError
from workbench.engine.model.backbones import build_backbone
from workbench.engine.model.hub import networks
from workbench.engine.model.hub.plans import hub_plan
from workbench.engine.model.matching import match_state
from workbench.engine.model.network import HeadChoice, build_network

timm = pytest.importorskip("timm", reason="the extra hub is not installed")

STAGES = {
    "resnet18": ("stage", 5),
    "resnetv2_50": ("stage", 5),
    "densenet121": ("stage", 5),
    "efficientnet_b0": ("stage", 5),
    "mobilenetv3_small_100": ("stage", 5),
    "mobilenetv4_conv_small": ("stage", 5),
    "regnety_002": ("stage", 5),
    "convnext_atto": ("stage", 5),
    "nfnet_l0": ("stage", 5),
    "poolformer_s12": ("stage", 5),
    "pvt_v2_b0": ("stage", 5),
    "mobilevit_xs": ("stage", 5),
    "ghostnet_100": ("stage", 5),
    "vgg11": ("stage", 5),
    "dpn68": ("stage", 5),
    "tiny_vit_5m_224": ("stage", 5),
    "mambaout_femto": ("stage", 5),
    "vit_tiny_patch16_224": ("block", 13),
    "deit_tiny_distilled_patch16_224": ("block", 13),
    "beit_base_patch16_224": ("block", 13),
    "eva02_tiny_patch14_224": ("block", 13),
    "vit_small_patch16_dinov3": ("block", 13),
    "swin_tiny_patch4_window7_224": ("block", 13),
    "swinv2_tiny_window8_256": ("block", 13),
    "test_maxvit": ("block", 5),
    "levit_128s": ("block", 10),
    "mixer_s32_224": ("block", 9),
    "hiera_tiny_224": ("block", 13),
    "convmixer_768_32": ("block", 33),
    "hrnet_w18_small": ("whole", 1),
    "cait_xxs24_224": ("whole", 1),
    "crossvit_9_240": ("whole", 1),
    "coat_lite_tiny": ("whole", 1),
}
"""What the stages are, and how many."""

COMPARED = {
    "resnet18": 64,
    "densenet121": 64,
    "efficientnet_b0": 64,
    "mobilenetv3_small_100": 64,
    "regnety_002": 64,
    "convnext_atto": 64,
    "pvt_v2_b0": 64,
    "mobilevit_xs": 64,
    "mambaout_femto": 64,
    "vit_tiny_patch16_224": 72,
    "deit_tiny_distilled_patch16_224": 64,
    "eva02_tiny_patch14_224": 64,
    "vit_small_patch16_dinov3": 64,
    "swin_tiny_patch4_window7_224": 64,
    "swinv2_tiny_window8_256": 64,
    "levit_128s": 224,
    "crossvit_9_240": 240,
    "test_maxvit": 160,
}
"""One small network of each kind, and the size of picture at which it is compared."""


@pytest.mark.parametrize("name", STAGES)
def test_stages_cover_freeze_and_give_what_the_facts_say(name: str) -> None:
    backbone = on_meta(f"timm/{name}")
    check_cover(backbone)
    check_freezing(backbone)
    check_shapes(backbone)
    assert (backbone.plan.unit, backbone.stage_count) == STAGES[name]
    branch = backbone.branch(backbone.stage_count - 1)
    assert {*branch.state_dict()} <= {*backbone.state_dict()}
    assert len(list(branch.parameters())) == len(backbone.stage_parameters(backbone.stage_count - 1))


@pytest.mark.parametrize(("name", "size"), COMPARED.items())
def test_features_are_timms_own(name: str, size: int) -> None:
    """In one pass, from any boundary on, and in a copy of the last stages."""
    backbone = randomised(build_backbone(f"timm/{name}").eval())
    network = take_over(networks.network(f"timm/{name}"), backbone)
    pictures = images(2, size)
    features = check_boundaries(backbone, pictures)
    middle = backbone.stage_count // 2
    branch = copy.deepcopy(backbone).branch(middle)
    with torch.no_grad():
        torch.testing.assert_close(features, network(pictures))
        half = backbone.forward_stages(pictures, 0, middle)
        assert torch.equal(branch.forward_stages(half, middle, backbone.stage_count), features)
    check_gradients(backbone, pictures)


@pytest.mark.parametrize("name", ["test_vit", "test_convnext", "test_efficientnet"])
def test_weights_of_timms_own_network_fit(name: str) -> None:
    theirs = {key: torch.full_like(value, 0.25) for key, value in timm.create_model(name).state_dict().items()}
    backbone = build_backbone(f"timm/{name}")
    match = match_state(backbone, theirs)
    assert (match.matched, match.missing, match.mismatched, match.unexpected) == (match.total, (), (), ())


def test_position_embeddings_of_another_size_are_fitted_by_timm() -> None:
    larger = timm.create_model("test_vit", img_size=256, num_classes=0).state_dict()
    match = match_state(build_backbone("timm/test_vit"), larger)
    assert match.matched == match.total and not match.mismatched


def test_names_are_timms_own() -> None:
    with torch.device("meta"):
        whole = timm.create_model("convnext_atto").state_dict()
    ours = on_meta("timm/convnext_atto").state_dict()
    assert {key for key in whole if key not in ours} == {"head.fc.weight", "head.fc.bias"}
    assert all(value.shape == whole[key].shape for key, value in ours.items())


def test_frozen_stages_stay_as_they_are_and_the_others_learn() -> None:
    backbone = build_backbone("timm/test_efficientnet", batch_norm="train")
    backbone.freeze(2)
    backbone.train()
    before = {name: value.clone() for name, value in backbone.state_dict().items()}
    trained = [parameter for parameter in backbone.parameters() if parameter.requires_grad]
    optimiser = torch.optim.SGD(trained, lr=0.1)
    backbone(images(4, 64)).square().mean().backward()
    optimiser.step()
    frozen = {name for index in range(2) for name in backbone.stage_state(index)}
    changed = {name for name, value in backbone.state_dict().items() if not torch.equal(before[name], value)}
    assert frozen and changed and not frozen & changed
    assert {name for name, p in backbone.named_parameters() if p.requires_grad} <= changed


@pytest.mark.parametrize("name", ["timm/test_convnext", "timm/test_vit", "timm/swin_s3_tiny_224"])
def test_all_kinds_of_heads_and_own_stages_work_on_them(name: str) -> None:
    heads = {"a": HeadChoice("linear", 3), "b": HeadChoice("dense", 2, own_stages=1)}
    network = build_network(name, heads, freeze=1).eval()
    network.copy_stages()
    size = catalogue.get(name).input_size
    with torch.no_grad():
        pixels = torch.rand(1, 3, size, size)
        answers = network(pixels)
        assert answers["a"].shape == (1, 3)
        assert answers["b"].shape == (1, 2, size, size)
        torch.testing.assert_close(network.rest(network.frozen_part(pixels))["a"], answers["a"])


def test_maps_lie_as_the_picture() -> None:
    backbone = build_backbone("timm/test_vit").eval()
    cell = catalogue.get("timm/test_vit").input_size // catalogue.get("timm/test_vit").stages[0].size
    dark = torch.zeros(1, 3, 4 * cell, 4 * cell)
    lit = dark.clone()
    lit[:, :, cell : 2 * cell, 2 * cell : 3 * cell] = 1.0  # row 1, column 2
    with torch.no_grad():
        first, second = (backbone.maps(each)[0] for each in (dark, lit))
    assert [tuple(place) for place in (first != second).any(1)[0].nonzero().tolist()] == [(1, 2)]


def test_the_seed_decides_the_weights() -> None:
    first, again, other = (build_backbone("timm/test_resnet", seed) for seed in (1, 1, 2))
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), again.parameters(), strict=True))
    assert not torch.equal(next(first.parameters()), next(other.parameters()))


def test_masks_on_a_network_without_maps_are_refused() -> None:
    with torch.device("meta"), pytest.raises(RequestError, match="gives no maps"):
        build_network("timm/crossvit_9_240", {"wall": HeadChoice("dense", 2)})


def test_another_timm_than_the_one_that_is_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = catalogue.get("timm/test_resnet")
    other = facts.model_copy(update={"stages": facts.stages[:-1]})
    monkeypatch.setattr(catalogue, "get", lambda name: other)
    with pytest.raises(RequestError, match="builds timm/test_resnet in another way"):
        build_backbone("timm/test_resnet")


class Branching(nn.Module):
    """A network whose second block is also given what went into the first, which nothing but watching shows."""

    pretrained_cfg = {"input_size": (3, 32, 32)}

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 4, 4)
        self.blocks = nn.ModuleList(nn.Conv2d(4, 4, 3, 2, 1) for _ in range(3))

    def forward_features(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        aside = self.blocks[0](x)
        x = self.blocks[1](x) + aside
        out: Tensor = self.blocks[2](x)
        return out

    def forward_head(self, x: Tensor, pre_logits: bool = False) -> Tensor:
        return x.mean((2, 3))


def test_a_network_that_is_no_chain_is_not_taken_apart() -> None:
    from workbench.engine.model.hub.plans import plan_of

    with torch.device("meta"):
        plan = plan_of("timm/branching", Branching().eval())
    assert (plan.unit, len(plan.stages), plan.runs) == ("whole", 1, (("blocks.2",),))
    assert set(plan.paths(0)) == {"stem", "blocks.0", "blocks.1", "blocks.2"}


def test_plans_are_worked_out_once() -> None:
    assert hub_plan("timm/test_resnet") is hub_plan("timm/test_resnet")
