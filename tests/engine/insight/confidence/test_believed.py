"""What is said of a head that abstains."""

from __future__ import annotations

import pytest

from workbench.engine.insight.confidence.believed import answered


def test_a_head_that_abstains_is_scored_on_what_it_answers() -> None:
    rows = [("a", "a", False), ("a", "b", False), ("b", "b", False), ("b", "a", True)]
    images = [{"target": true, "prediction": said, "abstained": off} for true, said, off in rows]
    found = answered(images)
    assert (found["answered"], found["answered_accuracy"]) == (0.75, pytest.approx(2 / 3))
    low, high = found["answered_accuracy_interval"]
    assert low < 2 / 3 < high
    nothing = answered(images[3:])
    assert nothing == {"answered": 0.0, "answered_accuracy": None, "answered_accuracy_interval": None}
