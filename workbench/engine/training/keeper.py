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

INTERVAL_S = 1.0
"""Least time between two checkpoints, however short epochs are."""
_SHARE = 0.02
"""Most of the time that goes into writing checkpoints."""

_POSITION = ("phase", "epoch", "step_in_epoch")


class Keeper:
    """Writes the checkpoints of a run, in the process that leads; others hold the best in memory in case it is lost."""

    def __init__(self, work: Experiment) -> None:
        self._work = work
        self._writes = work.team.leads
        self._waiting: tuple[dict[str, Tensor], dict[str, Any]] | None = None
        self._due = float("-inf")
        self._saved = (-1, -1, -1)
        self._every_s = work.resolved.project.recipe.save_every_s
        self._saved_s = time.monotonic()

    def epoch_done(self, trainer: Trainer, state: State, outputs: Outputs, is_best: bool) -> Iterator[Event]:
        """Take an epoch's end; where epochs follow each other too fast for the disk, the best is held in memory."""
        on_features = self._work.phases[state.phase].on_features
        due = time.monotonic() >= self._due
        writes = due and self._writes
        if is_best:
            try:
                weights, held = self._model(trainer, copied=not writes), True
            except torch.OutOfMemoryError:  # there is no room for a copy, but the disk has some
                weights, held = self._model(trainer), False
            self._waiting = (weights, best_state(state, outputs, on_features))
            if not held:
                yield from self._hold_no_more()
        if writes:
            yield from self.save(trainer, state)

    def _hold_no_more(self) -> Iterator[Event]:
        """Write the best at once; a process that does not write forgets it."""
        yield from self.flush()
        self._waiting = None

    def inherit(self, trainer: Trainer, state: State) -> Iterator[Event]:
        """Once another process of the team was lost: write what was done, if this is the first of those that are left.

        One that led may have written it before it ended.
        """
        if not self._work.team.inherits():
            return
        stored = None if self._writes else self._work.checkpoints.read("last")
        if stored is None or tuple(stored.state[name] for name in _POSITION) < _position(state):
            self._writes = True
            yield from self.save(trainer, state)

    def due(self) -> bool:
        """Whether a checkpoint is to be written within an epoch."""
        wanted = bool(self._every_s) and self._writes
        return wanted and time.monotonic() >= max(self._due, self._saved_s + self._every_s)

    def save(self, trainer: Trainer, state: State) -> Iterator[Event]:
        """Write the best where it is waiting, then the last: a best that the last knows of is always on disk."""
        position = _position(state)
        if position == self._saved or not self._writes:
            return
        begin = time.monotonic()
        weights = self._weights()
        same = self._waiting is not None and _are_one(self._waiting[0], weights)
        yield from self.flush()
        data = {
            **state.to_data(),
            **trainer.state(),
            "random": devices.random_state(self._work.device),
        }
        path = self._work.checkpoints.save("last", weights, data, same_as="best" if same else None)
        self._saved = position
        now = self._saved_s = time.monotonic()
        self._due = now + max(INTERVAL_S, (now - begin) / _SHARE)
        yield self._event("last", path.name)

    def flush(self) -> Iterator[Event]:
        """Write the best where it is waiting."""
        if self._waiting is not None and self._writes:
            weights, data = self._waiting
            path = self._work.checkpoints.save("best", weights, data)
            self._waiting = None
            yield self._event("best", path.name)

    def keep_present(self, trainer: Trainer | None, state: State) -> Iterator[Event]:
        """Keep the model as it is as the best: nothing was validated yet."""
        if not self._writes:
            return
        weights = self._weights() if trainer is None else self._model(trainer)
        self._waiting = (weights, best_state(state, None, on_features=False))
        yield from self.flush()

    def _model(self, trainer: Trainer, copied: bool = False) -> dict[str, Tensor]:
        """The state dict of what counts as the model: the network's, or the average of its weights."""
        averaged = trainer.average.weights if trainer.average else {}
        kept = {name: value.clone() if copied else value for name, value in averaged.items()}
        return {**self._weights(copied), **kept}

    def _weights(self, copied: bool = False) -> dict[str, Tensor]:
        """The network's state dict; what waits while training goes on is a copy, except frozen stages."""
        parameters = {name for name, p in self._work.network.named_parameters() if not p.requires_grad}
        weights = self._work.network.state_dict()
        return {name: value.clone() if copied and name not in parameters else value for name, value in weights.items()}

    def _event(self, kind: str, name: str) -> Event:
        return Checkpoint.model_validate({"path": f"checkpoints/{name}", "kind": kind})


def _are_one(some: dict[str, Tensor], others: dict[str, Tensor]) -> bool:
    """Whether two state dicts are views of the same memory."""
    return some.keys() == others.keys() and all(x.data_ptr() == others[name].data_ptr() for name, x in some.items())


def _position(state: State) -> tuple[int, int, int]:
    return (state.phase, state.epoch, state.step_in_epoch)


def best_state(state: State, outputs: Outputs | None, on_features: bool) -> dict[str, Any]:
    """What `best/state.pt` keeps: which epoch it was with which loss, and the validation answers that chose it."""
    best = state.best.model_dump() if state.best else None
    data: dict[str, Any] = {"best": best, "loss": state.best_loss, "on_features": on_features, "outputs": None}
    if outputs is not None:
        data["outputs"] = {
            "rows": torch.from_numpy(outputs.rows),
            "readable": torch.from_numpy(outputs.readable),
            "answers": {task: torch.from_numpy(values) for task, values in outputs.answers.items()},
        }
    return data


def read_outputs(data: dict[str, Any]) -> Outputs | None:
    """The answers that `best_state` kept."""
    kept = data.get("outputs")
    if kept is None:
        return None
    return Outputs(
        kept["rows"].numpy(),
        {task: values.numpy() for task, values in kept["answers"].items()},
        kept["readable"].numpy(),
    )
