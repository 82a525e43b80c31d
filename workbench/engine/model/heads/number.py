"""The number head: a number, and how far it may be off."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.engine.model.heads.base import HeadSettings, Widths, small_linear
from workbench.engine.model.heads.hidden import HiddenHead
from workbench.engine.model.heads.ridge import fit_ridge

FLOOR = 0.01
"""Smallest spread, in standard deviations of the target: no answer may be surer than that."""


class NumberHead(HiddenHead):
    """Value and spread (B, 2), both in the target's own unit; the spread is a standard deviation above nought.

    Inside, targets have mean 0 and deviation 1 (`set_scale`); both numbers are part of the state dict. The first
    answers are the targets' mean and deviation. The spread has a layer of its own that sees what the last layer sees
    with its gradient cut off, so that learning it bends neither the value nor the backbone: Stirn et al. 2023,
    "Faithful Heteroscedastic Regression with Neural Networks" (arXiv 2212.09184). A hidden layer stands before both
    where one is asked for; without one, the head begins as the ridge regression whose penalty suits the pictures best.

    Attributes:
        penalty: of the ridge regression, for the mean squared error in deviations; 0 where none was fitted.
    """

    imprints = True
    target_mean: Tensor
    target_std: Tensor
    penalty: Tensor

    def __init__(self, widths: Widths, classes: int, settings: HeadSettings) -> None:
        super().__init__(widths, classes, settings, settings.hidden, outputs=1)
        self.outputs = 2
        self.spread = small_linear(self.width, 1)
        with torch.no_grad():
            self.spread.bias.fill_(math.log(math.expm1(1.0 - FLOOR)))
        self.register_buffer("target_mean", torch.zeros(()))
        self.register_buffer("target_std", torch.ones(()))
        self.register_buffer("penalty", torch.zeros(()))

    def set_scale(self, mean: float, std: float) -> None:
        """Fix the targets' mean and standard deviation, in their unit; one without deviation is not scaled."""
        self.target_mean.fill_(mean)
        self.target_std.fill_(std if std > 0 else 1.0)

    @torch.no_grad()
    def imprint(self, features: Tensor, targets: Tensor) -> None:
        """Begin as a ridge regression of targets (n,) in their unit, NaN where missing, on features (n, C).

        A regression on many features learns few pictures by heart unless it is held back, and how much depends on the
        question; so the penalty is found on pictures left out.
        """
        known = targets.isfinite()
        if isinstance(self.hidden, nn.Linear) or int(known.sum()) < 2:
            return
        x = self.standardised(features[known]).double()
        y = (targets[known].double() - self.target_mean) / self.target_std
        found = fit_ridge(x - x.mean(dim=0), y - y.mean())
        self.linear.weight.copy_(found.weights[None])
        self.linear.bias.copy_(y.mean() - x.mean(dim=0) @ found.weights)
        self.penalty.fill_(found.penalty)
        self.spread.bias.fill_(math.log(math.expm1(max(FLOOR, found.error))))

    def answer(self, standardised: Tensor) -> Tensor:
        inputs = self.last_inputs(standardised)
        value = self.target_mean + self.target_std * self.linear(inputs)
        spread = self.target_std * (functional.softplus(self.spread(inputs.detach())) + FLOOR)
        return torch.cat([value, spread], dim=1)
