"""What is said when a phase begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.training.runs import carry_out, project, two_tasks
from workbench.core.events import Notice


@pytest.mark.parametrize(("balancing", "said"), [("upgrad", True), ("equal", False)])
def test_what_balancing_costs_is_said_before_stages_train(tmp_path: Path, balancing: str, said: bool) -> None:
    wanted = project(two_tasks(tmp_path, 4), {"freeze": 3}, preset="full", epochs=1, balancing=balancing)
    notices = [event.text for event in carry_out(wanted, tmp_path) if isinstance(event, Notice)]
    told = [text for text in notices if "times as long" in text]
    expected = (
        "These 2 tasks share some pictures, so that UPGrad takes up to about 1.6 times as long a step; with pictures "
        "of their own it would take about as long as equal."
    )
    assert told == ([expected] if said else [])
