"""What each kind of task learns from a teacher that knows all of its classes, or some."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from workbench.core.resolved import ResolvedTask
from workbench.core.transfer import Transfer
from workbench.engine.data.masks import IGNORED
from workbench.engine.transfer.distillation.methods import METHODS
from workbench.engine.transfer.distillation.soft import SOFT, NotTaught, SoftTarget

KD = METHODS["kd"](Transfer(temperature=2.0))


def task(kind: str, classes: str = "", **facts: Any) -> ResolvedTask:
    return ResolvedTask(name="t", kind=kind, head="linear", classes=list(classes), counts={}, class_counts=[], **facts)


def soft(kind: str, mine: str, theirs: str) -> SoftTarget:
    return SOFT[kind](KD, task(kind, mine), task(kind, theirs))


def logits(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_classes_are_matched_by_name_and_those_of_one_alone_are_left_out() -> None:
    target = soft("single-label", "abcd", "xcba")
    mine, theirs = logits(1, 4, 4), logits(2, 4, 4)
    labels = torch.tensor([0, 3, -1, 2])
    expected = KD(mine[:, [0, 1, 2]], theirs[:, [3, 2, 1]], labels)
    assert target.unknown == 1
    assert torch.allclose(target(mine, theirs, labels), expected, atol=1e-6)
    moved = mine.clone()
    moved[:, 3] += 5  # d is none of the teacher's
    assert torch.allclose(target(moved, theirs, labels), expected, atol=1e-6)


def test_a_label_that_the_teacher_does_not_know_counts_as_none() -> None:
    method = METHODS["dkd"](Transfer())
    target = SOFT["single-label"](method, task("single-label", "abcd"), task("single-label", "abc"))
    mine, theirs = logits(1, 2, 4), logits(2, 2, 3)
    assert torch.equal(target(mine, theirs, torch.tensor([3, 3])), target(mine, theirs, torch.tensor([-1, -1])))


@pytest.mark.parametrize(("kind", "mine", "theirs"), [("single-label", "ab", "bc"), ("multi-label", "ab", "cd")])
def test_too_little_in_common_is_said(kind: str, mine: str, theirs: str) -> None:
    with pytest.raises(NotTaught, match="of the 2 classes"):
        soft(kind, mine, theirs)


def test_labels_are_bernoulli_divergences_meaned_over_those_both_know() -> None:
    target = soft("multi-label", "abc", "ca")
    mine, theirs = logits(1, 3, 3), logits(2, 3, 2)
    found = target(mine, theirs, torch.full((3, 3), -1, dtype=torch.int8))
    p, q = (mine[:, [0, 2]] / 2).sigmoid().double(), (theirs[:, [1, 0]] / 2).sigmoid().double()
    divergence = q * (q / p).log() + (1 - q) * ((1 - q) / (1 - p)).log()
    assert torch.allclose(found.double(), 4 * divergence.mean(dim=1), atol=1e-5)


def test_a_number_follows_the_teachers_value_in_deviations_and_the_spread_does_not() -> None:
    target = SOFT["number"](KD, task("number", deviation=5.0), task("number", deviation=50.0))
    mine = torch.tensor([[10.0, 1.0], [20.0, 2.0]], requires_grad=True)
    found = target(mine, torch.tensor([[15.0, 9.0], [20.0, 9.0]]), torch.full((2,), torch.nan))
    assert found.tolist() == [1.0, 0.0]
    found.sum().backward()
    assert mine.grad is not None and bool((mine.grad[:, 1] == 0).all())


def test_masks_of_any_size_are_compared_pixel_by_pixel() -> None:
    target = soft("mask", "ab", "ab")
    mine = logits(1, 2, 2, 8, 8)
    nothing = torch.full((2, 8, 8), IGNORED, dtype=torch.uint8)
    same = target(mine, mine, nothing)
    assert torch.allclose(same, torch.zeros(2), atol=1e-6)
    even = torch.zeros(2, 2, 4, 4)
    expected = KD(mine, torch.zeros_like(mine), nothing.long()).mean(dim=(1, 2))
    assert torch.allclose(target(mine, even, nothing), expected, atol=1e-6)


def test_pixels_that_a_mask_leaves_out_are_left_out() -> None:
    target = soft("mask", "ab", "ab")
    mine, theirs = logits(1, 1, 2, 4, 4), logits(2, 1, 2, 4, 4)
    half = torch.zeros(1, 4, 4, dtype=torch.uint8)
    half[:, 2:] = IGNORED
    expected = KD(mine[:, :, :2], theirs[:, :, :2], torch.zeros(1, 2, 4).long()).mean(dim=(1, 2))
    assert torch.allclose(target(mine, theirs, half), expected, atol=1e-6)
