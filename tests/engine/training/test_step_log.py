from __future__ import annotations

import pytest
import torch

from workbench.core.errors import RunError
from workbench.engine.training.step_log import INTERVAL_S, StepLog


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_every_step_arrives_once_and_unchanged() -> None:
    clock = Clock()
    log = StepLog(["a", "b"], "heads", 3, clock)
    events = []
    for step in range(1, 101):
        clock.now += 0.004
        log.add(step, torch.tensor([step * 0.5, 2.0]), [4, step % 2], {"a": 1.0, "b": 2.0}, {"head a": step * 0.1}, 8)
        if log.due():
            events += log.flush()
    events += log.flush()
    assert log.flush() == []
    assert [event.first for event in events] == [1] + [event.last + 1 for event in events[:-1]]
    assert events[-1].last == 100
    assert [loss for event in events for loss in event.losses["a"]] == [step * 0.5 for step in range(1, 101)]
    assert [loss for event in events for loss in event.losses["b"]] == [2.0 if s % 2 else None for s in range(1, 101)]
    assert [weight for event in events for weight in event.weights["b"]] == [2.0] * 100
    assert [rate for event in events for rate in event.learning_rates["head a"]] == [s * 0.1 for s in range(1, 101)]
    assert all(len(event.losses["a"]) == event.last - event.first + 1 for event in events)
    assert len(events) <= 0.4 / INTERVAL_S + 1
    assert all(abs(event.images_per_s - 2000) < 1 for event in events)


def test_a_pause_does_not_count() -> None:
    clock = Clock()
    log = StepLog(["a"], "stages", 1, clock)
    clock.now = 100.0
    log.rest()
    clock.now = 101.0
    log.add(1, torch.tensor([1.0]), [1], {"a": 1.0}, {}, 10)
    assert log.flush()[0].images_per_s == 10


def test_a_loss_that_is_no_number_ends_the_run() -> None:
    log = StepLog(["a", "b"], "stages", 4)
    log.add(7, torch.tensor([1.0, float("nan")]), [3, 0], {"a": 1.0, "b": 1.0}, {}, 8)
    assert log.flush()[0].losses == {"a": [1.0], "b": [None]}
    log.add(8, torch.tensor([1.0, float("nan")]), [3, 1], {"a": 1.0, "b": 1.0}, {}, 8)
    with pytest.raises(RunError, match=r"loss of b .* step 8 \(epoch 4\)"):
        log.flush()
