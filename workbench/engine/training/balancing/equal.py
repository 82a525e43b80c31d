"""Equal weighing: every task counts the same once its loss is divided by the loss of guessing.

The loss of guessing among C classes is log C nats, so the objective is Σ_t weight_t · L_t / log C_t.
"""

from __future__ import annotations

from workbench.engine.training.balancing.base import Balancing, Measured


class Equal(Balancing):
    """A fixed factor of 1 for every task."""

    dynamic = False

    def weights(self, now: Measured) -> dict[str, float]:
        """1 for every task."""
        return dict.fromkeys(self.tasks, 1.0)
