"""IMTL-G: the step advances equally far along every task's gradient direction.

Liu et al., "Towards Impartial Multi-task Learning", ICLR 2021, equation 4: α with Σ α = 1 such that g · g_t / ‖g_t‖ is
the same for all t, g = Σ α_t g_t; in the form of TorchJD, which allows dependent gradients: α ∝ G⁺ (‖g_1‖ … ‖g_K‖).
Here α is multiplied by K. A factor may be negative. A loss that is multiplied by something changes nothing in the
direction of the step.
"""

from __future__ import annotations

from torchjd.aggregation import IMTLGWeighting

from workbench.engine.training.balancing.base import Balancing, Measured, Setup, named, scaled_gramian


class ImtlG(Balancing):
    """Factors that sum to the number of tasks that have a label, or are all nought where gradients cancel out."""

    needs = "gradients"

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._weighting = IMTLGWeighting()

    def weights(self, now: Measured) -> dict[str, float]:
        """K · α."""
        return named(now.tasks, len(now.tasks) * self._weighting(scaled_gramian(now)))
