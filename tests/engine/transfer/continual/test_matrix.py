"""The accuracy matrix and what it says of forgetting."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.engine.transfer.continual.matrix import Column, conclude, document


def column(step: int, *scores: list[float], kind: str = "single-label") -> Column:
    return Column(step, "kind", kind, [], np.array(scores, np.float64), 1.0 if kind == "single-label" else 0.0)


def test_average_and_backward_transfer_are_those_of_the_paper() -> None:
    first = column(0, [1, 1, 1, 1], [1, 1, 0, 0], [1, 0, 0, 0])
    second = column(1, [1, 1], [1, 0])
    third = column(2, [1, 0, 0, 0])
    found = document(["a", "b", "c"], [first, second, third])
    scores = [[cell and cell["score"] for cell in row] for row in found["matrix"]]
    assert scores == [[1.0, None, None], [0.5, 1.0, None], [0.25, 0.5, 0.25]]
    assert [each["value"] for each in found["average"]] == pytest.approx([1.0, 0.75, 1 / 3])
    assert found["backward_transfer"]["value"] == pytest.approx(((0.25 - 1.0) + (0.5 - 1.0)) / 2)
    low, high = found["backward_transfer"]["interval"]
    assert -1.0 <= low < found["backward_transfer"]["value"] < high <= 1.0
    assert found["matrix"][0][0]["interval"][0] < 1.0


def test_it_is_said_what_was_lost_and_that_nothing_can_be_told() -> None:
    many = column(0, [1.0] * 50, [1.0] * 20 + [0.0] * 30)
    lost = document(["a", "b"], [many, column(1, [1.0] * 5)])
    assert "it has lost 60.0 points" in conclude(lost)
    kept = document(["a", "b"], [column(0, [1.0] * 50, [1.0] * 50), column(1, [1.0] * 5)])
    assert "within noise" in conclude(kept)
    alone = document(["a", "b"], [column(1, [1.0])])
    assert alone["backward_transfer"] is None and "cannot be told" in conclude(alone)
    assert alone["average"][0] is None


def test_errors_of_numbers_are_shown_and_not_averaged_with_shares() -> None:
    errors = column(0, [-2.0, -4.0], [-1.0, -1.0], kind="number")
    found = document(["a", "b"], [errors, column(1, [1.0, 0.0])])
    assert [row[0]["score"] for row in found["matrix"]] == [3.0, 1.0]
    assert found["average"][1]["value"] == 0.5 and found["backward_transfer"] is None
