"""A short measurement of how deep convolutions are worked out fastest in bf16 on this processor."""

from __future__ import annotations

import time
from collections.abc import Generator
from itertools import product
from typing import NamedTuple, get_args

import torch
from torch import Tensor
from torch.nn import functional

from workbench.core.control import Control
from workbench.core.events import Event, Progress
from workbench.core.resolved import Convolutions
from workbench.engine import device as devices
from workbench.engine.convolution import Call, deep_calls
from workbench.engine.model.network import MultiTaskNetwork

MEASURING = "measuring deep convolutions"
CPU = torch.device("cpu")
_ROUNDS, _FEWEST_ROUNDS, _BUDGET_S = 7, 2, 1.5
"""The ways take turns, so that whatever else the machine does slows them alike; the best of all rounds counts."""
_WORTH = 1.03
"""How much faster a way must be to be taken instead of torch's own."""


class _Trial(NamedTuple):
    """A convolution that comes so many times, with noise of its shapes that learns."""

    call: Call
    times: int
    x: Tensor
    weights: Tensor

    @classmethod
    def of(cls, call: Call, times: int) -> _Trial:
        noise = (torch.rand(shape, generator=torch.Generator().manual_seed(0)) for shape in call[:2])
        x, weights = (values.contiguous(memory_format=torch.channels_last) for values in noise)
        return cls(call, times, x.bfloat16().requires_grad_(), weights.requires_grad_())

    def seconds(self, way: Convolutions) -> float:
        """That one takes, forwards and backwards."""
        clock = time.process_time if devices.threads() == 1 else time.perf_counter  # the first is blind to others
        begin = clock()
        with devices.autocast(CPU, "bf16", way):
            answer = functional.conv2d(self.x, self.weights, None, self.call.stride, self.call.padding, (1, 1), 1)
        answer.backward(answer.detach())  # type: ignore[no-untyped-call]
        taken = clock() - begin
        self.x.grad = self.weights.grad = None
        return taken


def measure_convolutions(
    network: MultiTaskNetwork, size: int, pictures: int, control: Control
) -> Generator[Event, None, Convolutions | None]:
    """The way that takes the least time for what the network's deep convolutions do in a step.

    These alone are timed, forwards and backwards: a step of the whole network would take several times as long and
    drown the difference. The network is left as it was. Yields Progress.

    Args:
        pictures: that go through the network at once.

    Returns:
        None where no stage that learns has deep ones, or when told to end.
    """
    one = torch.zeros(1, 3, size, size)
    network.eval()
    calls = deep_calls(lambda: network.features(one), pictures)
    if not calls:
        return None
    trials = [_Trial.of(call, times) for call, times in calls.items()]
    ways: tuple[Convolutions, ...] = get_args(Convolutions)
    best: dict[tuple[Convolutions, Call], float] = {}
    begin = time.perf_counter()
    for number in range(_ROUNDS + 1):
        yield Progress(what=MEASURING, done=number, total=_ROUNDS + 1)
        if number > _FEWEST_ROUNDS and time.perf_counter() - begin > _BUDGET_S:
            break
        for way, trial in product(ways, trials):
            if control.ending:
                return None
            taken = trial.seconds(way)
            if number:  # the first round only warms up
                best[way, trial.call] = min(taken, best.get((way, trial.call), taken))
    yield Progress(what=MEASURING, done=_ROUNDS + 1, total=_ROUNDS + 1)
    seconds = {way: sum(trial.times * best[way, trial.call] for trial in trials) for way in ways}
    fastest = min(ways, key=lambda way: seconds[way])
    return fastest if seconds["own"] > _WORTH * seconds[fastest] else "own"
