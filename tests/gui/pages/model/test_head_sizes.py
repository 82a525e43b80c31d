"""The window counts the parameters of heads without loading them; here they are counted in the heads themselves."""

import pytest

from workbench.core.catalogue import backbones
from workbench.core.kinds import HEADS
from workbench.gui.pages.model.head_sizes import HEAD_SIZES, HeadSize, head_parameters
from workbench.gui.widgets.branches import parameters


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


NETWORKS = [(0, {}), (2, {"a": 1}), (4, {"a": 3, "b": 2}), (1, {"a": 2, "b": 4}), (5, {"b": 1})]


@pytest.mark.parametrize(("freeze", "own"), NETWORKS)
def test_copies_of_stages_are_counted_as_the_network_has_them(freeze, own):
    from workbench.engine.model.network import HeadChoice, build_network

    heads = {task: HeadChoice("linear", 3, own_stages=own.get(task, 0)) for task in ("a", "b")}
    network = build_network("resnet18", heads, freeze=freeze)
    sizes = [stage.parameters for stage in backbones()["resnet18"].stages]
    own_heads = 2 * head_parameters("linear", HeadSize(512, (), 3))
    training, total = parameters(sizes, freeze, {task: own.get(task, 0) for task in ("a", "b")})
    counted = [(parameter.numel(), parameter.requires_grad) for parameter in network.parameters()]
    assert sum(number for number, _ in counted) == total + own_heads
    assert sum(number for number, trains in counted if trains) == training + own_heads
