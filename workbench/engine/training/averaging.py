"""A moving average of the weights, which is what is validated and kept as the model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn


class WeightAverage:
    """The exponential moving average (EMA) of whatever trains in a phase (Polyak and Juditsky 1992).

    At step n it keeps min(decay, (1 + n) / (10 + n)) of itself, so that a short phase forgets where it began.

    Args:
        network: its parameters that train are averaged; all else is taken as it is.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self._decay = decay
        self._steps = 0
        self._live = {name: each for name, each in network.named_parameters() if each.requires_grad}
        self._kept = {name: each.detach().clone() for name, each in self._live.items()}

    @torch.no_grad()
    def update(self) -> None:
        """Take in the weights after a step."""
        steps = self._steps + 1
        keep = min(self._decay, (1 + steps) / (10 + steps))
        torch._foreach_lerp_(list(self._kept.values()), list(self._live.values()), 1 - keep)
        self._steps = steps

    @property
    def weights(self) -> dict[str, Tensor]:
        """The average by the parameters' names; it changes with the next step."""
        return self._kept

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Inside, the network has the averaged weights."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    @torch.no_grad()
    def take_over(self, before: WeightAverage) -> None:
        """Go on with an average of the same network; what no longer trains is given its averaged weights."""
        self._steps = before._steps
        for name, value in before._kept.items():
            if name in self._kept:
                self._kept[name] = value
            else:
                before._live[name].copy_(value)

    def state(self) -> dict[str, object]:
        """What a checkpoint keeps."""
        return {"steps": self._steps, "weights": dict(self._kept)}

    def restore(self, state: dict[str, Any]) -> None:
        """Put back what `state` gave."""
        self._steps = state["steps"]
        for name, value in state["weights"].items():
            self._kept[name].copy_(value)

    def _swap(self) -> None:
        for name, parameter in self._live.items():
            parameter.data, self._kept[name] = self._kept[name], parameter.data
