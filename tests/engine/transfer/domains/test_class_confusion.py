"""The confusion of classes: least where answers are sure, whatever their classes, and as the paper reckons it."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from workbench.engine.transfer.domains.class_confusion import class_confusion


def test_sure_answers_are_not_confused_and_undecided_ones_as_much_as_can_be() -> None:
    sure = 50.0 * torch.eye(4)[[0, 1, 2, 3, 0, 1]]
    assert float(class_confusion(sure)) == pytest.approx(0.0, abs=1e-5)
    assert float(class_confusion(torch.zeros(6, 4))) == pytest.approx(3 / 4)


def test_it_is_what_the_paper_reckons_pair_by_pair() -> None:
    torch.manual_seed(0)
    logits = torch.randn(5, 3)
    chances = (logits / 2.5).softmax(dim=1)
    weights = [1 + float(torch.exp((row * row.log()).sum())) for row in chances]
    weights = [5 * weight / sum(weights) for weight in weights]
    pairs = torch.zeros(3, 3)
    for one in range(3):
        for other in range(3):
            pairs[one, other] = sum(w * row[one] * row[other] for w, row in zip(weights, chances, strict=True))
    shares = pairs / pairs.sum(dim=1, keepdim=True)
    wanted = sum(float(shares[one, other]) for one in range(3) for other in range(3) if one != other) / 3
    assert float(class_confusion(logits)) == pytest.approx(wanted, rel=1e-5)


@given(st.integers(1, 12), st.integers(2, 9), st.floats(0.01, 300.0))
def test_it_lies_between_0_and_1_and_has_a_finite_gradient(pictures: int, classes: int, scale: float) -> None:
    logits = (scale * torch.randn(pictures, classes)).requires_grad_()
    found = class_confusion(logits)
    found.backward()
    assert -1e-5 <= float(found.detach()) <= 1.0 and logits.grad is not None and bool(logits.grad.isfinite().all())


def test_the_order_of_pictures_and_of_classes_does_not_matter() -> None:
    torch.manual_seed(1)
    logits = torch.randn(7, 4)
    turned = logits[torch.randperm(7)][:, torch.randperm(4)]
    assert float(class_confusion(turned)) == pytest.approx(float(class_confusion(logits)), rel=1e-5)
