"""Aligned-MTL: the tasks' gradients are made orthogonal and of one length before they are added.

Senushkin et al., "Independent Component Alignment for Multi-Task Learning", CVPR 2023, algorithm 1: with the Gramian
G = V Λ Vᵀ the factors are √λ_min V Λ^(-1/2) Vᵀ · (1 … 1), λ_min the smallest eigenvalue that is not nought. The step
is never longer than the weakest independent direction allows. A factor may be negative. Gradients that are all
multiplied by the same number keep their factors.
"""

from __future__ import annotations

import torch
from torchjd.aggregation import AlignedMTLWeighting

from workbench.engine.training.balancing.base import Balancing, Measured, named, scaled_gramian


class AlignedMtl(Balancing):
    """Factors that make the gradients' system as well conditioned as it can be."""

    needs = "gradients"

    def weights(self, now: Measured) -> dict[str, float]:
        """B · (1 … 1)."""
        whole = torch.ones(len(now.tasks), dtype=torch.float64)
        return named(now.tasks, AlignedMTLWeighting(whole)(scaled_gramian(now)))
