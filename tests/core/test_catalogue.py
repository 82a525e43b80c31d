"""The facts that the window and the terminal show of each backbone."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from workbench.core import catalogue
from workbench.core.errors import RequestError


def test_torchvisions_backbones_are_there_the_usual_ones_first() -> None:
    names = list(catalogue.backbones())
    assert len(names) == 80
    assert names[:3] == ["resnet18", "resnet34", "resnet50"]
    assert all(facts.source == "torchvision" for facts in catalogue.backbones().values())


@pytest.mark.parametrize("name", catalogue.backbones())
def test_facts_agree_with_each_other(name: str) -> None:
    facts = catalogue.get(name)
    assert facts.name == name
    assert sum(stage.parameters for stage in facts.stages) == facts.parameters
    assert facts.parameters < facts.parameters_with_class_head
    assert facts.macs < facts.macs_with_class_head
    assert len({stage.name for stage in facts.stages}) == len(facts.stages)
    assert facts.accuracy is not None and 50 < facts.accuracy < 100
    assert facts.minimum_size <= facts.input_size
    assert facts.dense
    assert facts.versions[0].name == facts.weights
    assert len({version.name for version in facts.versions}) == len(facts.versions)
    for version in facts.versions:
        assert "ImageNet terms" in version.licence
        assert version.url.endswith(f"/{version.file}") and not version.hub_id
        assert version.source.startswith("https://") and version.download_mb > 1


def test_weights_for_research_alone_say_so() -> None:
    licences = {version.name: version.licence for version in catalogue.get("vit_b_16").versions}
    assert "no commercial use" in licences["IMAGENET1K_SWAG_E2E_V1"]
    assert "no commercial use" not in licences["IMAGENET1K_V1"]


def test_timms_backbones_are_there_and_agree_with_each_other() -> None:
    known = catalogue.hub()
    assert len(known) > 1000
    for name, facts in known.items():
        assert (facts.name, facts.source) == (name, "timm")
        assert name.startswith("timm/") and "." not in name
        assert sum(stage.parameters for stage in facts.stages) == facts.parameters
        assert 0 < facts.minimum_size <= facts.input_size
        assert not facts.dense or all(stage.size for stage in facts.stages)
        for version in facts.versions:
            assert version.file and (version.hub_id or version.url)
    assert catalogue.get("timm/resnet50") is known["timm/resnet50"]
    first = known["timm/resnet50"].versions[0]
    assert (first.name, first.hub_id, first.licence) == ("a1_in1k", "timm/resnet50.a1_in1k", "apache-2.0")


def test_normalisation_is_what_the_weights_expect() -> None:
    usual, halves = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)), ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    assert catalogue.normalisation("resnet18", "default") == usual
    for weights in ("starter", "none", "file:a.pth", "run:001"):
        assert catalogue.normalisation("resnet18", weights) == usual
    assert catalogue.normalisation("googlenet", "none") == halves
    assert catalogue.normalisation("efficientnet_v2_l", "IMAGENET1K_V1") == halves
    assert catalogue.normalisation("vgg16", "IMAGENET1K_FEATURES")[1] == pytest.approx((1 / 255,) * 3)
    assert catalogue.normalisation("vgg16", "IMAGENET1K_V1") == usual
    assert catalogue.normalisation("timm/vit_base_patch16_224", "hub") == halves
    assert catalogue.normalisation("timm/vit_base_patch16_224", "dino") == usual


def test_default_weights_are_the_starter_where_one_ships(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(catalogue, "starter", lambda name: tmp_path if name == "resnet18" else None)
    assert catalogue.default_weights("resnet18") == "starter"
    assert catalogue.default_weights("alexnet") == "default"
    assert catalogue.default_weights("timm/resnet18") == "hub"
    assert catalogue.default_weights("timm/vovnet39a") == "none", "no pretrained weights are known of it"
    with pytest.raises(RequestError, match="not a known backbone"):
        catalogue.default_weights("alexnett")


def test_known_figures() -> None:
    facts = catalogue.get("resnet18")
    assert facts.parameters_with_class_head == 11_689_512
    assert facts.parameters == 11_689_512 - 513_000
    assert facts.features == 512
    assert len(catalogue.get("vit_b_16").stages) == 13


def test_trainable_parameters_fall_stage_by_stage_to_none() -> None:
    facts = catalogue.get("mobilenet_v2")
    counts = [catalogue.trainable_parameters("mobilenet_v2", depth) for depth in range(len(facts.stages) + 1)]
    assert counts[0] == facts.parameters
    assert [a - b for a, b in pairwise(counts)] == [s.parameters for s in facts.stages]
    assert counts[-1] == 0 == catalogue.trainable_parameters("mobilenet_v2", "all")


def test_a_depth_that_does_not_fit_is_refused() -> None:
    for depth in (-1, 6):
        with pytest.raises(RequestError, match=rf"The freeze depth {depth} does not fit resnet18, which has 5"):
            catalogue.trainable_parameters("resnet18", depth)


def test_a_misspelt_name_is_answered_with_the_close_one() -> None:
    with pytest.raises(RequestError) as caught:
        catalogue.get("mobilnet_v2")
    assert str(caught.value).startswith("mobilnet_v2 is not a known backbone. Did you mean mobilenet_v2")


def test_close_names_are_looked_for_in_timm_too() -> None:
    with pytest.raises(RequestError, match=r"Did you mean timm/convnext_atto"):
        catalogue.get("timm/convnext_ato")
    with pytest.raises(RequestError, match=r"Did you mean timm/eva02_tiny_patch14_224"):
        catalogue.get("eva02_tiny_patch14_224")


def test_a_strange_name_is_answered_with_where_to_choose() -> None:
    with pytest.raises(RequestError, match=r"xyz is not a known backbone\. Choose one of torchvision's, such"):
        catalogue.get("xyz")


def test_the_catalogue_needs_no_torch() -> None:
    code = "import sys; from workbench.core.catalogue import backbones, hub; backbones(); hub(); "
    code += "print('torch' in sys.modules or 'timm' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


def test_pictures_too_small_for_a_backbone_are_refused() -> None:
    least = catalogue.get("vit_b_16").minimum_size
    catalogue.check_fit("vit_b_16", "all", least)
    with pytest.raises(RequestError, match=f"at least {least} px, and recipe.image_size is {least - 1}"):
        catalogue.check_fit("vit_b_16", "all", least - 1)


def test_a_task_owns_no_more_stages_than_there_are() -> None:
    for own in (0, 3, 5):
        catalogue.check_own_stages("resnet18", "a", own)
    for own in (-1, 6):
        with pytest.raises(RequestError, match=f"Task a asks for {own} stages of its own, and resnet18 has 5"):
            catalogue.check_own_stages("resnet18", "a", own)


def test_pictures_of_sizes_that_a_backbone_does_not_take_are_refused() -> None:
    catalogue.check_fit("maxvit_t", 0, 448)
    with pytest.raises(RequestError, match=r"takes pictures of 224 px, 448 px and so on .* Set .* to 224 or 448"):
        catalogue.check_fit("maxvit_t", 0, 300)
    catalogue.check_fit("timm/mixer_b16_224", 0, 224)
    with pytest.raises(RequestError, match=r"takes pictures of 224 px alone, and recipe.image_size is 256"):
        catalogue.check_fit("timm/mixer_b16_224", 0, 256)


def test_masks_need_maps() -> None:
    catalogue.check_maps("swin_t", "wall")
    with pytest.raises(RequestError, match="gives no maps, which the masks of task wall need"):
        catalogue.check_maps("timm/crossvit_9_240", "wall")


def test_timm_not_installed_is_said_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    catalogue.check_library("resnet18")
    with pytest.raises(RequestError, match=r"needs the package timm.* pip install 'finetune-workbench\[hub\]'"):
        catalogue.check_library("timm/resnet18")
