"""The interval covers what it promises, by simulation of both sources of doubt."""

import numpy as np
import pytest

from workbench.engine.insight.verdict.doubt import interval, mean_difference

EFFECT = 0.3
DOUBTS = {  # standard deviations of pictures, seeds, and the rest
    "pictures": (1.0, 0.0, 1e-4),
    "chance of each picture and run": (0.0, 0.0, 1.0),
    "pictures and the rest": (1.0, 0.0, 1.0),
    "seeds": (0.01, 1.0, 1.0),
    "some of each": (0.3, 0.05, 1.0),
}


def drawn(random, pictures, seeds, doubts):
    """(seeds, pictures) differences around EFFECT."""
    of_pictures, of_seeds, rest = doubts
    mean = EFFECT + of_pictures * random.normal(size=(1, pictures)) + of_seeds * random.normal(size=(seeds, 1))
    return mean + rest * random.normal(size=(seeds, pictures))


@pytest.mark.parametrize("seeds", [3, 5])
@pytest.mark.parametrize("name", DOUBTS)
def test_the_interval_covers_the_truth_as_often_as_it_says(name, seeds):
    random = np.random.default_rng(seeds)
    found = [mean_difference(drawn(random, 60, seeds, DOUBTS[name]), 0.95).interval for _ in range(1500)]
    assert 0.92 <= np.mean([low <= EFFECT <= high for low, high in found]) <= 0.99


@pytest.mark.parametrize("right", [0.6, 0.85])
def test_right_and_wrong_answers_without_an_effect_are_noise(right):
    """Pictures of unequal difficulty, answered by runs that differ by chance alone."""
    random = np.random.default_rng(1)
    quiet = 0
    for _ in range(1500):
        chance = random.beta(4 * right, 4 * (1 - right), size=80)
        both = random.random((2, 3, 80)) < chance
        quiet += mean_difference(both[0].astype(float) - both[1], 0.95, grain=1.0).beyond_noise == 0
    assert quiet / 1500 >= 0.95


def test_pictures_that_all_agree_promise_no_certainty():
    same = mean_difference(np.ones((3, 5)), 0.95, grain=1.0)
    assert same.interval is not None and same.interval[0] < 1 < same.interval[1]
    assert mean_difference(np.zeros((3, 200)), 0.95, grain=1.0).beyond_noise == 0


def test_one_picture_or_one_seed_has_no_interval():
    assert mean_difference(np.ones((3, 1)), 0.95).interval is None
    assert mean_difference(np.ones((1, 9)), 0.95).interval is None
    assert mean_difference(np.ones((3, 0)), 0.95).interval is None


def test_strips_over_the_same_pictures_are_taken_as_one():
    """A strip that repeats another widens the interval like a sum of two equal things, not of two independent ones."""
    random = np.random.default_rng(2)
    u = random.normal(size=(3, 40)) / 40
    low, high = interval(0.0, [u], 0.95)
    both_low, both_high = interval(0.0, [u, u], 0.95)
    assert (both_high - both_low) == pytest.approx(2 * (high - low))
    apart = [np.full((3, 80), np.nan), np.full((3, 80), np.nan)]
    apart[0][:, :40], apart[1][:, 40:] = u, random.normal(size=(3, 40)) / 40
    wide = np.subtract(*interval(0.0, apart, 0.95)[::-1])
    assert wide < 1.9 * (high - low)
