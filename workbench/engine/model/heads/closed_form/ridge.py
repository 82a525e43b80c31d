"""The ridge head: regression of the classes on the features, worked out at once."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from workbench.engine.model.heads.closed_form.linear import SumsLayer
from workbench.engine.model.heads.closed_form.sums import axes_of
from workbench.engine.model.heads.ridge import PENALTIES

_UNTOLD = torch.tensor([3.0], dtype=torch.float64)
"""The penalty, in units of a feature's mean square, where no class has two pictures: one left out is then of a class
that no other shows, its error says nothing, and the largest penalty would always win, which answers worst among many
classes."""


class _Fit(NamedTuple):
    """A penalty that was tried.

    Attributes:
        damped: (R,) the squares of the directions with the penalty on them.
        scale: by which the answers are multiplied.
        error: the mean squared error of answers to pictures left out, summed over the classes.
    """

    damped: Tensor
    scale: Tensor
    error: Tensor


class RidgeHead(SumsLayer):
    """logits = answers / σ² of the ridge regression of one-hot classes on directions, with an intercept.

    Everything follows from sums over pictures: the weights, and by generalised cross-validation (Golub, Heath and
    Wahba, "Generalized Cross-Validation as a Method for Choosing a Good Ridge Parameter", Technometrics 1979) the
    penalty and σ², the mean squared error on pictures left out. So pictures and classes that come later are taken in
    exactly, as in RanPAC (McDonnell et al. 2023, arXiv 2307.02251). Dividing by σ² makes logits of the answers: a
    Gaussian around each class's one-hot vector.

    Errors are those of answers at their best length. At their own, the penalty that makes them short would win among
    many classes, where next to nothing is the safest answer, though only their direction tells the classes apart
    (omniglot, two pictures of each of 60 characters: 42 % right instead of 36 %).
    """

    def layer(self) -> tuple[Tensor, Tensor]:
        """Weight (K, C) and bias (K,), float64."""
        pictures, centre, shares = self.counts.sum(), self.centre, self.counts / self.counts.sum()
        squares, axes = axes_of(self.scatter, int(pictures))
        along = axes.T @ (self.sums - self.counts[:, None] * centre).T  # (R, K): directions times one-hot classes
        best = self._best(squares, along)
        weight = best.scale * (axes @ (along / best.damped[:, None])).T
        variance = (best.error / self.classes).clamp(min=1e-3)
        return weight / variance, (shares - weight @ centre) / variance

    def _best(self, squares: Tensor, along: Tensor) -> _Fit:
        """The penalty with the least error at the answers' best length; where none of them points towards the classes
        of pictures left out, at their own."""
        pictures = self.counts.sum()
        whole = (self.counts * (1 - self.counts / pictures)).sum()
        unit = squares.sum() / self.features
        own: list[_Fit] = []
        stretched: list[_Fit] = []
        for penalty in PENALTIES if self.counts.max() > 1 else _UNTOLD:
            damped = squares + (penalty * unit).clamp(min=1e-12)
            fitted, kept = along.square() / damped[:, None], squares / damped
            leverage = (kept.sum() + 1) / pictures
            freedom = (1 - leverage).clamp(min=1e-6)
            # Answers to pictures left out, (answers - leverage * classes) / freedom: towards the classes, and squared.
            towards = (fitted.sum() - leverage * whole) / freedom
            length = (fitted * kept[:, None]).sum() - 2 * leverage * fitted.sum() + leverage.square() * whole
            length = length.clamp(min=1e-12) / freedom.square()
            error = (whole - 2 * towards + length).clamp(min=1e-12)
            own.append(_Fit(damped, torch.ones_like(error), error / pictures))
            if towards > 0:
                error = (whole - towards.square() / length).clamp(min=1e-12)
                stretched.append(_Fit(damped, towards / length, error / pictures))
        return min(stretched or own, key=lambda fit: float(fit.error))
