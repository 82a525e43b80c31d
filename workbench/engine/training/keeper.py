"""Decides when checkpoints are written: the best with the answers by which it was chosen, the last to go on from."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from workbench.core.events import Checkpoint, Event
from workbench.engine import device as devices
from workbench.engine.insight.outputs import Outputs
from workbench.engine.training.experiment import Experiment
from workbench.engine.training.state import State
from workbench.engine.training.trainer import Trainer

INTERVAL_S = 3.0
"""Least time between two checkpoints where epochs take milliseconds."""


class Keeper:
    """Writes the checkpoints of a run."""

    def __init__(self, work: Experiment) -> None:
        self._work = work
        self._waiting: tuple[dict[str, Tensor], dict[str, Any]] | None = None
        self._written = float("-inf")

    def epoch_done(
        self, trainer: Trainer, state: State, outputs: Outputs, is_best: bool, fast: bool
    ) -> Iterator[Event]:
        """Take an epoch's end.

        Args:
            fast: the phase trains on stored features, and its epochs follow each other faster than a disk should be
                written; the best is then held in memory meanwhile.
        """
        if is_best:
            self._waiting = (self._copy(fast), best_state(state, outputs, fast))
        if not fast or time.monotonic() - self._written >= INTERVAL_S:
            yield from self.save(trainer, state)

    def save(self, trainer: Trainer, state: State) -> Iterator[Event]:
        """Write the best where it is waiting, and the last; a best that the last knows of is always on disk before it."""
        yield from self.flush()
        data = {
            **state.to_data(),
            "optimiser": trainer.optimiser.state_dict(),
            "scaler": trainer.scaler.state_dict(),
            "balancing": trainer.balancing.state(),
            "random": devices.random_state(self._work.device),
        }
        path = self._work.checkpoints.save("last", self._work.network.state_dict(), data)
        self._written = time.monotonic()
        yield self._event("last", path.name)

    def flush(self) -> Iterator[Event]:
        """Write the best where it is waiting."""
        if self._waiting is not None:
            weights, data = self._waiting
            path = self._work.checkpoints.save("best", weights, data)
            self._waiting = None
            yield self._event("best", path.name)

    def keep_present(self, state: State) -> Iterator[Event]:
        """Keep the network as it is as the best: nothing was validated yet."""
        self._waiting = (self._copy(fast=False), best_state(state, None, on_features=False))
        yield from self.flush()

    def _copy(self, fast: bool) -> dict[str, Tensor]:
        """The network's state dict; tensors that change while it waits are copied."""
        weights = self._work.network.state_dict()
        return {name: value.clone() if fast and name.startswith("heads.") else value for name, value in weights.items()}

    def _event(self, kind: str, name: str) -> Event:
        return Checkpoint.model_validate({"path": f"checkpoints/{name}", "kind": kind})


def best_state(state: State, outputs: Outputs | None, on_features: bool) -> dict[str, Any]:
    """What `best/state.pt` keeps: which epoch it was, and the validation answers that chose it."""
    best = state.best.model_dump() if state.best else None
    data: dict[str, Any] = {"best": best, "on_features": on_features, "outputs": None}
    if outputs is not None:
        data["outputs"] = {
            "rows": torch.from_numpy(outputs.rows),
            "readable": torch.from_numpy(outputs.readable),
            "logits": {task: torch.from_numpy(values) for task, values in outputs.logits.items()},
        }
    return data


def read_outputs(data: dict[str, Any]) -> Outputs | None:
    """The answers that `best_state` kept."""
    kept = data.get("outputs")
    if kept is None:
        return None
    return Outputs(
        kept["rows"].numpy(),
        {task: values.numpy() for task, values in kept["logits"].items()},
        kept["readable"].numpy(),
    )
