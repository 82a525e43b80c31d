from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.engine.data.split import FREE, Shares, split

SHARES = Shares(validation=0.2, test=0.0, seed=0)


def parted(
    labels: np.ndarray, units: np.ndarray | None = None, allowed: np.ndarray | None = None, shares: Shares = SHARES
) -> np.ndarray:
    count = len(labels)
    return split(
        labels.reshape(count, -1).astype(np.int64),
        np.arange(count) if units is None else units,
        np.full(count, FREE, np.uint8) if allowed is None else allowed.astype(np.uint8),
        np.arange(count).astype(np.uint64),
        shares,
    )


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, Shares]:
    count = draw(st.integers(1, 120))
    seed = draw(st.integers(0, 2**16))
    random = np.random.default_rng(seed)
    tasks = draw(st.integers(1, 3))
    classes = draw(st.integers(1, 6))
    labels = np.stack([random.integers(-1, classes, count) + task * classes for task in range(tasks)], axis=1)
    labels[(labels % classes == classes - 1) & (random.random(labels.shape) < 0.5)] = -1
    labels = np.where(labels < 0, -1, labels)
    units = random.integers(0, max(1, count // draw(st.integers(1, 4))), count)
    return labels, units, Shares(draw(st.sampled_from([0.0, 0.1, 0.3])), draw(st.sampled_from([0.0, 0.2])), seed)


@settings(deadline=None, max_examples=80)
@given(tables())
def test_units_stay_together_and_nothing_is_left_over(table: tuple[np.ndarray, np.ndarray, Shares]) -> None:
    labels, units, shares = table
    part = parted(labels, units, shares=shares)
    assert set(np.unique(part)) <= {0, 1, 2}
    for unit in np.unique(units):
        assert len(set(part[units == unit])) == 1
    if shares.validation == 0:
        assert 1 not in part
    if shares.test == 0:
        assert 2 not in part
    assert np.array_equal(part, parted(labels, units, shares=shares))


@settings(deadline=None, max_examples=60)
@given(tables())
def test_every_class_that_can_be_is_in_training(table: tuple[np.ndarray, np.ndarray, Shares]) -> None:
    labels, units, shares = table
    part = parted(labels, units, shares=shares)
    for label in np.unique(labels[labels >= 0]):
        rows = (labels == label).any(axis=1)
        if rows.sum() >= 2:
            assert (part[rows] == 0).any()


@pytest.mark.parametrize("count", [3, 5, 7, 10, 40, 41, 43])
def test_single_labels_are_shared_out_by_the_share(count: int) -> None:
    labels = np.repeat(np.arange(6), count)
    part = parted(labels)
    for label in range(6):
        kept = int((part[labels == label] == 1).sum())
        assert abs(kept - 0.2 * count) < 1 and kept >= 1


def test_many_tasks_keep_the_share_of_each_label() -> None:
    random = np.random.default_rng(1)
    labels = np.stack(
        [
            random.choice(size, 3000, p=np.arange(1, size + 1) / np.arange(1, size + 1).sum()) + shift
            for size, shift in ((5, 0), (30, 5), (12, 35))
        ],
        axis=1,
    )
    part = parted(labels, shares=Shares(0.2, 0.1, 4))
    assert abs((part == 1).mean() - 0.2) < 0.01 and abs((part == 2).mean() - 0.1) < 0.01
    for label in range(47):
        rows = (labels == label).any(axis=1)
        assert abs((part[rows] == 1).sum() - 0.2 * rows.sum()) <= max(3, 0.03 * rows.sum())


def test_combinations_are_stratified_too() -> None:
    labels = np.stack([np.repeat([0, 0, 1, 1], 50), np.tile(np.repeat([2, 3], 50), 2)], axis=1)
    part = parted(labels)
    for start in range(0, 200, 50):
        assert (part[start : start + 50] == 1).sum() == 10


def test_another_seed_gives_another_split() -> None:
    labels = np.repeat(np.arange(4), 25)
    assert not np.array_equal(parted(labels), parted(labels, shares=Shares(0.2, 0.0, 1)))


def test_the_split_is_the_same_on_every_platform() -> None:
    assert "".join(map(str, parted(np.repeat(np.arange(3), 10)))) == PINNED


PINNED = "110000000001010000000000010001"


def test_the_order_of_reading_changes_nothing() -> None:
    labels = np.repeat(np.arange(4), 25)[:, None].astype(np.int64)
    identity = np.arange(100).astype(np.uint64) * np.uint64(7919)
    order = np.random.default_rng(0).permutation(100)
    units, allowed = np.arange(100), np.full(100, FREE, np.uint8)
    part = split(labels, units, allowed, identity, SHARES)
    assert np.array_equal(part[order], split(labels[order], units, allowed, identity[order], SHARES))


def test_a_further_picture_moves_few_others() -> None:
    labels = np.repeat(np.arange(4), 100)[:, None].astype(np.int64)
    identity = np.random.default_rng(3).integers(0, 2**62, 401).astype(np.uint64)
    before = split(labels, np.arange(400), np.full(400, FREE, np.uint8), identity[:400], SHARES)
    longer = np.concatenate([labels, [[2]]])
    after = split(longer, np.arange(401), np.full(401, FREE, np.uint8), identity, SHARES)
    assert (before != after[:400]).sum() <= 2


def test_explicit_parts_are_kept_and_the_rest_is_cut_from_what_may_be() -> None:
    labels = np.tile([0, 1], 50)
    allowed = np.repeat([1, 2, 4, 3, 7], 20)
    part = parted(labels, allowed=allowed, shares=Shares(0.2, 0.2, 0))
    assert (part[:20] == 0).all() and (part[20:40] == 1).all() and (part[40:60] == 2).all()
    assert np.bincount(part[60:80], minlength=3).tolist() == [16, 4, 0]
    assert np.bincount(part[80:], minlength=3).tolist() == [12, 4, 4]


def test_a_unit_with_an_explicit_member_follows_it() -> None:
    allowed = np.array([7, 4, 2, 7, 1, 7])
    part = parted(np.zeros(6), units=np.array([0, 0, 1, 1, 2, 2]), allowed=allowed)
    assert part.tolist() == [2, 2, 1, 1, 0, 0]


def test_large_groups_still_give_a_validation_part() -> None:
    part = parted(np.zeros(100), units=np.repeat([0, 1], [60, 40]))
    assert sorted(np.bincount(part, minlength=2).tolist()) == [40, 60]


def test_one_group_is_training() -> None:
    assert (parted(np.zeros(10), units=np.zeros(10)) == 0).all()


def test_a_hundred_thousand_pictures_take_seconds() -> None:
    random = np.random.default_rng(0)
    labels = np.stack([random.integers(0, 98, 100_000), random.integers(98, 140, 100_000)], axis=1)
    part = parted(labels)
    assert abs((part == 1).mean() - 0.2) < 0.005
