"""The shipped facts are what torchvision gives today."""

from __future__ import annotations

import pytest

from workbench.core import catalogue
from workbench.core.resources import resource
from workbench.engine.model import zoo
from workbench.engine.model.facts import document
from workbench.engine.model.plans import PLANS


def test_the_shipped_file_is_what_is_worked_out() -> None:
    shipped = resource("backbones.json").read_text(encoding="utf-8")
    assert shipped == document(), "run: python -m workbench.engine.model.facts"


@pytest.mark.parametrize("name", PLANS)
def test_counts_agree_with_torchvisions_own(name: str) -> None:
    facts, meta = catalogue.get(name), zoo.default_weights(name).meta
    assert facts.parameters_with_class_head == meta["num_params"]
    assert facts.macs_with_class_head / 1e9 == pytest.approx(meta["_ops"], abs=0.0006)
    assert facts.features == PLANS[name].features
