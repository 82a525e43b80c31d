"""Every kind of head, by the same tests."""

from __future__ import annotations

import math

import pytest
import torch

from workbench.core import project
from workbench.engine.model.heads import HEADS, HeadSettings, LinearHead, VectorHead

KINDS = list(HEADS)


def build(kind: str, dropout: float = 0.0) -> VectorHead:
    torch.manual_seed(0)
    return HEADS[kind](12, 3, HeadSettings(dropout=dropout, hidden=8))


def features(count: int = 50) -> torch.Tensor:
    scales = torch.logspace(-3, 3, 12)
    return torch.randn(count, 12, generator=torch.Generator().manual_seed(1)) * scales + scales


def test_every_head_that_a_project_may_name_exists() -> None:
    assert {head for heads in project.HEADS.values() for head in heads} <= set(HEADS)


@pytest.mark.parametrize("kind", KINDS)
def test_logits_have_a_column_for_each_class_and_a_gradient_for_each_parameter(kind: str) -> None:
    head = build(kind)
    logits = head(features())
    assert logits.shape == (50, 3) and bool(torch.isfinite(logits).all())
    torch.nn.functional.cross_entropy(logits, torch.arange(50) % 3).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in head.parameters())


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_does_not_depend_on_the_rest_of_the_batch(kind: str) -> None:
    head = build(kind).train()
    torch.testing.assert_close(head(features())[7:8], head(features()[7:8]), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_standardised_answers_do_not_depend_on_the_features_scale(kind: str) -> None:
    plain, scaled = build(kind), build(kind)
    raw = torch.randn(50, 12, generator=torch.Generator().manual_seed(2))
    plain.standardise(raw.mean(0), raw.std(0))
    moved = raw * 1000 + 5
    scaled.standardise(moved.mean(0), moved.std(0))
    torch.testing.assert_close(plain(raw), scaled(moved), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_standardisation_travels_with_the_state_dict(kind: str) -> None:
    head, other = build(kind), build(kind)
    head.standardise(torch.full((12,), 2.0), torch.full((12,), 3.0))
    other.load_state_dict(head.state_dict())
    assert torch.equal(other(features()), head(features()))
    assert not {"mean", "std"} & {name for name, _ in head.named_parameters()}


@pytest.mark.parametrize("kind", KINDS)
def test_dropout_works_in_training_only(kind: str) -> None:
    head = build(kind, dropout=0.5)
    assert not torch.equal(head.train()(features()), head(features()))
    assert torch.equal(head.eval()(features()), head(features()))


@pytest.mark.parametrize("kind", KINDS)
def test_training_begins_near_the_loss_of_guessing(kind: str) -> None:
    head = build(kind)
    raw = features()
    head.standardise(raw.mean(0), raw.std(0))
    loss = torch.nn.functional.cross_entropy(head(raw), torch.arange(50) % 3)
    assert loss.item() == pytest.approx(math.log(3), abs=0.05)


def test_the_linear_head_is_its_formula() -> None:
    head = build("linear")
    assert isinstance(head, LinearHead)
    mean, std = torch.arange(12.0), torch.arange(1.0, 13.0)
    head.standardise(mean, std)
    expected = ((features() - mean) / std) @ head.linear.weight.T + head.linear.bias
    torch.testing.assert_close(head(features()), expected)


def test_a_feature_that_never_varied_cannot_drown_the_others() -> None:
    head = build("linear")
    std = torch.ones(12)
    std[4] = 0.0
    head.standardise(torch.zeros(12), std)
    assert float(head.std.min()) > 0.005 and float(head.std[3]) == 1.0
    head.standardise(torch.zeros(12), torch.zeros(12))
    assert torch.equal(head.std, torch.ones(12))
