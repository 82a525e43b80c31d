"""Knowledge distillation: Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015.

arXiv 1503.02531.
"""

from __future__ import annotations

from torch import Tensor

from workbench.engine.transfer.distillation.methods.base import Method, softened


class Hinton(Method):
    """T² · KL(teacher ‖ student) at temperature T (section 2 of the paper). Labels are not looked at."""

    def __call__(self, student: Tensor, teacher: Tensor, targets: Tensor) -> Tensor:
        mine, theirs = softened(student, teacher, self.temperature)
        return self.temperature**2 * (theirs.exp() * (theirs - mine)).sum(dim=1)
