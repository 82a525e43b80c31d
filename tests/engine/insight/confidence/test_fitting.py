"""The laws of what is fitted: temperatures, sets of classes, and the detector of unknown pictures."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom

from workbench.engine.insight.confidence.conformal import fit_threshold, in_set
from workbench.engine.insight.confidence.neighbours import Neighbours
from workbench.engine.insight.confidence.strangeness import MISTAKEN, energy, fit_limit, quantiles, strangeness
from workbench.engine.insight.confidence.temperature import HOTTEST, LOSSES, fit_temperature, probabilities
from workbench.engine.insight.metrics import calibration_error


def drawn(count: int, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are right about probabilities, and classes drawn by them."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 2, (count, classes))
    shares = probabilities("single-label", logits)
    return logits, (shares.cumsum(axis=1) < random.random((count, 1))).sum(axis=1)


@pytest.mark.parametrize("hotter", [0.3, 1.0, 4.0])
def test_the_temperature_that_logits_were_spoilt_by_is_found(hotter: float) -> None:
    logits, truth = drawn(20_000, 5, seed=1)
    found = fit_temperature("single-label", logits * hotter, truth)
    assert found == pytest.approx(hotter, rel=0.05)
    spoilt, mended = (probabilities("single-label", logits * hotter / each) for each in (1.0, found))
    error = [calibration_error(each.max(axis=1), each.argmax(axis=1) == truth) for each in (spoilt, mended)]
    assert error[1] < 0.02 and error[1] <= error[0] + 0.001


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.integers(2, 6), st.integers(0, 10_000), st.sampled_from(["single-label", "multi-label"]))
def test_a_temperature_never_changes_an_answer_nor_makes_the_loss_worse(
    count: int, classes: int, seed: int, kind: str
) -> None:
    random = np.random.default_rng(seed)
    logits = random.normal(0, 5, (count, classes))
    truth = random.integers(0, classes, count) if kind == "single-label" else random.integers(0, 2, (count, classes))
    found = fit_temperature(kind, logits, truth)
    assert 1 / HOTTEST <= found <= HOTTEST
    assert np.array_equal((logits / found).argsort(axis=1), logits.argsort(axis=1))
    assert LOSSES[kind](logits / found, truth) <= LOSSES[kind](logits, truth) + 1e-3


def test_nothing_to_fit_on_changes_nothing() -> None:
    assert fit_temperature("single-label", np.zeros((0, 3)), np.zeros(0, np.int64)) == 1.0


def test_sets_hold_the_true_class_as_often_as_promised_over_a_hundred_splits() -> None:
    """How many of the new pictures are covered follows a beta-binomial law (Vovk 2012)."""
    logits, truth = drawn(1200, 6, seed=3)
    shares = probabilities("single-label", 2.5 * logits)  # overconfident: the promise holds all the same
    fitted, coverage = 300, 0.9
    rank = int(np.ceil((fitted + 1) * coverage))
    law = betabinom(1200 - fitted, rank, fitted + 1 - rank)
    low, high = law.ppf([0.005, 0.995])
    inside, covered = 0, []
    for seed in range(100):
        order = np.random.default_rng(seed).permutation(1200)
        known, new = order[:fitted], order[fitted:]
        threshold = fit_threshold(shares[known], truth[known], coverage)
        hits = int(in_set(shares[new], threshold)[np.arange(len(new)), truth[new]].sum())
        inside += low <= hits <= high
        covered.append(hits / len(new))
    assert inside >= 95
    assert np.mean(covered) == pytest.approx(law.mean() / (1200 - fitted), abs=0.01)


def test_too_few_pictures_promise_nothing_and_give_every_class() -> None:
    logits, truth = drawn(8, 4, seed=0)
    threshold = fit_threshold(probabilities("single-label", logits), truth, 0.95)
    assert in_set(probabilities("single-label", logits), threshold).all()


def test_distances_are_of_directions_alone() -> None:
    source = torch.Generator().manual_seed(0)
    known, fresh = torch.randn(50, 8, generator=source), torch.randn(20, 8, generator=source)
    detector = Neighbours.of(known)
    torch.testing.assert_close(detector.distance(7 * fresh), detector.distance(fresh))
    torch.testing.assert_close(detector.distance(3 * known), torch.zeros(50), atol=1e-3, rtol=0)


def test_pictures_far_off_or_of_no_class_are_unknown_and_few_like_validation_are() -> None:
    random = np.random.default_rng(0)

    def drawn(count: int, distance: float, height: float) -> tuple[np.ndarray, np.ndarray]:
        """Distances, and energies of answers with one column as high as that."""
        answers = random.normal(0, 0.3, (count, 5)) + height * np.eye(5)[random.integers(0, 5, count)]
        return random.normal(distance, 0.1, count), energy(answers)

    known = [quantiles(values) for values in drawn(400, 0.5, 6)]
    limit = fit_limit(strangeness(*drawn(400, 0.5, 6), *known))

    def called(*asked: float) -> float:
        return float((strangeness(*drawn(400, *asked), *known) > limit).mean())

    assert called(0.5, 6) < 2 * MISTAKEN
    assert called(0.8, 4) > 0.9, "far and unsure"
    assert called(0.5, 1) > 0.9, "as near as others, but of no class"
    assert called(2, 20) > 0.9, "far off, and surer than anything before"


def test_strangeness_is_the_share_of_validation_pictures_that_are_less_strange() -> None:
    known = quantiles(np.linspace(0, 1, 501))
    asked = np.array([-5, 0, 0.25, 1.0])
    np.testing.assert_allclose(strangeness(asked, asked, known, known), [0, 0, 0.25, 1], atol=1e-9)
    beyond = strangeness(np.array([1.5, 3.0]), np.array([0.0, 0.0]), known, known)
    assert 1 / 3 < beyond[0] < beyond[1]
