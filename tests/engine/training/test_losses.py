from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from workbench.core.kinds import KINDS
from workbench.core.project import Task
from workbench.core.resolved import ResolvedTask
from workbench.engine.data.masks import IGNORED
from workbench.engine.training.labels import without
from workbench.engine.training.losses import LOSSES, TaskLoss, class_weights, combine, mixed_loss

LOGITS = torch.randn(6, 4, generator=torch.Generator().manual_seed(1))
TARGETS = torch.tensor([0, 3, -1, 2, -1, 1])


def loss(kind: str = "single-label", classes: int = 4, normalised: bool = True, **asked: Any) -> TaskLoss:
    smoothing = asked.pop("label_smoothing", 0.0)
    counts = asked.pop("class_counts", [1] * classes)
    facts = ResolvedTask(
        name="a",
        kind=kind,
        head=KINDS[kind].heads[0],
        classes=[str(n) for n in range(classes)],
        counts={"train": 10},
        class_counts=counts,
        mean=asked.pop("mean", 0.0),
        deviation=asked.pop("deviation", 1.0),
    )
    task = Task(name="a", kind=kind, source="x", **asked)
    return LOSSES[kind](task, facts, label_smoothing=smoothing, normalised=normalised)


def example(kind: str, count: int = 6) -> tuple[TaskLoss, Tensor, Tensor]:
    """A loss, answers that guess badly, and targets without any missing."""
    draw = torch.Generator().manual_seed(7)
    if kind == "single-label":
        return loss(kind), torch.randn(count, 4, generator=draw), torch.arange(count) % 4
    if kind == "multi-label":
        there = torch.rand(count, 4, generator=draw) > 0.5
        return loss(kind), torch.randn(count, 4, generator=draw), there.to(torch.int8)
    if kind == "number":
        spread = torch.rand(count, generator=draw) + 0.5
        values = torch.randn(count, generator=draw) * 3 + 40
        return loss(kind, 0, mean=40.0, deviation=3.0), torch.stack([values + 1, spread], 1), values
    answers = torch.randn(count, 3, 5, 7, generator=draw)
    return loss(kind, 3), answers, torch.randint(0, 3, (count, 5, 7), generator=draw).to(torch.uint8)


@pytest.mark.parametrize("kind", LOSSES)
def test_only_labelled_pictures_count(kind: str) -> None:
    made, answers, targets = example(kind)
    answers.requires_grad_()
    lost = torch.tensor([False, True, False, False, True, False])
    some, rest = made(answers, without(targets, lost)), made(answers[~lost], targets[~lost])
    for name in ("objective", "shown", "right"):
        assert getattr(some, name).item() == pytest.approx(getattr(rest, name).item(), rel=1e-5), name
    assert some.objective.item() >= 0
    (slopes,) = torch.autograd.grad(some.objective if some.aside is None else some.objective + some.aside, answers)
    flat = slopes.flatten(1)
    assert torch.equal(flat[lost], torch.zeros_like(flat[lost])) and bool((flat[~lost] != 0).any(dim=1).all())


@pytest.mark.parametrize("kind", LOSSES)
def test_a_task_without_a_label_gives_no_gradient_and_no_share(kind: str) -> None:
    made, answers, targets = example(kind)
    nothing = made(answers.requires_grad_(), without(targets, torch.ones(6, dtype=torch.bool)))
    assert (nothing.objective.item(), nothing.shown.item(), nothing.right.item()) == (0.0, 0.0, 0.0)
    (slopes,) = torch.autograd.grad(nothing.objective, answers)
    assert torch.equal(slopes, torch.zeros_like(slopes))
    other = loss()
    sums = {"a": other(LOGITS, TARGETS), "b": nothing}
    total = combine(sums, {"a": 4, "b": 0}, {"a": other, "b": made}, {"a": 1.0, "b": 1.0})
    assert total.item() == pytest.approx(sums["a"].objective.item() / 4 / math.log(4))
    assert not combine({"b": nothing}, {"b": 0}, {"b": made}, {"b": 1.0}).requires_grad


