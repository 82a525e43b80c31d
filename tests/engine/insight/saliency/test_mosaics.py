"""Maps find the class that is asked for among four, hang on the head, and mark what the answer hangs on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.engine.insight.saliency.checking import checked
from workbench.engine.insight.saliency import METHODS, Question, method_for
from workbench.engine.model.network import HeadChoice, MultiTaskNetwork, build_network
from workbench.engine.model.weights import load_weights

CLASSES = 4
TINTS = ((0.9, 0.2, 0.2), (0.2, 0.8, 0.2), (0.2, 0.3, 0.9), (0.8, 0.8, 0.2))


def tile(kind: int, side: int, source: torch.Generator) -> Tensor:
    """(3, side, side): lines down, lines across, checks or plain, each in a colour of its own."""
    rows, columns = torch.arange(side)[:, None] // 4, torch.arange(side)[None, :] // 4
    pattern = (rows + 0 * columns, columns + 0 * rows, rows + columns, 0 * rows + 0 * columns)[kind] % 2
    light = 0.7 + 0.3 * torch.rand(1, generator=source)
    pixels = (0.3 + 0.7 * pattern) * torch.tensor(TINTS[kind])[:, None, None] * light
    return pixels + 0.08 * torch.randn(3, side, side, generator=source)


def placed(kinds: dict[int, int], side: int, source: torch.Generator) -> Tensor:
    """(3, side, side): grey, with a class in each quadrant that is named."""
    half = side // 2
    image = 0.5 + 0.05 * torch.randn(3, side, side, generator=source)
    for quadrant, kind in kinds.items():
        top, left = half * (quadrant // 2), half * (quadrant % 2)
        image[:, top : top + half, left : left + half] = tile(kind, half, source)
    return image.clamp(0, 1)


def fitted(backbone: str, weights: str, side: int, source: torch.Generator) -> MultiTaskNetwork:
    """A network whose head tells the classes apart, by ridge regression on the features of a frozen backbone."""
    network = build_network(backbone, {"kind": HeadChoice("linear", CLASSES)}, weights=weights).eval()
    list(load_weights(network.backbone, weights, Path()))
    network.eval()
    truth = torch.arange(CLASSES).repeat_interleave(24)
    images = torch.stack([placed({at % 4: kind}, side, source) for at, kind in enumerate(truth.tolist())])
    linear = next(module for module in network.heads["kind"].modules() if isinstance(module, nn.Linear))
    with torch.no_grad():
        features = network.features(images)
        middle, spread = features.mean(dim=0), features.std(dim=0) + 1e-6
        known = (features - middle) / spread
        wanted = 8 * (functional.one_hot(truth, CLASSES).float() - 1 / CLASSES)
        ridge = known @ known.T + 0.05 * len(known) * torch.eye(len(known))
        slopes = (known.T @ torch.linalg.solve(ridge, wanted)) / spread[:, None]
        linear.weight.copy_(slopes.T)
        linear.bias.copy_(-middle @ slopes)
    return network


@pytest.mark.parametrize(
    ("backbone", "weights", "side", "method"),
    [
        ("mobilenet_v3_small", "starter", 96, "hirescam"),
        ("timm/test_vit", "none", 96, "integrated-gradients"),
    ],
)
def test_maps_find_the_class_that_is_asked_for(backbone: str, weights: str, side: int, method: str) -> None:
    source, random = torch.Generator().manual_seed(0), np.random.default_rng(0)
    network = fitted(backbone, weights, side, source)
    half, shares, found = side // 2, [], []
    for number in range(12):
        order, quadrant = random.permutation(CLASSES).tolist(), int(random.integers(4))
        question = Question(network, "kind", order[quadrant])
        assert method_for(question, "auto") == method
        mosaic = METHODS[method](question, placed(dict(enumerate(order)), side, source)[None])[0]
        quarters = mosaic.reshape(2, half, 2, half).sum(dim=(1, 3)).flatten()
        shares.append(float(quarters[quadrant] / quarters.sum()))
        if number < 3:
            found.append(checked(question, METHODS[method], placed({quadrant: order[quadrant]}, side, source)))
    assert np.mean(shares) > 0.4, "a quarter by chance"
    assert np.mean([trust.remains for trust in found]) < 0.3, "a random head draws another map"
    assert np.mean([trust.deletion for trust in found]) < np.mean([trust.deletion_random for trust in found])
