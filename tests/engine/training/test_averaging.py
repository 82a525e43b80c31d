from __future__ import annotations

import torch
from torch import nn

from workbench.engine.training.averaging import WeightAverage


def network() -> nn.Linear:
    made = nn.Linear(3, 2)
    made.bias.requires_grad_(False)
    with torch.no_grad():
        made.weight.zero_()
    return made


def step(made: nn.Linear, value: float) -> None:
    with torch.no_grad():
        made.weight.fill_(value)


def test_it_follows_the_weights_ever_more_slowly() -> None:
    made = network()
    average = WeightAverage(made, 0.5)
    assert set(average.weights) == {"weight"}
    expected = 0.0
    for number in range(1, 30):
        step(made, float(number))
        average.update()
        keep = min(0.5, (1 + number) / (10 + number))
        expected = keep * expected + (1 - keep) * number
    assert torch.allclose(average.weights["weight"], torch.tensor(expected))


def test_inside_the_network_has_the_average_and_afterwards_its_own_weights() -> None:
    made = network()
    average = WeightAverage(made, 0.9)
    step(made, 1.0)
    average.update()
    value = average.weights["weight"][0, 0].item()
    assert 0 < value < 1
    with average.in_place():
        assert (made.weight == value).all()
    assert (made.weight == 1).all() and (average.weights["weight"] == value).all()


def test_restored_it_goes_on_with_the_same_bits() -> None:
    one, other = network(), network()
    first, second = WeightAverage(one, 0.99), WeightAverage(other, 0.99)
    for value in (0.3, 0.7):
        step(one, value)
        first.update()
    kept = {"steps": first.state()["steps"], "weights": {"weight": first.weights["weight"].clone()}}
    second.restore(kept)
    for made, average in ((one, first), (other, second)):
        step(made, 0.1)
        average.update()
    assert torch.equal(first.weights["weight"], second.weights["weight"])
