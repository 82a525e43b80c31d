"""Heads that are worked out at once: they answer rightly, take pictures in exactly, and come back from a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import Ridge
from torch import Tensor

from workbench.core.kinds import CLOSED_FORM
from workbench.engine.model.heads import HEADS, HeadSettings, Widths
from workbench.engine.model.heads.closed_form import sums
from workbench.engine.model.heads.closed_form.discriminant import _shrunk
from workbench.engine.model.heads.closed_form.sums import axes_of
from workbench.engine.model.heads.ridge import PENALTIES

WIDTH, CLASSES = 16, 4
ALL = pytest.mark.parametrize("name", CLOSED_FORM)
SUMS = [name for name in CLOSED_FORM if name != "neighbours"]


def build(name: str) -> Any:
    return HEADS[name](Widths(WIDTH), CLASSES, HeadSettings())


def pictures(count: int = 60, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Features that lie around one mean for each class, far from the origin as pooled features do."""
    made = torch.Generator().manual_seed(seed)
    means = torch.rand(CLASSES, WIDTH, generator=torch.Generator().manual_seed(9)) * 3
    targets = torch.arange(count) % CLASSES
    return means[targets] + 0.5 * torch.randn(count, WIDTH, generator=made) + 2, targets


def directions(features: Tensor) -> Tensor:
    return torch.nn.functional.normalize(features.double(), dim=1)


@ALL
@pytest.mark.parametrize("each", [1, 5, 15])
def test_new_pictures_are_answered_from_one_picture_a_class_on(name: str, each: int) -> None:
    head = build(name)
    head.imprint(*pictures(each * CLASSES))
    features, targets = pictures(400, seed=1)
    answers = head(features)
    assert answers.shape == (400, CLASSES) and answers.dtype == torch.float32
    assert float((answers.argmax(1) == targets).double().mean()) > (0.6 if each == 1 else 0.9)
    assert not list(head.parameters())


@ALL
def test_pictures_may_come_in_any_order_and_in_any_pieces(name: str) -> None:
    features, targets = pictures()
    asked = pictures(50, seed=1)[0]
    whole, pieces = build(name), build(name)
    whole.imprint(features, targets)
    order = torch.from_numpy(np.random.default_rng(0).permutation(len(features)))
    for piece in order.split(7):
        pieces.take_in(features[piece], targets[piece])
    torch.testing.assert_close(pieces(asked), whole(asked), rtol=1e-5, atol=1e-5)


@ALL
def test_a_class_without_pictures_is_never_the_answer_until_it_has_some(name: str) -> None:
    features, targets = pictures()
    head, late = build(name), targets == 2
    head.imprint(features, torch.where(late, -1, targets))
    assert 2 not in head(features).argmax(1)
    head.take_in(features[late], targets[late])
    whole = build(name)
    whole.imprint(features, targets)
    torch.testing.assert_close(head(features), whole(features), rtol=1e-5, atol=1e-5)


@ALL
def test_it_comes_back_from_a_file_and_goes_on_from_there(name: str) -> None:
    features, targets = pictures()
    head, again = build(name), build(name)
    head.imprint(features[:40], targets[:40])
    again.load_state_dict(head.state_dict())
    assert torch.equal(again(features), head(features))
    head.take_in(features[40:], targets[40:])
    again.take_in(features[40:], targets[40:])
    assert torch.equal(again(features), head(features))


@ALL
def test_knowing_nothing_all_answers_are_numbers(name: str) -> None:
    head, features = build(name), pictures()[0]
    assert bool(torch.isfinite(head(features)).all())
    head.imprint(features[:1], torch.tensor([1]))
    assert bool(torch.isfinite(head(features)).all())
    same = features[:1].repeat(8, 1)
    head.imprint(same, torch.arange(8) % CLASSES)
    assert bool(torch.isfinite(head(same)).all())


