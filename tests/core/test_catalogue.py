"""The facts that the window and the terminal show of each backbone."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest

from workbench.core import catalogue
from workbench.core.errors import RequestError


def test_all_ten_backbones_are_there() -> None:
    assert list(catalogue.backbones()) == [
        "resnet18",
        "resnet34",
        "resnet50",
        "mobilenet_v2",
        "mobilenet_v3_small",
        "mobilenet_v3_large",
        "efficientnet_b0",
        "convnext_tiny",
        "squeezenet1_0",
        "vit_b_16",
    ]


@pytest.mark.parametrize("name", catalogue.backbones())
def test_facts_agree_with_each_other(name: str) -> None:
    facts = catalogue.get(name)
    assert facts.name == name
    assert sum(stage.parameters for stage in facts.stages) == facts.parameters
    assert facts.parameters < facts.parameters_with_class_head
    assert facts.macs < facts.macs_with_class_head
    assert len({stage.name for stage in facts.stages}) == len(facts.stages)
    assert 50 < facts.accuracy < 100
    assert facts.minimum_size <= 32 < facts.input_size
    assert "ImageNet terms" in facts.licence


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


def test_a_strange_name_is_answered_with_all() -> None:
    with pytest.raises(RequestError, match=r"xyz is not a known backbone\. Choose one of resnet18, .*vit_b_16\."):
        catalogue.get("xyz")


def test_the_catalogue_needs_no_torch() -> None:
    code = "import sys; from workbench.core.catalogue import backbones; backbones(); print('torch' in sys.modules)"
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
