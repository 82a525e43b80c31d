"""Batch-norm statistics worked out anew on pictures of another domain.

Li, Wang, Shi, Hou and Liu, "Adaptive batch normalization for practical domain adaptation" (AdaBN), arXiv 1603.04779,
2016: every batch-norm layer takes mean and variance from unlabelled target pictures; no weight changes. Schneider et
al., "Improving robustness against common corruptions by covariate shift adaptation", NeurIPS 2020: with few target
pictures the old statistics count as N pictures beside the n new ones, so their share is N / (N + n).

A network that was fine-tuned with batch norm held still does not hold its own training pictures' statistics, but those
of pretraining, and its head has learned behind these. Statistics of the target alone would then undo that as well. So
where the training pictures are still there, each layer is set so that target pictures leave it with the mean and
deviation that training pictures leave it with: m' = m_t - s'(m_s - m) / s and s' = s s_t / s_s for stored statistics
(m, s), source (m_s, s_s) and target (m_t, s_t). Where the stored ones are those of the source, this is AdaBN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

PRIOR = 16
"""Pictures that the old statistics count as; Schneider et al. find 8 to 64 best, whatever the network."""
_EPS = 1e-12


@dataclass(frozen=True)
class Moments:
    """Of each of C channels, over `count` places in pictures: mean and variance (C,), float64 on the CPU."""

    mean: Tensor
    variance: Tensor
    count: int

    def joined(self, other: Moments) -> Moments:
        """Of both together (Chan, Golub and LeVeque 1979)."""
        count = self.count + other.count
        share = other.count / count
        apart = other.mean - self.mean
        variance = (1 - share) * self.variance + share * other.variance + share * (1 - share) * apart**2
        return Moments(self.mean + share * apart, variance, count)

    @classmethod
    def of(cls, x: Tensor) -> Moments:
        """Of what reaches a layer: (B, C, …)."""
        rows = x.detach().float().transpose(0, 1).flatten(1)
        variance, mean = torch.var_mean(rows, dim=1, correction=0)
        return cls(mean.cpu().double(), variance.cpu().double(), rows.shape[1])


@dataclass(frozen=True)
class Shift:
    """How new statistics of a layer follow from those of the target.

    Attributes:
        stored: what each layer has, by name.
        source: what training pictures bring to each layer; None where they are gone: the target's alone count.
        weight: of the target's statistics beside the old ones, in [0, 1].
    """

    stored: Mapping[str, Moments]
    source: Mapping[str, Moments] | None
    weight: float

    def of(self, name: str, target: Moments) -> Moments:
        """The layer's new statistics, from what target pictures bring to it."""
        old = self.stored[name]
        wanted = target if self.source is None else _anchored(old, self.source[name], target)
        mean, variance = (
            (1 - self.weight) * before + self.weight * after
            for before, after in ((old.mean, wanted.mean), (old.variance, wanted.variance))
        )
        return Moments(mean, variance, target.count)


def _anchored(old: Moments, source: Moments, target: Moments) -> Moments:
    ratio = (target.variance + _EPS) / (source.variance + _EPS)
    return Moments(target.mean - ratio.sqrt() * (source.mean - old.mean), old.variance * ratio, target.count)


def target_weight(share: float, prior: float, pictures: int) -> float:
    """Of the target's statistics, where `share` of them is wanted and the old ones count as `prior` pictures."""
    return share * pictures / (prior + pictures) if pictures else 0.0


def batch_norms(network: nn.Module) -> dict[str, _BatchNorm]:
    """The layers that keep statistics, by name in the state dict."""
    return {
        name: module
        for name, module in network.named_modules()
        if isinstance(module, _BatchNorm) and module.running_mean is not None and module.running_var is not None
    }


def statistics_of(network: nn.Module) -> dict[str, Moments]:
    """What each batch-norm layer has stored."""
    return {
        name: Moments(layer.running_mean.cpu().double(), layer.running_var.cpu().double(), 0)  # type: ignore[union-attr]
        for name, layer in batch_norms(network).items()
    }


def set_statistics(network: nn.Module, statistics: Mapping[str, Moments]) -> None:
    """Let each batch-norm layer have those statistics; nothing else changes."""
    layers = batch_norms(network)
    for name, moments in statistics.items():
        _set(layers[name], moments)


@contextmanager
def watched(network: nn.Module, shift: Shift | None = None) -> Iterator[dict[str, Moments]]:
    """Inside, everything that reaches a batch-norm layer in eval mode is counted; by layer, in the dict given.

    With a shift each batch is normalised by the statistics that follow from it, so that deeper layers see what they
    are going to see. Afterwards the network has the statistics that it had.
    """
    found: dict[str, Moments] = {}
    before = statistics_of(network)
    handles = [
        layer.register_forward_pre_hook(_counter(name, found, shift)) for name, layer in batch_norms(network).items()
    ]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()
        if shift is not None:
            set_statistics(network, before)


def _counter(
    name: str, found: dict[str, Moments], shift: Shift | None
) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
    def count(layer: nn.Module, given: tuple[Tensor, ...]) -> None:
        here = Moments.of(given[0])
        found[name] = found[name].joined(here) if name in found else here
        if shift is not None:
            assert isinstance(layer, _BatchNorm)
            _set(layer, shift.of(name, here))

    return count


def _set(layer: _BatchNorm, moments: Moments) -> None:
    assert layer.running_mean is not None and layer.running_var is not None
    layer.running_mean.copy_(moments.mean.to(layer.running_mean.dtype))
    layer.running_var.copy_(moments.variance.to(layer.running_var.dtype))
