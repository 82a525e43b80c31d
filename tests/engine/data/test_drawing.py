"""Which pictures an epoch takes, how often, and in what order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.core.balancing import SAMPLING
from workbench.core.drawing import task_shares, times_drawn
from workbench.engine.data.drawing import TURN, epoch_draws, epoch_order, expected, rows_of

Labelled = dict[str, npt.NDArray[np.bool_]]


def folders(*sizes: int) -> tuple[npt.NDArray[np.int64], Labelled]:
    """Rows of tasks that share no picture."""
    total = sum(sizes)
    of = np.repeat(np.arange(len(sizes)), sizes)
    return np.arange(total), {f"task {task}": of == task for task in range(len(sizes))}


@st.composite
def tables(draw: st.DrawFn) -> tuple[npt.NDArray[np.int64], Labelled]:
    """Rows of which any task labels any, some none; at least one has a label."""
    size, tasks = draw(st.integers(1, 200)), draw(st.integers(1, 5))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    labelled = {f"t{task}": random.random(size + 7) < draw(st.sampled_from([0.02, 0.3, 0.9])) for task in range(tasks)}
    rows = np.sort(random.choice(size + 7, size, replace=False))
    labelled["t0"][rows[0]] = True
    return rows, labelled


choices = st.sampled_from([*SAMPLING])


def test_an_epochs_order_is_a_permutation_that_can_be_made_again() -> None:
    rows = np.arange(5, 200)
    order = epoch_order(rows, 1, 3)
    assert sorted(order) == rows.tolist() and not np.array_equal(order, rows)
    assert np.array_equal(order, epoch_order(rows, 1, 3))
    assert not np.array_equal(order, epoch_order(rows, 1, 4))
    assert not np.array_equal(order, epoch_order(rows, 2, 3))
    assert np.array_equal(order, epoch_order(rows[::-1], 1, 3))


def test_leaving_a_row_out_keeps_the_order_of_the_others() -> None:
    order = epoch_order(np.arange(50), 0, 0)
    assert np.array_equal(order[order != 7], epoch_order(np.delete(np.arange(50), 7), 0, 0))


def test_the_order_is_what_it_always_was() -> None:
    """Runs of before go on with the batches that they began with."""
    assert epoch_order(np.arange(10), 0, 1).tolist() == [0, 6, 1, 8, 9, 2, 7, 4, 5, 3]
    assert epoch_order(np.arange(10), 7, 3).tolist() == [7, 3, 6, 4, 8, 9, 2, 5, 0, 1]


@given(tables(), st.integers(0, 2**31 - 1), st.integers(0, 10_000))
def test_proportional_takes_every_row_once_in_the_hashed_order(table, seed, epoch):
    rows, labelled = table
    draws = epoch_draws(rows, expected(rows, labelled, "proportional", 2.0), seed, epoch)
    assert np.array_equal(draws, epoch_order(rows, seed, epoch))


@given(tables(), choices, st.floats(1.0, 100.0), st.integers(0, 2**31 - 1), st.integers(0, 10_000))
def test_an_epoch_has_as_many_places_as_rows_and_no_row_is_more_than_one_off(table, sampling, temperature, seed, epoch):
    rows, labelled = table
    times = expected(rows, labelled, sampling, temperature)
    draws = epoch_draws(rows, times, seed, epoch)
    assert len(draws) == len(rows) and times.sum() == pytest.approx(len(rows))
    counts = np.bincount(rows_of(draws), minlength=rows[-1] + 1)[rows]
    assert (np.abs(counts - times) < 1 + 1e-6).all()
    assert np.array_equal(draws, epoch_draws(rows, times, seed, epoch))
    assert len(np.unique(draws)) == len(draws)
    assert set(rows_of(draws)) == set(draws[draws < TURN]), "the first time a row comes it is its own draw"


@given(tables(), st.sampled_from(["equal", "temperature"]), st.integers(0, 100))
def test_a_row_that_no_task_labels_is_not_drawn(table, sampling, seed):
    rows, labelled = table
    none = rows[~np.any([there[rows] for there in labelled.values()], axis=0)]
    assert not np.isin(rows_of(epoch_draws(rows, expected(rows, labelled, sampling, 2.0), seed, 1)), none).any()


@settings(max_examples=20)
@given(tables(), st.sampled_from(["equal", "temperature"]), st.integers(0, 100))
def test_over_a_run_every_row_comes_in_its_share(table, sampling, seed):
    rows, labelled = table
    times = expected(rows, labelled, sampling, 3.0)
    epochs = 120
    drawn = np.concatenate([rows_of(epoch_draws(rows, times, seed, epoch)) for epoch in range(1, epochs + 1)])
    counts = np.bincount(drawn, minlength=rows[-1] + 1)[rows]
    # Marks that move by the golden section are off by no more than about the logarithm of their number.
    assert np.abs(counts - epochs * times).max() < 4


def test_equal_gives_each_task_its_part_of_every_epoch():
    rows, labelled = folders(500, 50, 7)
    times = expected(rows, labelled, "equal", 2.0)
    for epoch in range(1, 30):
        drawn = rows_of(epoch_draws(rows, times, 3, epoch))
        counts = [int(there[drawn].sum()) for there in labelled.values()]
        assert all(abs(count - 557 / 3) <= 1 for count in counts)


def test_temperature_lies_between_and_one_is_proportional():
    rows, labelled = folders(900, 100)
    shares = {
        temperature: expected(rows, labelled, "temperature", temperature)[labelled["task 1"]].sum() / 1000
        for temperature in (1.0, 2.0, 1e9)
    }
    assert shares[1.0] == pytest.approx(0.1)
    assert shares[2.0] == pytest.approx(10 / 40)  # the square roots of 900 and 100
    assert shares[1e9] == pytest.approx(0.5)
    one = epoch_draws(rows, expected(rows, labelled, "temperature", 1.0), 0, 1)
    assert np.array_equal(one, epoch_order(rows, 0, 1))


def test_tasks_on_the_same_pictures_are_drawn_alike():
    rows = np.arange(40)
    labelled = {"a": np.ones(40, bool), "b": np.ones(40, bool)}
    for sampling in SAMPLING:
        assert np.array_equal(
            epoch_draws(rows, expected(rows, labelled, sampling, 2.0), 5, 2), epoch_order(rows, 5, 2)
        )


def test_shares_add_up_and_a_task_without_pictures_has_none():
    for sampling in SAMPLING:
        shares = task_shares({"a": 300, "b": 20, "c": 0}, sampling, 2.0)
        assert sum(shares.values()) == pytest.approx(1.0) and shares["c"] == 0.0
    assert times_drawn({"a": 300, "b": 100}, 400, "equal", 2.0) == {"a": pytest.approx(2 / 3), "b": pytest.approx(2.0)}
    assert times_drawn({"a": 300, "b": 0}, 300, "proportional", 2.0) == {"a": 1.0, "b": 0.0}
    assert task_shares({}, "equal", 2.0) == {}
