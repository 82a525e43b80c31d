from __future__ import annotations

import sys

import pytest

from workbench.core.project import Project
from workbench.core.recipe import Recipe
from workbench.project import fit


@pytest.mark.skipif(sys.platform == "darwin", reason="there a card cannot be hidden")
def test_a_hidden_card_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    fit.has_card.cache_clear()
    assert not fit.has_card()
    fit.has_card.cache_clear()


def test_the_preset_follows_card_device_and_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "has_card", lambda: True)
    assert fit.preset_that_fits(Project(), 5000)[0] == fit.preset_that_fits(Project())[0] == "full"
    assert fit.preset_that_fits(Project(), 60)[0] == "balanced"
    assert fit.preset_that_fits(Project(recipe=Recipe(device="cpu")), 5000)[0] == "probe"
    monkeypatch.setattr(fit, "has_card", lambda: False)
    name, why = fit.preset_that_fits(Project(), 5000)
    assert name == "probe" and why.endswith(".")
