"""The ways to learn a teacher's beliefs, each against its paper's equation."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from workbench.core.transfer import DISTILLATION, Transfer
from workbench.engine.transfer.distillation.methods import METHODS

NONE = torch.full((6,), -1)
TARGETS = torch.tensor([0, 3, 1, 4, 2, 0])


def logits(seed: int, *shape: int) -> Tensor:
    return 3 * torch.randn(*(shape or (6, 5)), generator=torch.Generator().manual_seed(seed))


def belief(values: Tensor, temperature: float) -> Tensor:
    return (values.double() / temperature).softmax(dim=1)


def test_every_way_that_can_be_asked_for_is_there() -> None:
    assert set(METHODS) | {"none"} == set(DISTILLATION)


@pytest.mark.parametrize("temperature", [1.0, 4.0])
def test_kd_is_the_divergence_times_the_squared_temperature(temperature: float) -> None:
    student, teacher = logits(1), logits(2)
    found = METHODS["kd"](Transfer(temperature=temperature))(student, teacher, NONE)
    mine, theirs = (student / temperature).log_softmax(1), (teacher / temperature).softmax(1)
    expected = temperature**2 * functional.kl_div(mine, theirs, reduction="none").sum(dim=1)
    assert torch.allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("temperature", [1.0, 4.0])
def test_dkd_is_equation_7(temperature: float) -> None:
    student, teacher = logits(1), logits(2)
    asked = Transfer(temperature=temperature, right_class=1.5, other_classes=6.0)
    found = METHODS["dkd"](asked)(student, teacher, TARGETS)
    p, q = belief(student, temperature), belief(teacher, temperature)
    for row, right in enumerate(TARGETS.tolist()):
        others = [c for c in range(5) if c != right]
        two = [(q[row, right], p[row, right]), (q[row, others].sum(), p[row, others].sum())]
        target = sum(float(b * (b / a).log()) for b, a in two)
        b, a = (each[row, others] / each[row, others].sum() for each in (q, p))
        among = float((b * (b / a).log()).sum())
        assert float(found[row]) == pytest.approx(temperature**2 * (1.5 * target + 6.0 * among), rel=1e-4, abs=1e-5)


def test_dkd_with_the_coupled_weight_is_kd() -> None:
    student, teacher = logits(1), logits(2)
    rest = 1 - belief(teacher, 2.0).gather(1, TARGETS[:, None])[:, 0]  # equation 4 of the paper
    kd = METHODS["kd"](Transfer(temperature=2.0))(student, teacher, NONE)
    for row in range(len(TARGETS)):
        asked = Transfer(temperature=2.0, right_class=1.0, other_classes=float(rest[row]))
        found = METHODS["dkd"](asked)(student, teacher, TARGETS)
        assert float(found[row]) == pytest.approx(float(kd[row]), rel=1e-3)


def test_dkd_without_a_label_takes_the_teachers_likeliest_class() -> None:
    student, teacher = logits(1), logits(2)
    method = METHODS["dkd"](Transfer())
    assert torch.equal(method(student, teacher, NONE), method(student, teacher, teacher.argmax(dim=1)))


@pytest.mark.parametrize("name", METHODS)
class TestAllMethods:
    def test_a_student_that_answers_as_its_teacher_has_nothing_to_learn(self, name: str) -> None:
        student = logits(1).requires_grad_()
        found = METHODS[name](Transfer())(student, logits(1), TARGETS)
        found.sum().backward()
        assert student.grad is not None
        assert float(found.detach().abs().max()) < 1e-5 and float(student.grad.abs().max()) < 1e-5

    def test_following_it_leads_to_the_teacher(self, name: str) -> None:
        student, teacher = logits(1).requires_grad_(), logits(2)
        optimiser = torch.optim.Adam([student], lr=0.1)
        for _ in range(150):
            optimiser.zero_grad()
            METHODS[name](Transfer(temperature=2.0))(student, teacher, TARGETS).sum().backward()
            optimiser.step()
        assert torch.allclose(belief(student.detach(), 1.0), belief(teacher, 1.0), atol=0.02)

    def test_the_order_of_classes_does_not_matter(self, name: str) -> None:
        order = torch.tensor([4, 2, 0, 1, 3])
        method = METHODS[name](Transfer())
        turned = method(logits(1)[:, order], logits(2)[:, order], order.argsort()[TARGETS])
        assert torch.allclose(turned, method(logits(1), logits(2), TARGETS), atol=1e-4)

    def test_sure_networks_give_numbers_and_gradients(self, name: str) -> None:
        student, teacher = (100 * logits(1)).requires_grad_(), 100 * logits(2)
        found = METHODS[name](Transfer(temperature=1.0))(student, teacher, TARGETS)
        found.sum().backward()
        assert student.grad is not None
        assert found.isfinite().all() and student.grad.isfinite().all() and bool((found >= 0).all())

    def test_pixels_are_compared_one_by_one(self, name: str) -> None:
        student, teacher = logits(1, 2, 5, 3, 4), logits(2, 2, 5, 3, 4)
        targets = torch.arange(24).view(2, 3, 4) % 5
        found = METHODS[name](Transfer())(student, teacher, targets)
        flat = METHODS[name](Transfer())(
            student.movedim(1, -1).reshape(-1, 5), teacher.movedim(1, -1).reshape(-1, 5), targets.reshape(-1)
        )
        assert found.shape == (2, 3, 4) and torch.allclose(found.reshape(-1), flat, atol=1e-5)
