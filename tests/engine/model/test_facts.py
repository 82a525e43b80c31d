"""The shipped facts are what the libraries give today."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workbench.core import catalogue
from workbench.core.resources import resource
from workbench.engine.model import zoo
from workbench.engine.model.facts import timm as of_timm
from workbench.engine.model.facts import torchvision as of_torchvision
from workbench.engine.model.plans import PLANS

REWRITE = "run: python -m workbench.engine.model.facts torchvision timm"


def shipped(file: str) -> dict[str, Any]:
    document = json.loads(resource(file).read_text(encoding="utf-8"))
    return {facts["name"]: facts for facts in document["backbones"]}


def worked_out(facts: dict[str, Any] | None) -> Any:
    return json.loads(json.dumps(facts))


@pytest.mark.parametrize(
    "name", ["resnet18", "mobilenet_v3_small", "vgg16", "swin_t", "vit_b_32", "googlenet", "regnet_y_400mf"]
)
def test_the_shipped_facts_are_what_is_worked_out(name: str) -> None:
    assert shipped("backbones.json")[name] == worked_out(of_torchvision.facts(PLANS[name])), REWRITE


@pytest.mark.parametrize("name", ["resnet18", "vit_tiny_patch16_224", "efficientnet_b0", "crossvit_9_240"])
def test_the_shipped_facts_of_timm_are_what_is_worked_out(name: str) -> None:
    pytest.importorskip("timm", reason="the extra hub is not installed")
    assert shipped("timm.json")[f"timm/{name}"] == worked_out(of_timm.facts_of(f"timm/{name}")), REWRITE


@pytest.mark.parametrize("name", PLANS)
def test_counts_agree_with_torchvisions_own(name: str) -> None:
    facts, meta = catalogue.get(name), zoo.default_weights(name).meta
    aside = AUXILIARY.get(name, 0)
    assert facts.parameters_with_class_head + aside == meta["num_params"]
    assert facts.macs_with_class_head / 1e9 == pytest.approx(meta["_ops"], rel=2e-4, abs=0.0006)
    assert facts.features == PLANS[name].features
    assert [version.name for version in facts.versions] == list(zoo.weights_by_name(name))


AUXILIARY = {"inception_v3": 27_161_264 - 23_834_568}
"""Parameters of auxiliary class heads, which torchvision counts."""
