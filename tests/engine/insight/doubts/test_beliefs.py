"""Confident learning on answers that are known."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.engine.insight.doubts.beliefs import a_number, one_class, several_labels

CLASSES = ["a", "b", "c"]


def test_flipped_classes_are_doubted_first_and_the_true_ones_suggested() -> None:
    random = np.random.default_rng(0)
    truth = random.integers(0, 3, 300)
    given = truth.copy()
    flipped = random.choice(300, 15, replace=False)
    given[flipped] = (truth[flipped] + 1) % 3
    answers = np.eye(3)[truth] + random.normal(0, 0.25, (300, 3))
    beliefs = one_class(answers, given, CLASSES, "|")
    first = beliefs.most_doubted()[:15]
    assert len(set(first.tolist()) & set(flipped.tolist())) >= 13
    both = [place for place in first.tolist() if place in flipped]
    assert all(beliefs.suggestion[place] == CLASSES[truth[place]] for place in both)
    assert beliefs.clear[both].mean() > 0.8 and beliefs.clear.mean() < 0.1
    assert (beliefs.own + beliefs.other <= 1 + 1e-9).all()
    assert (beliefs.other > beliefs.own)[beliefs.most_doubted()].all()


def test_a_class_that_is_hard_as_a_whole_is_not_doubted_as_a_whole() -> None:
    given = np.array([0] * 20 + [1] * 20)
    answers = np.zeros((40, 2))
    answers[:20] = (1.0, 0.0)
    answers[20:] = (0.55, 0.45)
    answers[0] = (0.3, 0.7)
    beliefs = one_class(answers, given, ["easy", "hard"], "|")
    assert beliefs.most_doubted()[0] == 0
    assert beliefs.own[0] > beliefs.own[20:].max() or beliefs.standing[0] < beliefs.standing[20:].min()
    assert beliefs.clear[0] and not beliefs.clear[20:].any()


def test_of_several_labels_the_wrong_one_is_turned_round() -> None:
    random = np.random.default_rng(1)
    truth = random.integers(0, 2, (200, 3))
    given = truth.copy()
    given[7, 2] ^= 1
    given[50] = 0
    truth[50] = (1, 0, 0)
    answers = truth + random.normal(0, 0.15, truth.shape)
    beliefs = several_labels(answers, given, CLASSES, ";")
    assert set(beliefs.most_doubted()[:2].tolist()) == {7, 50}
    assert beliefs.suggestion[50] == "a" and beliefs.clear[50] and beliefs.clear.sum() <= 5
    expected = [name for name, there in zip(CLASSES, truth[7], strict=True) if there]
    assert beliefs.suggestion[7] == (";".join(expected) or ";")
    assert np.allclose(beliefs.own + beliefs.other, 1)


def test_a_label_that_every_picture_has_is_doubted_by_itself() -> None:
    given = np.ones((12, 1), np.int8)
    answers = np.full((12, 1), 0.9)
    answers[3] = 0.1
    assert several_labels(answers, given, ["a"], "").most_doubted().tolist() == [3]


def test_numbers_far_from_what_is_expected_are_doubted() -> None:
    random = np.random.default_rng(2)
    expected = random.normal(40, 10, 200)
    given = expected + random.normal(0, 1, 200)
    given[11] = expected[11] + 30
    beliefs = a_number(expected[:, None], given, [], "")
    assert beliefs.most_doubted()[0] == 11 and beliefs.clear[11] and beliefs.clear.sum() <= 2
    assert float(beliefs.suggestion[11]) == pytest.approx(expected[11], rel=1e-3)
