"""What a transfer report says: help, harm, or nothing beyond noise, by paired differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from workbench.core.transfer_ways import WAYS, Way
from workbench.engine.transfer.report.judge import WayScores, row, sentence


def documents(right: dict[Way, list[int]], pictures: int = 60) -> dict[Way, list[dict[str, Any]]]:
    """Of each way, for each seed so many pictures answered rightly."""
    return {
        way: [
            {
                "kind": "single-label",
                "classes": ["a", "b"],
                "images": [
                    {"image": f"{at}.png", "target": "a", "prediction": "a" if at < count else "b"}
                    for at in range(pictures)
                ],
            }
            for count in counts
        ]
        for way, counts in right.items()
    }


def judged(**right: list[int]) -> dict[str, Any]:
    named: dict[Way, list[int]] = {way: right[way] for way in WAYS}
    return row(WayScores.of("validation", documents(named)), comparisons=3)


def test_pretraining_that_helps() -> None:
    task = judged(random=[30], frozen=[50], partly=[52], full=[33])
    assert task["conclusion"] == "helps" and task["pictures"] == 60
    assert task["ways"]["full"]["conclusion"] == "noise" and "difference" not in task["ways"]["random"]
    assert task["ways"]["partly"]["difference"] == pytest.approx(22 / 60)
    low, high = task["ways"]["frozen"]["interval"]
    assert low < 50 / 60 < high
    assert sentence({"colour": task}) == "Pretraining helps colour, beyond noise."


def test_negative_transfer_is_warned_of() -> None:
    task = judged(random=[55], frozen=[20], partly=[52], full=[35])
    assert task["conclusion"] == "harms"
    assert sentence({"colour": task}).startswith("Pretraining harms colour: random weights train better")


def test_a_frozen_backbone_that_does_not_fit_is_no_harm_by_pretraining() -> None:
    task = judged(random=[45], frozen=[20], partly=[46], full=[58])
    assert task["conclusion"] == "helps"
    assert "Frozen, the backbone is worse than none for colour" in sentence({"colour": task})


def test_several_seeds_widen_what_is_noise() -> None:
    one = judged(random=[30], frozen=[45], partly=[30], full=[30])
    several = judged(random=[20, 30, 40], frozen=[30, 45, 60], partly=[30, 30, 30], full=[30, 30, 30])
    assert one["ways"]["frozen"]["conclusion"] == "better" and several["ways"]["frozen"]["conclusion"] == "noise"
    assert several["ways"]["random"]["by_seed"] == pytest.approx([20 / 60, 0.5, 40 / 60])
    widths = [np.diff(each["ways"]["frozen"]["interval"])[0] for each in (one, several)]
    assert widths[1] > widths[0]
    assert several["conclusion"] == "unclear"


def test_errors_of_numbers_are_turned_the_right_way_round() -> None:
    def numbers(error: float) -> list[dict[str, Any]]:
        images = [
            {"image": f"{at}.png", "target": 5.0, "prediction": 5.0 + error * (1 + at % 3 / 10)} for at in range(30)
        ]
        return [{"kind": "number", "classes": [], "images": images}]

    errors = {"random": 3.0, "frozen": 1.0, "partly": 1.0, "full": 5.0}
    task = row(WayScores.of("test", {way: numbers(errors[way]) for way in WAYS}), comparisons=3)
    assert task["ways"]["random"]["score"] == pytest.approx(3.3)
    assert task["ways"]["frozen"]["conclusion"] == "better" and task["ways"]["full"]["conclusion"] == "worse"
    low, high = task["ways"]["frozen"]["interval"]
    assert low <= task["ways"]["frozen"]["score"] <= high
