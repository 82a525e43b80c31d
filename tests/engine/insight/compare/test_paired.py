"""Differences on the same pictures: their tests beside scipy's, and how often they mistake chance for one."""

import numpy as np
import pytest
from scipy.stats import binomtest, ttest_rel

from workbench.engine.insight.compare.paired import compared, mcnemar, spread, student


def test_the_tests_are_those_of_scipy():
    random = np.random.default_rng(1)
    for _ in range(20):
        first, second = random.random(60) < 0.8, random.random(60) < 0.7
        gained, lost = (second & ~first).sum(), (first & ~second).sum()
        found = mcnemar(first, second, 0.95)
        assert found.p == pytest.approx(binomtest(int(gained), int(gained + lost)).pvalue)
        assert found.value == pytest.approx(second.mean() - first.mean())
        assert found.interval[0] < found.value < found.interval[1]
        one, other = random.normal(size=30), random.normal(0.2, 1, 30)
        scipy, own = ttest_rel(other, one), student(other - one, 0.95, 0.0)
        assert own.p == pytest.approx(scipy.pvalue)
        assert own.interval == pytest.approx(tuple(scipy.confidence_interval(0.95)))


@pytest.mark.parametrize("pictures", [40, 200])
def test_intervals_cover_the_truth_and_chance_is_seldom_called_a_difference(pictures):
    random = np.random.default_rng(0)
    covered = alarms = 0
    for _ in range(600):
        luck = random.random((2, pictures))
        luck[1] = np.where(random.random(pictures) < 0.6, luck[0], luck[1])
        better = mcnemar(luck[0] < 0.8, luck[1] < 0.9, 0.95)
        covered += better.interval[0] <= 0.1 <= better.interval[1]
        alarms += mcnemar(luck[0] < 0.85, luck[1] < 0.85, 0.95).beyond_noise != 0
    assert 0.92 <= covered / 600 <= 0.99 and alarms / 600 <= 0.06


def test_what_is_within_noise_has_zero_in_its_interval_and_nothing_else_has():
    for pictures in (12, 40, 400):
        for lost in range(12):
            for gained in range(12 - lost):
                first = np.arange(pictures) < lost
                second = np.arange(pictures) >= pictures - gained
                for level in (0.95, 0.9958):
                    found = mcnemar(first, second, level)
                    low, high = found.interval
                    assert (low < 0 < high or 0 in (low, high)) if found.beyond_noise == 0 else low >= 0 or high <= 0
                    assert low <= found.value <= high


def test_nothing_is_said_where_nothing_can_be():
    same = np.ones(10, bool)
    assert mcnemar(same, same, 0.95).p == 1.0 and mcnemar(same, same, 0.95).beyond_noise == 0
    assert mcnemar(same[:0], same[:0], 0.95).interval is None
    assert student(np.zeros(5), 0.95, 0.0).interval is None
    assert student(np.zeros(5), 0.95, 0.5).interval[0] < 0, "pictures that all agree promise no certainty"


def test_seeds_count_where_both_recipes_have_them():
    random = np.random.default_rng(0)
    right = (random.random((4, 300)) < 0.7).astype(float)
    assert compared(right[:1], right[1:2], 0.95, 1.0).test == "McNemar"
    found = compared(right, np.ones((5, 300)), 0.95, 1.0)
    assert found.test == "seeds" and found.beyond_noise == 1 and found.p is None
    assert compared(right[:1], right[1:2], 0.95, 0.25).test == "Student"


def test_one_run_beside_several_reckons_with_its_own_luck():
    random = np.random.default_rng(0)
    alarms = 0
    for _ in range(400):
        luck = 0.7 + random.normal(0, 0.05, 5)
        hits = (random.random((5, 150)) < luck[:, None]).astype(float)
        found = compared(hits[:1], hits[1:], 0.95, 1.0)
        alarms += found.beyond_noise != 0
        assert found.value == pytest.approx(hits[1:].mean() - hits[0].mean()) and found.test == "seeds"
    assert alarms / 400 <= 0.06, "a lucky seed alone is no difference"
    other = compared(hits[1:], hits[:1], 0.95, 1.0)
    assert (other.value, other.p) == (pytest.approx(-found.value), pytest.approx(found.p))


def test_folds_share_pictures_so_their_mean_is_less_sure():
    scores = np.array([0.8, 0.9, 0.85, 0.95])
    seeds, folds = (spread(scores, folds=folds, most=np.inf) for folds in (False, True))
    assert seeds.mean == folds.mean == pytest.approx(0.875) and seeds.deviation == pytest.approx(scores.std(ddof=1))
    wider = (folds.interval[1] - folds.mean) / (seeds.interval[1] - seeds.mean)
    assert wider == pytest.approx(np.sqrt((1 / 4 + 1 / 3) * 4))
    assert spread(scores[:1], folds=False, most=1).interval is None


def test_the_interval_of_a_share_stays_among_shares():
    assert spread(np.array([0.4, 0.9]), folds=False, most=1.0).interval == (0.0, 1.0)