def streamed(name: str, features: Tensor, targets: Tensor, pieces: Iterable[Tensor]) -> Any:
    """A head that has taken in one piece after the other, and grew by the classes that came with it."""
    head, known = HEADS[name](Widths(WIDTH), 0, HeadSettings()), list[int]()
    for rows in pieces:
        kinds = sorted({*known, *targets[rows].tolist()})
        wider: Any = HEADS[name](Widths(WIDTH), len(kinds), HeadSettings())
        wider.inherit(head, torch.tensor([kinds.index(kind) for kind in known], dtype=torch.long))
        head, known = wider, kinds
        learned = [known.index(kind) for kind in targets[rows].tolist()]
        wider.take_in(features[rows], torch.tensor(learned, dtype=torch.long))
    return head


@ALL
@pytest.mark.parametrize("turn", [1, -1])
def test_classes_may_come_one_after_the_other(name: str, turn: int) -> None:
    features, targets = pictures()
    asked = pictures(50, seed=1)[0]
    whole = build(name)
    whole.imprint(features, targets)
    order = torch.argsort(targets, stable=True)
    head = streamed(name, features, targets, order.tensor_split(9)[::turn])
    torch.testing.assert_close(head(asked), whole(asked), rtol=1e-5, atol=1e-5)


@given(order=st.permutations(range(40)), cuts=st.lists(st.integers(1, 39), max_size=6))
@settings(max_examples=25)
def test_streaming_ridge_has_the_weights_of_joint_ridge(order: list[int], cuts: list[int]) -> None:
    """To 1e-6 of their size, whatever comes when, new classes among it."""
    features, targets = pictures(40)
    joint = build("ridge")
    joint.imprint(features, targets)
    head = streamed("ridge", features, targets, torch.tensor(order).tensor_split(sorted(cuts)))
    for found, wanted in zip(head.layer(), joint.layer(), strict=True):
        assert float((found - wanted).abs().max()) <= 1e-6 * float(wanted.abs().max())


def tried(x: Any, targets: Tensor, classes: int) -> Iterator[tuple[Any, float, float, float]]:
    """Of each penalty the fitted regression, the best length of its answers to pictures left out, and their mean
    squared error at that and at their own."""
    wanted = np.eye(classes)[targets]
    centred, middle = x - x.mean(0), wanted - wanted.mean(0)
    unit = (centred**2).sum() / x.shape[1]
    for penalty in PENALTIES.tolist():
        fitted = Ridge(alpha=penalty * unit).fit(x, wanted)
        hat = centred @ np.linalg.solve(centred.T @ centred + penalty * unit * np.eye(x.shape[1]), centred.T)
        leverage = (np.trace(hat) + 1) / len(x)
        left_out = (hat @ middle - leverage * middle) / (1 - leverage)
        scale = (left_out * middle).sum() / (left_out**2).sum()
        stretched, own = (((each * left_out - middle) ** 2).sum() / len(x) for each in (scale, 1.0))
        yield fitted, scale, stretched, own


def test_ridge_is_the_regression_with_the_penalty_of_least_generalised_cross_validation() -> None:
    """Of answers at their best length."""
    features, targets = pictures()
    head, x = build("ridge"), directions(features).numpy()
    head.imprint(features, targets)
    towards = [each for each in tried(x, targets, CLASSES) if each[1] > 0]
    fitted, scale, error, _ = min(towards, key=lambda each: each[2])
    share = np.eye(CLASSES)[targets].mean(0)
    answers = share + scale * (fitted.predict(x) - share)
    np.testing.assert_allclose(head(features).numpy(), answers / (error / CLASSES), rtol=1e-4, atol=1e-4)


