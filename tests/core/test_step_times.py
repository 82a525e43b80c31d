from __future__ import annotations

import pytest

from workbench.core.step_times import MUCH_WAITING, PARTS, added, shares, waits_much


def test_shares_add_up_to_one() -> None:
    total = added([{"data": 1.0, "forward": 2.0}, {"forward": 1.0, "backward": 4.0, "rest": 0.0}])
    assert total == {"data": 1.0, "forward": 3.0, "backward": 4.0, "rest": 0.0}
    assert shares(total) == {"data": 0.125, "forward": 0.375, "backward": 0.5, "rest": 0.0}
    assert tuple(shares({"rest": 2.0}) or ()) == PARTS


@pytest.mark.parametrize("seconds", [None, {}, dict.fromkeys(PARTS, 0.0)])
def test_nothing_measured_is_nothing_said(seconds: dict[str, float] | None) -> None:
    assert shares(seconds) is None and not waits_much(seconds)
    assert added([]) is None


def test_much_waiting_is_more_than_the_limit() -> None:
    assert not waits_much({"data": MUCH_WAITING, "forward": 1 - MUCH_WAITING})
    assert waits_much({"data": MUCH_WAITING + 0.01, "forward": 0.99 - MUCH_WAITING})
