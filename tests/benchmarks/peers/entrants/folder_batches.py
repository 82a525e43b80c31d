"""Batches as `ImageFolder` and a loader with processes of its own make them; nothing is trained."""

from __future__ import annotations

from tests.benchmarks.peers.entrants.folders import loaders
from tests.benchmarks.peers.work import Clock, Work


def run(work: Work, clock: Clock) -> None:
    """Go through the training part in each epoch."""
    loader = loaders(work)["train"]
    for _ in range(work.epochs):
        for _ in loader:
            pass
        clock.epoch_done()
