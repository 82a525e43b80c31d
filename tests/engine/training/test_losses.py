from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional

from workbench.engine.training.losses import TaskLoss, class_weights, combine, loss_sum

LOGITS = torch.randn(6, 4, generator=torch.Generator().manual_seed(1))
TARGETS = torch.tensor([0, 3, -1, 2, -1, 1])


def test_only_labelled_pictures_count() -> None:
    logits = LOGITS.clone().requires_grad_()
    sums = loss_sum(logits, TARGETS, TaskLoss(4))
    kept = TARGETS >= 0
    assert sums.objective.item() == pytest.approx(
        functional.cross_entropy(LOGITS[kept], TARGETS[kept], reduction="sum").item()
    )
    assert sums.cross_entropy.item() == pytest.approx(sums.objective.item())
    assert sums.correct.item() == int((LOGITS.argmax(1) == TARGETS)[kept].sum())
    sums.objective.backward()
    assert logits.grad is not None
    assert torch.equal(logits.grad[~kept], torch.zeros(2, 4)) and bool((logits.grad[kept] != 0).all())


def test_a_task_without_a_label_gives_no_gradient_and_no_share() -> None:
    logits = LOGITS.clone().requires_grad_()
    nothing = torch.full((6,), -1)
    sums = {"a": loss_sum(LOGITS, TARGETS, TaskLoss(4)), "b": loss_sum(logits, nothing, TaskLoss(4))}
    tasks = {"a": TaskLoss(4), "b": TaskLoss(4)}
    total = combine(sums, {"a": 4, "b": 0}, tasks, {"a": 1.0, "b": 1.0})
    assert total.item() == pytest.approx(sums["a"].objective.item() / 4 / math.log(4))
    assert combine({"b": sums["b"]}, {"b": 0}, tasks, {"b": 1.0}).item() == 0.0
    assert not combine({"b": sums["b"]}, {"b": 0}, tasks, {"b": 1.0}).requires_grad


@pytest.mark.parametrize("classes", [2, 5, 100])
def test_guessing_costs_one_in_every_task(classes: int) -> None:
    even = torch.zeros(8, classes)
    targets = torch.arange(8) % classes
    sums = {"a": loss_sum(even, targets, TaskLoss(classes))}
    assert combine(sums, {"a": 8}, {"a": TaskLoss(classes)}, {"a": 1.0}).item() == pytest.approx(1.0)
    assert combine(sums, {"a": 8}, {"a": TaskLoss(classes, weight=3.0)}, {"a": 0.5}).item() == pytest.approx(1.5)


def test_smoothing_and_class_weights_are_those_of_torch() -> None:
    kept = TARGETS >= 0
    weights = torch.tensor([1.0, 2.0, 0.5, 4.0])
    smooth = loss_sum(LOGITS, TARGETS, TaskLoss(4, label_smoothing=0.2))
    expected = functional.cross_entropy(LOGITS[kept], TARGETS[kept], reduction="sum", label_smoothing=0.2)
    assert smooth.objective.item() == pytest.approx(expected.item(), rel=1e-5)
    weighted = loss_sum(LOGITS, TARGETS, TaskLoss(4, class_weights=weights))
    expected = functional.cross_entropy(LOGITS[kept], TARGETS[kept], weight=weights, reduction="sum")
    assert weighted.objective.item() == pytest.approx(expected.item(), rel=1e-5)
    assert weighted.cross_entropy.item() == pytest.approx(smooth.cross_entropy.item())


def test_class_weights_are_one_on_average_and_ignore_absent_classes() -> None:
    weights = class_weights([30, 10, 0])
    assert weights[1] / weights[0] == pytest.approx(3.0)
    assert (weights[0] * 30 + weights[1] * 10) / 40 == pytest.approx(1.0)
    assert weights[2] == 1.0


def test_reduced_precision_is_summed_in_full() -> None:
    assert loss_sum(LOGITS.bfloat16(), TARGETS, TaskLoss(4)).objective.dtype == torch.float32
