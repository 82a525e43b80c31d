"""A hub of a thousand backbones, made up from torchvision's."""

from __future__ import annotations

import pytest

from workbench.core import catalogue
from workbench.core.backbone_facts import BackboneFacts


def made_up_hub(number: int = 1000) -> dict[str, BackboneFacts]:
    """Backbones as those of timm are described; names and titles are long."""
    own = list(catalogue.backbones().values())
    found = {}
    for at in range(number):
        facts = own[at % len(own)]
        name = f"timm/{facts.name}_distilled_variant_{at:04d}"
        tag = facts.versions[0].model_copy(
            update={"name": "augreg_in21k_ft_in1k", "licence": "Apache-2.0", "file": f"{at}.safetensors"}
        )
        other = tag.model_copy(update={"name": "a1_in1k", "accuracy": None})
        change = {"name": name, "title": f"{facts.title} distilled variant {at:04d}", "source": "timm", "year": None}
        found[name] = facts.model_copy(update={**change, "versions": (tag, other)})
    return found


@pytest.fixture(autouse=True)
def no_starters(monkeypatch):
    """No weights ship, whatever lies in the resources."""
    monkeypatch.setattr(catalogue, "starter", lambda name: None)


@pytest.fixture
def hub(monkeypatch):
    """A made-up hub in the catalogue's place."""
    made = made_up_hub()
    monkeypatch.setattr(catalogue, "hub", lambda: made)
    return made
