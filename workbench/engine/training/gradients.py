"""Each task's own gradient on the shared weights that train, kept apart so that methods and measurements can use it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from workbench.engine import device as devices


class SharedGradients:
    """The Jacobian (K, P) of K tasks' objectives on the P shared weights, summed up over the pieces of a batch.

    Args:
        tasks: those that have a label in the batch.
        shared: the shared weights that train.
        scale: what the objectives are multiplied by, for reduced precision.

    Attributes:
        rows: (K, P) on the device.
    """

    def __init__(self, tasks: Sequence[str], shared: Sequence[nn.Parameter], scale: float = 1.0) -> None:
        self._places = {task: place for place, task in enumerate(tasks)}
        self._shared = tuple(shared)
        self._scale = scale
        size = sum(parameter.numel() for parameter in shared)
        self.rows = torch.zeros(len(tasks), size, device=shared[0].device)

    def add(self, task: str, objective: Tensor, own: Sequence[nn.Parameter], keep_graph: bool) -> None:
        """Add the gradient of a piece's (scaled) share of a task's objective.

        Args:
            objective: scalar with a gradient.
            own: the weights that the task alone uses; they get the gradient in their `grad`.
            keep_graph: other tasks' gradients of the same piece are still to come.
        """
        found = torch.autograd.grad(
            objective, [*self._shared, *own], retain_graph=keep_graph, allow_unused=True, materialize_grads=True
        )
        shared = len(self._shared)
        self.rows[self._places[task]] += torch.cat([gradient.reshape(-1) for gradient in found[:shared]])
        for parameter, gradient in zip(own, found[shared:], strict=True):
            _add_to(parameter, gradient)

    def gramian(self, common: Collection[nn.Parameter] | None = None) -> Tensor:
        """(K, K) float64 on the CPU: the inner products of the tasks' gradients.

        A task's gradient on weights that it does not use is zero.

        Args:
            common: some of the shared weights, to take the products on these alone.
        """
        rows = self.rows if common is None else self.rows[:, self._columns(common)]
        products = (rows @ rows.T).cpu().double() / self._scale**2
        return (products + products.T) / 2

    def _columns(self, wanted: Collection[nn.Parameter]) -> Tensor | slice:
        """Which columns of the Jacobian belong to some of the shared weights."""
        chosen = {id(parameter) for parameter in wanted} & {id(parameter) for parameter in self._shared}
        if len(chosen) != len(wanted):
            raise ValueError("these weights are not among the shared ones")
        inside = [id(parameter) in chosen for parameter in self._shared]
        sizes = torch.tensor([parameter.numel() for parameter in self._shared])
        if sorted(inside, reverse=True) == inside:  # the first ones, as a slice: no copy
            return slice(0, sum(size for size, is_in in zip(sizes.tolist(), inside, strict=True) if is_in))
        return torch.tensor(inside).repeat_interleave(sizes).to(self.rows.device)

    def write(self, factors: Mapping[str, float]) -> None:
        """Give the shared weights the sum of the tasks' gradients, each times its factor."""
        by_place = torch.tensor([factors[task] for task in self._places], device=self.rows.device)
        start = 0
        whole = by_place.to(self.rows.dtype) @ self.rows
        for parameter in self._shared:
            _add_to(parameter, whole[start : start + parameter.numel()].view(parameter.shape))
            start += parameter.numel()


def gradient_of(parameter: Tensor) -> Tensor:
    """Its gradient, nought where it has none; fused optimisers need it to lie in memory as the weights do."""
    if parameter.grad is None:
        parameter.grad = torch.zeros_like(parameter)
    return parameter.grad


def _add_to(parameter: nn.Parameter, gradient: Tensor) -> None:
    gradient_of(parameter).add_(gradient)


def batch_norm_trains(network: nn.Module) -> bool:
    """Whether a layer's answers hang on which pictures are worked on together."""
    return any(isinstance(each, nn.modules.batchnorm._BatchNorm) and each.training for each in network.modules())


class Traces:
    """What passes through a network leave behind, as it was before them: random generators and statistics.

    Args:
        statistics: buffers that the passes change.
    """

    def __init__(self, statistics: Sequence[Tensor], device: torch.device) -> None:
        self._device = device
        self._random = devices.random_state(device)
        self._kept = [(buffer, buffer.clone()) for buffer in statistics]

    def remove(self) -> None:
        """Put it back."""
        devices.set_random_state(self._device, self._random)
        for buffer, before in self._kept:
            buffer.copy_(before)


def statistics(network: nn.Module) -> list[Tensor]:
    """The buffers that passes through a network change, where any batch norm trains."""
    return list(network.buffers()) if batch_norm_trains(network) else []


@contextmanager
def leaving_no_trace(network: nn.Module, device: torch.device) -> Iterator[None]:
    """Inside, passes through a network may draw numbers and gather statistics; afterwards nothing tells of it."""
    traces = Traces(statistics(network), device)
    try:
        yield
    finally:
        traces.remove()