@pytest.mark.parametrize("classes", [2, 5, 100])
def test_guessing_costs_one_in_every_task_of_classes(classes: int) -> None:
    made, targets = loss(classes=classes), torch.arange(8) % classes
    sums = {"a": made(torch.zeros(8, classes), targets)}
    assert combine(sums, {"a": 8}, {"a": made}, {"a": 1.0}).item() == pytest.approx(1.0)
    heavy = loss(classes=classes, weight=3.0)
    assert combine(sums, {"a": 8}, {"a": heavy}, {"a": 0.5}).item() == pytest.approx(1.5)


def test_guessing_costs_one_for_labels_and_pixels() -> None:
    labels = loss("multi-label")
    found = labels(torch.zeros(3, 4), torch.tensor([[0, 1, 0, 1]] * 3, dtype=torch.int8))
    assert found.objective.item() / 3 / labels.scale == pytest.approx(1.0)
    pixels = loss("mask", 5)
    found = pixels(torch.zeros(2, 5, 4, 4), torch.randint(0, 5, (2, 4, 4)).to(torch.uint8))
    assert found.objective.item() / 2 / pixels.scale == pytest.approx(1.0)


@pytest.mark.parametrize("huber", [0.0, 0.5, 1.5])
def test_answering_the_mean_costs_one_for_numbers(huber: float) -> None:
    made = loss("number", 0, mean=40.0, deviation=3.0, huber=huber)
    values = torch.from_numpy(np.random.default_rng(0).normal(40, 3, 200_000)).float()
    answers = torch.stack([torch.full_like(values, 40.0), torch.full_like(values, 3.0)], 1)
    found = made(answers, values)
    assert found.objective.item() / len(values) / made.scale == pytest.approx(1.0, rel=0.01)
    assert found.shown.item() / len(values) == pytest.approx(3 * math.sqrt(2 / math.pi), rel=0.01)


def test_smoothing_and_class_weights_are_those_of_torch() -> None:
    kept = TARGETS >= 0
    smooth = loss(label_smoothing=0.2)(LOGITS, TARGETS)
    expected = functional.cross_entropy(LOGITS[kept], TARGETS[kept], reduction="sum", label_smoothing=0.2)
    assert smooth.objective.item() == pytest.approx(expected.item(), rel=1e-5)
    counts = [8, 4, 16, 2]
    weighted = loss(class_weights=True, class_counts=counts)(LOGITS, TARGETS)
    expected = functional.cross_entropy(LOGITS[kept], TARGETS[kept], weight=class_weights(counts), reduction="sum")
    assert weighted.objective.item() == pytest.approx(expected.item(), rel=1e-5)
    assert weighted.shown.item() == pytest.approx(smooth.shown.item())


def test_the_focal_loss_counts_what_is_known_for_little() -> None:
    kept = TARGETS >= 0
    probability = functional.softmax(LOGITS[kept], dim=1).gather(1, TARGETS[kept][:, None])[:, 0]
    expected = (-(1 - probability) ** 2 * probability.log()).sum()
    assert loss(focal=2.0)(LOGITS, TARGETS).objective.item() == pytest.approx(expected.item(), rel=1e-5)
    sure = torch.tensor([[9.0, -9.0]])
    labels = loss("multi-label", 2, focal=2.0)(sure, torch.tensor([[1, 0]], dtype=torch.int8))
    assert labels.objective.item() < 1e-6 < labels.shown.item()


def test_binary_cross_entropy_with_rare_labels_is_that_of_torch() -> None:
    targets = torch.tensor([[1, 0, 0, 1], [0, 0, 1, 1]], dtype=torch.int8)
    made = loss("multi-label", class_weights=True, class_counts=[1, 5, 2, 0])
    expected = functional.binary_cross_entropy_with_logits(
        LOGITS[:2], targets.float(), pos_weight=torch.tensor([9.0, 1.0, 4.0, 10.0]), reduction="none"
    )
    assert made(LOGITS[:2], targets).objective.item() == pytest.approx(expected.mean(1).sum().item(), rel=1e-5)


