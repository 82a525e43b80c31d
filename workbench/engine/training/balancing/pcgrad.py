"""PCGrad: a gradient that opposes another has its opposing part taken away.

Yu et al., "Gradient Surgery for Multi-Task Learning", NeurIPS 2020, algorithm 1: for each task, and for the others in a
random order, where g_i · g_j < 0 set g_i ← g_i - (g_i · g_j / ‖g_j‖²) g_j; the step goes along the sum. With two tasks
a small enough step raises neither loss; with more it may.
"""

from __future__ import annotations

from torchjd.aggregation import PCGradWeighting

from workbench.engine.data.counter import key_of
from workbench.engine.model.backbones import seeded
from workbench.engine.training.balancing.base import Balancing, Measured, Setup, named, scaled_gramian


class PCGrad(Balancing):
    """Factors of at least 1 each. The order is drawn from (seed, step) alone, so that a resumed run draws the same."""

    needs = "gradients"

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._seed = setup.seed
        self._weighting = PCGradWeighting()

    def weights(self, now: Measured) -> dict[str, float]:
        """What each gradient counts for in the sum of the changed ones."""
        with seeded(key_of(self._seed, now.step, "order of tasks") >> 1):
            return named(now.tasks, self._weighting(scaled_gramian(now)))
