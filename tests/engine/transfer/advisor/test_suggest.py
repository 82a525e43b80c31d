from __future__ import annotations

import numpy as np
import pytest

from workbench.engine.transfer.advisor.compare import Score
from workbench.engine.transfer.advisor.suggest import suggest

TITLES = ["Pictures", "Stem", "Stage 1", "Stage 2", "Stage 3"]
TRAINABLE = [11_000_000, 10_900_000, 10_000_000, 8_000_000, 0]


def asked(values: list[float], near: list[bool], labelled: int, trainable: list[int] = TRAINABLE) -> tuple[int, str]:
    means = [Score(value, np.array([value - 0.02, value + 0.02])) for value in values]
    return suggest(means, near, trainable, TITLES, labelled)


@pytest.mark.parametrize(
    ("near", "labelled", "depth", "said"),
    [
        ([False, False, False, False, True], 100_000, 3, "allow its 8.0 M parameters to train gently"),
        ([False, False, False, False, True], 500, 4, "500 labelled pictures are few for 8.0 M parameters"),
        ([False, False, True, False, False], 100_000, 2, "let them learn"),
        ([False, False, True, True, False], 100_000, 3, "after stage 2"),
        ([False, False, True, False, False], 900, 3, "few for 10.0 M parameters"),
        ([True, False, False, False, False], 1_000_000, 0, "Freeze nothing"),
    ],
)
def test_depth_and_reason(near: list[bool], labelled: int, depth: int, said: str) -> None:
    values = [0.9 if each else 0.5 for each in near]
    found, reason = asked(values, near, labelled)
    assert found == depth and said in reason and reason.endswith(".") and "90" in reason
    assert reason.startswith("Freeze")


def test_a_last_stage_without_parameters_is_passed_over() -> None:
    depth, _ = asked([0.1, 0.2, 0.3, 0.4, 0.9], [False] * 4 + [True], 10**6, [9_000, 8_000, 7_000, 0, 0])
    assert depth == 2


def test_where_nothing_can_be_scored_there_is_still_an_answer() -> None:
    means = [Score(None, np.full(3, np.nan))] * 5
    depth, reason = suggest(means, [True] * 5, TRAINABLE, TITLES, 10)
    assert depth == 4 and "nothing can be scored" in reason
