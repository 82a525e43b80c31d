"""UPGrad: each task's gradient is turned just so far that it opposes no other, then they are added.

Quinton and Rey, "Jacobian Descent for Multi-Objective Optimization", 2024 (arXiv 2406.16232), equations 3 and 4: the
step goes along Σ_t π(g_t), π the projection onto the dual cone of the gradients. A small enough step raises no loss.
Gradients that are all multiplied by the same number keep their factors.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from scipy.optimize import nnls  # type: ignore[attr-defined]
from torch import Tensor
from torchjd.aggregation import UPGradWeighting
from torchjd.linalg import DualConeProjector

from workbench.engine.training.balancing.base import Balancing, Measured, named, scaled_gramian

Values = npt.NDArray[np.float64]


class UPGrad(Balancing):
    """Factors of at least 1 each: a projection only adds of the gradients that are opposed."""

    needs = "gradients"

    def weights(self, now: Measured) -> dict[str, float]:
        """What each gradient counts for in the sum of the projected ones."""
        whole = torch.ones(len(now.tasks), dtype=torch.float64)
        return named(now.tasks, UPGradWeighting(whole, NonNegativeProjector())(scaled_gramian(now)))


class NonNegativeProjector(DualConeProjector):
    """Projects onto the dual cone by non-negative least squares (Lawson and Hanson 1974).

    The least vᵀ G v with v ≥ u (proposition 1 of the paper) is at v = u + x, where x ≥ 0 has the least ‖R x + R u‖ and
    R has RᵀR = G.
    """

    def __call__(self, U: Tensor, G: Tensor) -> Tensor:
        """Factors (…, K) of the projections of Jᵀu for the rows u of U (…, K), with the Gramian G (K, K)."""
        values, vectors = np.linalg.eigh(G.numpy())
        root = np.sqrt(values.clip(min=0.0))[:, None] * vectors.T
        lengths = np.sqrt((root**2).sum(axis=0))
        # Columns of one length: gradients may differ in size by orders of magnitude.
        columns = np.where(lengths > 0, lengths, 1.0)
        rows = [_projected(u, root, columns) for u in U.reshape(-1, len(G)).numpy()]
        return torch.from_numpy(np.stack(rows)).reshape(U.shape)


def _projected(u: Values, root: Values, columns: Values) -> Values:
    found, _ = nnls(root / columns, -(root @ u), maxiter=100 * len(u))
    result: Values = u + found / columns
    return result
