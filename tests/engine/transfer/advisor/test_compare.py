from __future__ import annotations

import numpy as np
import pytest

from workbench.engine.transfer.advisor.compare import (
    DRAWS,
    Score,
    bound,
    drawings,
    mean_ranks,
    mean_score,
    not_clearly_worse,
    score,
)
from workbench.engine.transfer.advisor.questions import OneClass

COUNT = 200
TRUTH = np.arange(COUNT) % 2


def answered(right: np.ndarray) -> Score:
    """The score of answers of which those are right."""
    answers = np.eye(2)[np.where(right, TRUTH, 1 - TRUTH)]
    return score(OneClass(TRUTH, 2), answers, drawings(np.arange(COUNT)))


def first(share: float) -> np.ndarray:
    return np.arange(COUNT) < share * COUNT


def test_the_standard_error_is_that_of_a_share() -> None:
    found = answered(first(0.8))
    assert found.value == pytest.approx(0.8) and found.redrawn.shape == (DRAWS,)
    assert found.standard_error == pytest.approx(np.sqrt(0.8 * 0.2 / COUNT), rel=0.15)


def test_copies_are_drawn_together_so_that_they_raise_the_doubt() -> None:
    answers = np.eye(2)[np.where(first(0.8), TRUTH, 1 - TRUTH)]
    grouped = score(OneClass(TRUTH, 2), answers, drawings(np.arange(COUNT) // 4))
    assert grouped.standard_error is not None and answered(first(0.8)).standard_error is not None
    assert grouped.standard_error > 1.6 * (answered(first(0.8)).standard_error or 0)
    assert (drawings(np.arange(8) // 4)[:, 0] == drawings(np.arange(8) // 4)[:, 3]).all()


def test_backbones_are_compared_on_the_same_pictures() -> None:
    """A backbone that is wrong where another is wrong and on six pictures more is worse beyond noise; one that is wrong
    as often elsewhere is not."""
    best = answered(first(0.8))
    nested, elsewhere = answered(first(0.76)), answered(np.roll(first(0.77), 60))
    assert best.value is not None and nested.value is not None
    assert not_clearly_worse([best, nested, elsewhere], 0) == [True, False, True]
    assert best.value - nested.value < bound(2) * (best.standard_error or 0)


def test_the_more_are_compared_the_more_it_takes() -> None:
    assert bound(1) == pytest.approx(1.96, abs=0.01) and bound(10) > bound(5) > bound(1) and bound(0) == bound(1)


def test_who_equals_the_best_is_tied_with_it() -> None:
    assert not_clearly_worse([answered(first(0.5)), answered(first(0.5))], 0) == [True, True]
    assert not_clearly_worse([answered(first(0.5))], 0) == [True]


def test_several_tasks_count_alike_and_what_is_undefined_does_not() -> None:
    undefined = Score(None, np.full(DRAWS, np.nan))
    both = {"a": answered(first(0.8)), "b": answered(first(0.6))}
    assert mean_score(both).value == pytest.approx(0.7)
    assert mean_score({**both, "c": undefined}).value == pytest.approx(0.7)
    assert mean_score({"a": Score(-3.0, np.full(DRAWS, -3.0))}).value == 0.0
    assert mean_score({"c": undefined}).value is None and undefined.standard_error is None
    assert not_clearly_worse([both["a"], undefined], 0) == [True, False]


def test_mean_ranks() -> None:
    rows = [{"a": answered(first(x)), "b": answered(first(y))} for x, y in ((0.8, 0.5), (0.6, 0.5), (0.7, 0.9))]
    assert mean_ranks(rows, [0, 0, 0]) == [1.75, 2.75, 1.5]
    assert mean_ranks(rows, [0, 1, 0]) == [2.5, 1.0, 2.0] or mean_ranks(rows, [0, 1, 0])[1] == 1.0
    assert mean_ranks([], []) == []
