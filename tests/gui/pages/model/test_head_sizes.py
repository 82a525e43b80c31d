"""The window counts the parameters of heads without loading them; here they are counted in the heads themselves."""

import pytest

from workbench.core.catalogue import backbones
from workbench.core.kinds import HEADS
from workbench.gui.pages.model.choice import HEAD_SIZES, HeadSize, head_parameters


@pytest.mark.parametrize("hidden", [0, 48])
@pytest.mark.parametrize("head", [head for heads in HEADS.values() for head in heads])
def test_a_head_has_as_many_parameters_as_the_window_says(head, hidden):
    from workbench.engine.model import heads

    facts = backbones()["mobilenet_v3_small"]
    maps = tuple(stage.channels for stage in facts.stages)
    classes = 0 if head == "number" else 6
    made = heads.HEADS[head](heads.Widths(facts.features, maps), classes, heads.HeadSettings(hidden=hidden))
    counted = sum(parameter.numel() for parameter in made.parameters())
    assert head_parameters(head, HeadSize(facts.features, maps, classes, hidden)) == counted


def test_every_head_has_a_size():
    assert set(HEAD_SIZES) == {head for heads in HEADS.values() for head in heads}