def test_ridge_does_not_shrink_two_pictures_of_each_of_many_classes_too_far() -> None:
    """Among many classes next to nothing is the safest answer, though only its direction tells them apart."""
    made = torch.Generator().manual_seed(0)
    middles, targets = torch.randn(60, 96, generator=made) / 2 + 3, torch.arange(60).repeat(2)
    within = torch.cat([torch.full((8,), 20.0), torch.full((88,), 0.7)])
    known, asked = (middles[targets] + within * torch.randn(120, 96, generator=made) for _ in range(2))
    head = HEADS["ridge"](Widths(96), 60, HeadSettings())
    head.imprint(known, targets)
    x, z = (directions(each).numpy() for each in (known, asked))
    shrunk, *_ = min(tried(x, targets, 60), key=lambda each: each[3])
    said = head(asked).argmax(1).numpy(), shrunk.predict(z).argmax(1)
    ours, theirs = (float((found == targets.numpy()).mean()) for found in said)
    assert ours > theirs + 0.1, (ours, theirs)


def test_the_discriminant_is_that_of_the_shrunk_covariance() -> None:
    features, targets = pictures()
    head, x = build("discriminant"), directions(features)
    head.imprint(features, targets)
    within = x - torch.stack([x[targets == kind].mean(0) for kind in range(CLASSES)])[targets]
    covariance = within.T @ within / (len(x) - CLASSES)
    theirs = LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=_Known(_shrunk(covariance, 56.0).numpy()))
    theirs.fit(x.numpy(), targets.numpy())
    found = torch.softmax(head(features), dim=1)
    np.testing.assert_allclose(found.numpy(), theirs.predict_proba(x.numpy()), atol=1e-5)


def test_directions_alone_count() -> None:
    features, targets = pictures()
    for name in CLOSED_FORM:
        head = build(name)
        head.imprint(features, targets)
        torch.testing.assert_close(head(7 * features), head(features), rtol=1e-4, atol=1e-4)


class _Known:
    """An estimator that answers what it was given."""

    def __init__(self, covariance: Any) -> None:
        self.covariance_ = covariance

    def fit(self, x: Any) -> _Known:
        return self


@settings(max_examples=25)
@given(st.integers(2, 40), st.integers(0, 5))
def test_wide_features_of_few_pictures_are_worked_out_in_their_span(count: int, seed: int) -> None:
    made = torch.Generator().manual_seed(seed)
    x = directions(torch.rand(count, 240, generator=made) + 0.3)
    x = x - x.mean(dim=0)
    scatter = x.T @ x
    squares, axes = axes_of(scatter, count)
    assert len(squares) < 240 / 2 and bool((squares >= 0).all())
    assert torch.allclose(axes.T @ axes, torch.eye(len(squares), dtype=torch.float64), atol=1e-9)
    assert torch.allclose(axes @ (squares[:, None] * axes.T), scatter, atol=1e-12)


def test_a_wide_ridge_is_the_same_whether_its_span_is_found_first(monkeypatch: pytest.MonkeyPatch) -> None:
    made = torch.Generator().manual_seed(3)
    features, targets = torch.rand(24, 300, generator=made) + 0.5, torch.arange(24) % CLASSES
    heads = [HEADS["ridge"](Widths(300), CLASSES, HeadSettings()) for _ in range(2)]
    heads[0].imprint(features, targets)
    monkeypatch.setattr(sums, "_WORTH", 10**6)
    heads[1].imprint(features, targets)
    first, second = (head.state_dict() for head in heads)
    scale = float(second["weight"].abs().max())
    assert torch.allclose(first["weight"], second["weight"], atol=1e-6 * scale)
    assert torch.allclose(first["bias"], second["bias"], atol=1e-5)


def test_ridge_holds_its_own_from_one_picture_of_each_of_many_classes() -> None:
    """With a penalty without end, classes near the middle of all would lose to those that lie far out."""
    torch.manual_seed(0)
    middles = torch.randn(30, 16) * torch.linspace(3.0, 0.1, 16) + 3
    head = HEADS["ridge"](Widths(16), 30, HeadSettings())
    head.imprint(middles + 0.3 * torch.randn(30, 16), torch.arange(30))
    answers = head(middles + 0.3 * torch.randn(30, 16)).argmax(dim=1)
    assert float((answers == torch.arange(30)).double().mean()) > 0.95
