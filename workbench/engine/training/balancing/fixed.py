"""The plain sum: losses in nats, multiplied by the tasks' own weights and nothing else.

Σ_t weight_t · L_t, known as unitary scalarisation where every weight is 1; Kurin et al., "In Defense of the Unitary
Scalarization for Deep Multi-Task Learning", NeurIPS 2022, equation 1. A task with many classes begins with a larger
loss, log C, and so counts for more than under `equal`; who sets the weights by hand wants them to mean just what they
say.
"""

from __future__ import annotations

from workbench.engine.training.balancing.base import Balancing, Measured


class Fixed(Balancing):
    """A fixed factor of 1 for every task, whose loss is not divided by the loss of guessing."""

    dynamic = False
    normalised = False

    def weights(self, now: Measured) -> dict[str, float]:
        """1 for every task."""
        return dict.fromkeys(self.tasks, 1.0)
