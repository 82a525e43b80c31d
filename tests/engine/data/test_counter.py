from __future__ import annotations

import numpy as np

from workbench.engine.data.counter import hash64, key_of, uniform


def test_numbers_are_the_published_ones_of_splitmix64() -> None:
    # The first outputs of SplitMix64 seeded with 1234567 (Vigna's reference implementation).
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert hash64(1234567, np.arange(3)).tolist() == expected


def test_each_number_depends_on_its_counter_alone() -> None:
    key = key_of(3, "flip")
    together = uniform(key, np.arange(1000))
    assert np.array_equal(uniform(key, np.array([999, 5])), together[[999, 5]])
    assert together.min() >= 0 and together.max() < 1
    assert abs(together.mean() - 0.5) < 0.03


def test_keys_differ_with_every_part() -> None:
    keys = {key_of(1, 2, "a"), key_of(2, 1, "a"), key_of(1, 2, "b"), key_of(12, "a"), key_of("1", 2, "a")}
    assert len(keys) == 5
    assert abs(np.corrcoef(uniform(key_of(0), np.arange(5000)), uniform(key_of(1), np.arange(5000)))[0, 1]) < 0.05
