"""Cross-validation: every picture validates once, whatever must stay together."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.core.errors import RequestError
from workbench.core.parsing import validate_project
from workbench.core.project import Split
from workbench.engine.data.folds import split_fold
from workbench.engine.data.split import FREE, Shares

FOLDS = 5
SHARES = Shares(validation=0.3, test=0.1, seed=3)


def folds_of(labels: np.ndarray, units: np.ndarray, allowed: np.ndarray, folds: int = FOLDS) -> np.ndarray:
    identity = np.arange(len(labels)).astype(np.uint64)
    return np.stack(
        [split_fold(labels, units, allowed, identity, SHARES, folds, fold) for fold in range(1, folds + 1)]
    )


def test_every_group_validates_once_and_test_pictures_never() -> None:
    random = np.random.default_rng(0)
    labels = np.stack([random.integers(0, 4, 400), 4 + random.integers(0, 2, 400)], axis=1)
    units = random.integers(0, 250, 400)
    parts = folds_of(labels, units, np.full(400, FREE, np.uint8))
    test = parts[0] == 2
    assert 0.05 < test.mean() < 0.15 and (parts == 2).all(axis=0).tolist() == test.tolist()
    assert ((parts == 1).sum(axis=0) == ~test).all()
    for unit in np.unique(units):
        assert all(len(set(part[units == unit])) == 1 for part in parts)
    sizes = (parts == 1).sum(axis=1)
    assert sizes.min() > 0.8 * sizes.mean()
    for label in range(6):
        shares = np.array([((labels == label).any(axis=1) & (part == 1)).sum() for part in parts])
        assert shares.max() - shares.min() <= 0.35 * shares.mean() + 4


def test_given_parts_stay_and_a_class_never_leaves_training() -> None:
    labels = np.array([0] * 20 + [1] * 20 + [2], np.int64)[:, None]
    allowed = np.full(41, FREE, np.uint8)
    allowed[:3], allowed[20:23] = 1, 2
    parts = folds_of(labels, np.arange(41), allowed)
    assert (parts[:, :3] == 0).all() and (parts[:, 20:23] == 1).all()
    assert (parts[:, 40] == 0).all(), "the only picture of its class"
    free = np.r_[3:20, 23:40]
    others = parts[:, free][:, (parts[:, free] != 2).all(axis=0)]
    assert ((others == 1).sum(axis=0) == 1).all()


def test_a_fold_is_its_share_of_what_is_not_for_testing() -> None:
    assert Split(validation=0.3, test=0.2).validation_share == 0.3
    assert Split(validation=0.3, test=0.2, folds=4).validation_share == pytest.approx(0.2)


def test_too_few_pictures_and_impossible_folds_are_refused() -> None:
    with pytest.raises(RequestError, match="Only 4 pictures or groups"):
        folds_of(np.zeros((4, 1), np.int64), np.arange(4), np.full(4, FREE, np.uint8))
    for split in ({"folds": 1}, {"folds": 3, "fold": 4}):
        with pytest.raises(RequestError, match="folds must be 0"):
            validate_project({"split": split})
