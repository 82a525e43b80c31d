"""Pairs of near-identical pictures."""

from __future__ import annotations

import torch

from tests.engine.data.pictures import drain
from workbench.core.control import Control
from workbench.engine.insight.doubts import twins as module
from workbench.engine.insight.doubts.twins import Twins, find_twins


def features(count: int) -> torch.Tensor:
    return torch.rand(count, 64, generator=torch.Generator().manual_seed(0))


def test_copies_and_nearly_so_are_found_across_blocks() -> None:
    values = features(1100)
    values[1050] = values[3]
    values[700] = values[699] + 0.01
    _, found = drain(find_twins(values, Control()))
    assert isinstance(found, Twins)
    assert found.pairs.tolist() == [[3, 1050], [699, 700]]
    assert (found.likeness > 0.999).all()
    assert found.of(1050) == [(3, found.likeness[0])] and found.of(4) == []


def test_a_backbone_that_tells_nothing_apart_makes_no_twins() -> None:
    values = 100 + 0.01 * features(40)
    _, found = drain(find_twins(values, Control()))
    assert len(found.pairs) == 0
    plain = torch.nn.functional.normalize(values, dim=1)
    assert (plain @ plain.T > module.ALIKE).all()
