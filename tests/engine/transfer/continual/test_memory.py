"""Herding: the pictures that are remembered stand for their class."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workbench.engine.transfer.continual.memory import herd, remembered


def features(count: int = 60, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(1.0, 1.0, (count, 8))


def apart(found: np.ndarray, chosen: np.ndarray) -> float:
    """How far the mean direction of the chosen lies from that of all."""
    directions = found / np.linalg.norm(found, axis=1, keepdims=True)
    return float(np.linalg.norm(directions.mean(0) - directions[chosen].mean(0)))


def test_the_first_lies_nearest_to_the_mean_and_fewer_are_the_first_of_more() -> None:
    found = features()
    directions = found / np.linalg.norm(found, axis=1, keepdims=True)
    nearest = int(((directions - directions.mean(0)) ** 2).sum(1).argmin())
    assert herd(found, 1).tolist() == [nearest]
    assert herd(found, 5).tolist() == herd(found, 20)[:5].tolist()


def test_ten_stand_for_their_class_better_than_ten_by_chance() -> None:
    found = features(200)
    chance = np.random.default_rng(1)
    drawn = [apart(found, chance.choice(200, 10, replace=False)) for _ in range(20)]
    assert apart(found, herd(found, 10)) < min(drawn)


@given(count=st.integers(0, 70), seed=st.integers(0, 9))
def test_each_picture_is_chosen_once_and_no_more_than_there_are(count: int, seed: int) -> None:
    chosen = herd(features(seed=seed), count).tolist()
    assert len(chosen) == len(set(chosen)) == min(count, 60)


def test_every_class_is_remembered_alike_and_a_picture_counts_for_all_its_labels() -> None:
    kinds = np.repeat([0, 1, 2, -1], [30, 20, 2, 8])
    chosen = remembered(features(), kinds[:, None], 4)
    assert np.bincount(kinds[chosen] + 1).tolist() == [0, 4, 4, 2]
    both = np.stack([kinds, np.where(kinds == 0, 3, -1)], axis=1)
    assert len(remembered(features(), both, 4)) == 10
    assert remembered(features(), kinds[:, None], 0).tolist() == []
