"""The search for a learning rate: what it suggests, and that nothing is left of it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.engine.training.runs import project, two_tasks
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Progress, Result
from workbench.core.specs import RateSpec
from workbench.engine.training.phases import HEAD_RECIPES
from workbench.engine.training.rate_finder import HIGHEST, LOWEST, diverged, find_rate, smoothed, suggestion

RATES = [1e-6 * 10 ** (at / 16.5) for at in range(100)]


def falling(centre: float, rise: float) -> list[float]:
    """A loss that falls around a rate and rises from another on."""
    return [
        1 - 0.6 / (1 + math.exp(-4 * math.log10(rate / centre))) + 3 * max(0.0, math.log10(rate / rise)) ** 2
        for rate in RATES
    ]


def test_the_suggestion_lies_in_the_fall_before_the_rise() -> None:
    found = suggestion(RATES, smoothed(falling(3e-4, 1e-2)))
    assert found is not None and 1e-4 < found < 1e-2
    later = suggestion(RATES, smoothed(falling(3e-3, 1e-1)))
    assert later is not None and later > 3 * found


def test_where_nothing_falls_nothing_is_suggested() -> None:
    assert suggestion(RATES, [1.0] * 100) is None
    assert suggestion(RATES, [1.0 + at / 100 for at in range(100)]) is None
    assert suggestion([], []) is None


def test_a_batch_that_is_harder_than_others_does_not_end_the_trial() -> None:
    assert not diverged([0.05, 0.2, 0.05, 0.9])  # shares of the loss of guessing
    assert not diverged([1.0, 3.9])
    assert diverged([0.05] * 10 + [1.5] * 7)
    assert diverged([0.05, 100.0]) and diverged([0.05, math.nan])


def test_smoothing_keeps_straight_lines_inside() -> None:
    line = [float(at) for at in range(20)]
    assert smoothed(line)[3:-3] == pytest.approx(line[3:-3])


def test_rates_grow_and_nothing_is_written_but_caches(tmp_path: Path) -> None:
    wanted = project(two_tasks(tmp_path), {"freeze": 4}, head_epochs=2, epochs=1, learning_rate=2e-4)
    events = list(find_rate(RateSpec(project=wanted, project_dir=tmp_path, steps=20), Control()))
    (result,) = [event for event in events if isinstance(event, Result)]
    document = result.document
    assert document["phase"] == "stages" and document["in_force"] == 2e-4
    rates = document["rates"]
    assert rates[0] == LOWEST and len(rates) == len(document["losses"]) >= 3
    assert rates[1] / rates[0] == pytest.approx((HIGHEST / LOWEST) ** (1 / 19))
    assert any(isinstance(event, Progress) and event.what == "trying learning rates" for event in events)
    assert not (tmp_path / "runs").exists()


def test_heads_are_tried_with_the_probe_alone(tmp_path: Path) -> None:
    tasks = two_tasks(tmp_path)
    probe = RateSpec(project=project(tasks, preset="probe"), project_dir=tmp_path, steps=20)
    (result,) = [event for event in find_rate(probe, Control()) if isinstance(event, Result)]
    assert result.document["phase"] == "heads" and len(result.document["rates"]) >= 10
    assert result.document["in_force"] == HEAD_RECIPES["linear"].learning_rate
    frozen = RateSpec(project=project(tasks, {"freeze": "all"}), project_dir=tmp_path, steps=20)
    with pytest.raises(RequestError, match="Only heads train here"):
        list(find_rate(frozen, Control()))


def test_told_to_end_it_gives_no_result(tmp_path: Path) -> None:
    control = Control()
    spec = RateSpec(project=project(two_tasks(tmp_path), preset="probe"), project_dir=tmp_path, steps=20)
    events = []
    for event in find_rate(spec, control):
        events.append(event)
        if isinstance(event, Progress) and event.what == "trying learning rates":
            control.cancel()
    assert not any(isinstance(event, Result) for event in events)
