from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, r2_score

from workbench.engine.transfer.advisor.questions import Labels, Number, OneClass

RANDOM = np.random.default_rng(1)
TIMES = RANDOM.multinomial(30, np.full(30, 1 / 30), 5).astype(np.float64)


def repeated(values: np.ndarray, times: np.ndarray) -> np.ndarray:
    return np.repeat(values, times.astype(int), axis=0)


def test_a_class_is_scored_by_accuracy() -> None:
    classes = RANDOM.choice([0, 2, 5], 30)
    question = OneClass(classes, 6)
    assert question.targets.shape == (30, 3) and (question.targets.sum(axis=1) == 1).all() and question.per_answer == 10
    answers = RANDOM.normal(size=(30, 3))
    names = np.array([0, 2, 5])
    for times, found in zip(TIMES, question.score(answers, TIMES), strict=True):
        right = names[repeated(answers, times).argmax(1)] == repeated(classes, times)
        assert found == pytest.approx(right.mean())


def test_labels_are_scored_by_mean_average_precision() -> None:
    encoded = RANDOM.integers(0, 2, (30, 3)).astype(np.int8)
    encoded[:, 1] = 0  # never there: not asked for
    question = Labels(encoded, 3)
    answers = RANDOM.normal(size=(30, 2))
    assert question.targets.shape == (30, 2)
    for times, found in zip(TIMES, question.score(answers, TIMES), strict=True):
        present = repeated(question.targets, times)
        assert found == pytest.approx(average_precision_score(present, repeated(answers, times), average="macro"))


def test_numbers_are_scored_by_what_they_explain() -> None:
    values = RANDOM.normal(40, 3, 30)
    question = Number(values, 0)
    answers = question.targets + RANDOM.normal(0, 0.4, (30, 1))
    for times, found in zip(TIMES, question.score(answers, TIMES), strict=True):
        assert found == pytest.approx(r2_score(repeated(question.targets, times), repeated(answers, times)))
    same = Number(np.full(30, 7.0), 0)
    assert np.isnan(same.score(answers, TIMES)).all()


def test_some_pictures_keep_their_targets() -> None:
    question = OneClass(np.arange(30) % 3, 3)
    kept = np.arange(30) < 9
    assert np.array_equal(question.only(kept).targets, question.targets[kept]) and len(question.targets) == 30
