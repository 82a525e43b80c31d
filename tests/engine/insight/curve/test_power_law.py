"""The law behind a learning curve: found where it is there, and honest about what lies beyond the sizes."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.core.learning_curve import conclude
from workbench.engine.insight.curve.job import sizes_of
from workbench.engine.insight.curve.power_law import Curve, fit_power_law, project


def error(pictures: float, law: tuple[float, float, float]) -> float:
    a, b, c = law
    return a * (pictures / 100) ** -b + c


@pytest.mark.parametrize("law", [(0.3, 0.4, 0.05), (0.2, 1.0, 0.15), (0.4, 0.3, 0.0), (0.0, 0.4, 0.2)])
def test_a_law_without_noise_is_found_and_extended(law: tuple[float, float, float]) -> None:
    sizes = np.array([12.0, 25, 50, 100, 200, 400])
    errors = np.array([[error(size, law) for size in sizes]])
    found = fit_power_law(sizes, errors, np.ones_like(errors))
    for pictures in (100, 400, 800, 1600):
        assert found.error(pictures)[0] == pytest.approx(error(pictures, law), abs=2e-3)
    assert (found.a >= 0).all() and (found.c >= 0).all()


def judged(law: tuple[float, float, float], largest: int, judges: int, chance: np.random.Generator) -> Curve:
    """A curve as probes give it: pictures have a difficulty of their own, and choices of pictures differ in luck."""
    sizes = np.array([round(largest / 2**at) for at in range(5, -1, -1)], np.float64)
    times = chance.multinomial(judges, np.full(judges, 1 / judges), 400).astype(np.float64)
    hard = chance.random(judges)
    scores, redrawn = [], []
    for size in sizes.tolist():
        right = []
        for _ in range(1 if size == largest else 5):
            luck = np.where(chance.random(judges) < 0.3, chance.random(judges), hard)
            right.append(luck >= error(size, law) + chance.normal(0, 0.2 / size**0.5))
        scores.append(np.array([each.mean() for each in right]))
        redrawn.append(np.stack([times @ each / judges for each in right]))
    return Curve(sizes, scores, redrawn)


def test_projections_hold_the_truth_as_often_as_they_say() -> None:
    law, largest, chance = (0.3, 0.4, 0.05), 800, np.random.default_rng(0)
    truth = {pictures: 1 - error(pictures, law) for pictures in (1600, 3200)}
    held = dict.fromkeys(truth, 0)
    for _ in range(60):
        found = project(judged(law, largest, 200, chance), list(truth))
        for pictures, (score, low, high) in found.ahead.items():
            assert low <= score <= high
            held[pictures] += low <= truth[pictures] <= high
    assert all(count >= 54 for count in held.values()), held


def test_no_interval_goes_beyond_the_best_score() -> None:
    chance = np.random.default_rng(1)
    scores = [np.array([0.7, 0.98, 0.9]), np.array([0.8, 1.0, 0.94]), np.array([0.98])]
    redrawn = [each[:, None] + chance.normal(0, 0.01, (len(each), 200)) for each in scores]
    found = project(Curve(np.array([10.0, 20.0, 40.0]), scores, redrawn), [80, 160])
    assert found.intervals.max() <= 1.0 and max(high for _, _, high in found.ahead.values()) <= 1.0


def test_the_same_curve_gives_the_same_projection() -> None:
    curve = judged((0.3, 0.4, 0.05), 400, 100, np.random.default_rng(1))
    one, other = project(curve, [800]), project(curve, [800])
    assert one.ahead == other.ahead and np.array_equal(one.intervals, other.intervals) and one.gain == other.gain


def test_what_more_pictures_do_is_told_only_where_it_can_be() -> None:
    flat = judged((0.0, 0.4, 0.1), 3200, 4000, np.random.default_rng(2))
    assert conclude(*project(flat, [6400]).gain[1:]) == "hardly"
    steep = judged((0.5, 0.35, 0.0), 400, 4000, np.random.default_rng(3))
    assert conclude(*project(steep, [800]).gain[1:]) == "help"
    few = judged((0.3, 0.4, 0.05), 400, 30, np.random.default_rng(4))
    assert conclude(*project(few, [800]).gain[1:]) == "unclear"


def test_sizes_are_halves_down_to_the_least() -> None:
    assert sizes_of(400, 10) == [12, 25, 50, 100, 200, 400]
    assert sizes_of(50, 12) == [12, 25, 50]
    assert sizes_of(9, 10) == []
