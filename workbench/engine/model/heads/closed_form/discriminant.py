"""The discriminant head: Gaussians of one shape, one for each class."""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.engine.model.heads.closed_form.linear import SumsLayer


class DiscriminantHead(SumsLayer):
    """Linear discriminant analysis (Fisher 1936) of directions, with shrinkage of the common covariance.

    The share of shrinkage is that of oracle-approximating shrinkage (Chen, Wiesel, Eldar and Hero 2010, arXiv
    0907.4698, eq. 23), which follows from the covariance and the number of pictures alone. Where no class has two
    pictures the covariance of all of them stands for that within classes.
    """

    def layer(self) -> tuple[Tensor, Tensor]:
        """Weight (K, C) and bias (K,), float64."""
        means, pictures = self.class_means, self.counts.sum()
        within = self.gram - self.sums.T @ means
        freedom = pictures - (self.counts > 0).sum()
        covariance = within / freedom if freedom > 0 else self.scatter / (pictures - 1)
        lower = torch.linalg.cholesky(_shrunk(covariance, float(freedom if freedom > 0 else pictures - 1)))
        weight = torch.cholesky_solve(means.T, lower).T
        priors = (self.counts / pictures).clamp(min=1e-12).log()
        return weight, priors - 0.5 * (weight * means).sum(dim=1)


def _shrunk(covariance: Tensor, samples: float) -> Tensor:
    """A covariance (C, C) drawn towards the same variance in every direction."""
    size = covariance.shape[0]
    trace, squared = covariance.trace(), covariance.square().sum()
    above = (1 - 2 / size) * squared + trace.square()
    below = (samples + 1 - 2 / size) * (squared - trace.square() / size)
    share = (above / below.clamp(min=1e-30)).clamp(max=1.0)
    even = trace.clamp(min=1e-12) / size * torch.eye(size, dtype=covariance.dtype)
    shrunk: Tensor = (1 - share) * covariance + share * even
    return shrunk + 1e-6 * even
