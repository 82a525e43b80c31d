"""The ridge head: regression of the classes on the features, worked out at once."""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.engine.model.heads.closed_form.linear import SumsLayer
from workbench.engine.model.heads.closed_form.sums import axes_of
from workbench.engine.model.heads.ridge import PENALTIES

_UNTOLD = torch.tensor([3.0], dtype=torch.float64)
"""The penalty, in units of a feature's mean square, where no class has two pictures: one left out is then of a class
that no other shows, its error says nothing, and the largest penalty would always win, which answers worst among many
classes."""


class RidgeHead(SumsLayer):
    """logits = answers / σ² of the ridge regression of one-hot classes on directions, with an intercept.

    Everything follows from sums over pictures: the weights, and by generalised cross-validation (Golub, Heath and
    Wahba, "Generalized Cross-Validation as a Method for Choosing a Good Ridge Parameter", Technometrics 1979) the
    penalty and σ², the mean squared error on pictures left out. So pictures and classes that come later are taken in
    exactly, as in RanPAC (McDonnell et al. 2023, arXiv 2307.02251). Dividing by σ² makes logits of the answers: a
    Gaussian around each class's one-hot vector.
    """

    def layer(self) -> tuple[Tensor, Tensor]:
        """Weight (K, C) and bias (K,), float64."""
        pictures, centre, shares = self.counts.sum(), self.centre, self.counts / self.counts.sum()
        squares, axes = axes_of(self.scatter, int(pictures))
        along = axes.T @ (self.sums - self.counts[:, None] * centre).T  # (R, K): directions times one-hot classes
        whole = (self.counts * (1 - shares)).sum()
        unit = squares.sum() / self.features
        best, least = squares, torch.tensor(torch.inf, dtype=torch.float64)
        for penalty in PENALTIES if self.counts.max() > 1 else _UNTOLD:
            damped = squares + (penalty * unit).clamp(min=1e-12)
            fitted = along.square() / damped[:, None]
            left_over = (whole - 2 * fitted.sum() + (fitted * (squares / damped)[:, None]).sum()).clamp(min=1e-12)
            freedom = (1 - ((squares / damped).sum() + 1) / pictures).clamp(min=1e-6)
            error = left_over / pictures / freedom.square()
            if error < least:
                best, least = damped, error
        weight = (axes @ (along / best[:, None])).T
        variance = (least / self.classes).clamp(min=1e-3)
        return weight / variance, (shares - weight @ centre) / variance
