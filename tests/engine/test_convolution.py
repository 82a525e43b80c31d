"""Deep convolutions as matrix products: the same sums as torch's own, and no others."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from workbench.core.resolved import Convolutions
from workbench.engine import device as devices
from workbench.engine.convolution import WAYS, Call, deep_calls

CPU = torch.device("cpu")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "bias"),
    [(3, 1, 1, False), (3, 2, 1, True), (1, 2, 0, False), ((3, 1), (1, 2), (1, 0), True)],
)
def test_answers_and_gradients_are_those_of_torch(
    kernel: int, stride: int, padding: int, bias: bool, way: Convolutions
) -> None:
    torch.manual_seed(0)
    layer = nn.Conv2d(64, 96, kernel, stride, padding, bias=bias).to(memory_format=torch.channels_last)
    x = torch.randn(2, 64, 7, 5).contiguous(memory_format=torch.channels_last)
    torches, ours = _gradients(layer, x, "own"), _gradients(layer, x, way)
    assert list(ours) == list(torches)
    for name, gradient in torches.items():
        torch.testing.assert_close(ours[name], gradient, rtol=0.02, atol=0.02 * float(gradient.abs().max()))


@pytest.mark.parametrize("way", WAYS)
def test_shallow_grouped_dilated_frozen_and_unlearnt_convolutions_are_left_to_torch(
    monkeypatch: pytest.MonkeyPatch, way: Convolutions
) -> None:
    called: list[Tensor] = []
    function = WAYS[way].function
    original = function.apply

    def watched(x: Tensor, *given: Any) -> Any:
        called.append(x)
        return original(x, *given)

    monkeypatch.setattr(function, "apply", watched)
    deep, x = nn.Conv2d(64, 64, 3), torch.randn(1, 64, 4, 4)
    others = [
        (nn.Conv2d(8, 8, 3), torch.randn(4, 8, 32, 32)),
        (nn.Conv2d(64, 64, 3, groups=2), x),
        (nn.Conv2d(64, 64, 3, dilation=2), torch.randn(1, 64, 6, 6)),
        (nn.Conv2d(64, 64, 3, padding="same"), x),
        (copy.deepcopy(deep).requires_grad_(False), x),
    ]
    with devices.autocast(CPU, "bf16", way):
        for layer, pictures in others:
            layer(pictures)
        with torch.no_grad():
            deep(x)
    with devices.autocast(CPU, "fp32", way):
        deep(x)
    with devices.autocast(CPU, "bf16", "own"):
        deep(x)
    assert not called
    with devices.autocast(CPU, "bf16", way):
        deep(x)
    assert len(called) == 1


def test_deep_ones_that_learn_are_found_and_counted() -> None:
    shallow, deep, frozen = nn.Conv2d(3, 64, 3), nn.Conv2d(64, 64, 3, 2, 1), nn.Conv2d(64, 64, 1).requires_grad_(False)
    network = nn.Sequential(shallow, deep, frozen, deep)
    calls = deep_calls(lambda: network(torch.zeros(1, 3, 10, 10)), 4)
    assert calls == {
        Call((4, 64, 8, 8), (64, 64, 3, 3), (2, 2), (1, 1)): 1,
        Call((4, 64, 4, 4), (64, 64, 3, 3), (2, 2), (1, 1)): 1,
    }
    assert not deep_calls(lambda: network(torch.zeros(1, 3, 10, 10)), 1000)
    assert all(parameter.grad is None for parameter in network.parameters())


def _gradients(layer: nn.Conv2d, x: Tensor, way: Convolutions) -> dict[str, Tensor]:
    layer, x = copy.deepcopy(layer), x.clone().requires_grad_()
    with devices.autocast(CPU, "bf16", way):
        answer = layer(x)
    answer.float().square().sum().backward()
    assert x.grad is not None and answer.dtype == torch.bfloat16
    learnt = {name: each.grad for name, each in layer.named_parameters() if each.grad is not None}
    return {"answer": answer.detach(), "x": x.grad, **learnt}