def test_far_outliers_pull_less_with_a_huber_threshold() -> None:
    answers = torch.tensor([[0.0, 1.0]], requires_grad=True)
    for huber, slope in ((0.0, 20.0), (1.0, 2.0)):
        sums = loss("number", 0, huber=huber)(answers, torch.tensor([-10.0]))
        (found,) = torch.autograd.grad(sums.objective, answers)
        assert found[0, 0].item() == pytest.approx(slope) and found[0, 1].item() == 0.0


def test_the_spread_bends_nothing_but_itself_and_is_right_at_the_size_of_the_error() -> None:
    answers = torch.tensor([[3.0, 2.0]], requires_grad=True)
    aside = loss("number", 0, deviation=5.0)(answers, torch.tensor([5.0])).aside
    assert aside is not None
    (slopes,) = torch.autograd.grad(aside, answers)
    assert slopes.abs().max().item() < 1e-6
    wide = torch.tensor([[3.0, 4.0]], requires_grad=True)
    aside = loss("number", 0, deviation=5.0)(wide, torch.tensor([5.0])).aside
    assert aside is not None
    (slopes,) = torch.autograd.grad(aside, wide)
    assert slopes[0, 0].item() == 0.0 and slopes[0, 1].item() > 0


def test_ignored_pixels_count_for_nothing_and_each_picture_for_one() -> None:
    made, answers, targets = example("mask", 2)
    targets[0, :, 1:] = IGNORED
    expected = functional.cross_entropy(answers[:1, :, :, :1], targets[:1, :, :1].long())
    expected = expected + functional.cross_entropy(answers[1:], targets[1:].long())
    assert made(answers, targets).objective.item() == pytest.approx(expected.item(), rel=1e-5)


def test_class_weights_even_out_the_classes() -> None:
    weights = class_weights([30, 10, 0])
    assert weights[0].item() * 30 == pytest.approx(weights[1].item() * 10) == pytest.approx(20)
    assert weights[2].item() == 1.0


@pytest.mark.parametrize("kind", LOSSES)
def test_losses_are_worked_out_in_fp32(kind: str) -> None:
    made, answers, targets = example(kind)
    assert made(answers.bfloat16(), targets).objective.dtype == torch.float32


@pytest.mark.parametrize("kind", LOSSES)
def test_a_picture_that_is_all_its_own_counts_as_it_is(kind: str) -> None:
    made, answers, targets = example(kind)
    plain, mixed = made(answers, targets), mixed_loss(made, answers, targets, targets.flip(0), torch.ones(6))
    pairs = [(plain.objective, mixed.objective), (plain.shown, mixed.shown), (plain.right, mixed.right)]
    for one, other in pairs:
        assert torch.allclose(one.double(), other.double())
    assert (plain.aside is None) == (mixed.aside is None)


def test_the_loss_of_a_mixture_is_that_of_the_soft_label() -> None:
    own = torch.rand(6, generator=torch.Generator().manual_seed(3))
    made, answers, targets = example("single-label")
    others = targets.flip(0)
    soft = own[:, None] * functional.one_hot(targets, 4) + (1 - own[:, None]) * functional.one_hot(others, 4)
    expected = functional.cross_entropy(answers, soft, reduction="sum")
    assert torch.allclose(mixed_loss(made, answers, targets, others, own).objective, expected)
    made, answers, targets = example("multi-label")
    others = targets.flip(0)
    soft = own[:, None] * targets + (1 - own[:, None]) * others
    expected = functional.binary_cross_entropy_with_logits(answers, soft, reduction="none").mean(dim=1).sum()
    assert torch.allclose(mixed_loss(made, answers, targets, others, own).objective, expected)
    made, answers, targets = example("mask")
    others = targets.flip(0)
    whole = mixed_loss(made, answers, targets, others, torch.full((6,), 0.5)).objective
    assert torch.allclose(whole, (made(answers, targets).objective + made(answers, others).objective) / 2)
