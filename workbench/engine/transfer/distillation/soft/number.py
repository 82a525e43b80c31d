"""What tasks that answer with a number learn from a teacher."""

from __future__ import annotations

from torch import Tensor

from workbench.core.resolved import ResolvedTask
from workbench.engine.transfer.distillation.methods.base import Method
from workbench.engine.transfer.distillation.soft.base import SoftTarget


class SoftNumber(SoftTarget):
    """The squared error to the teacher's value, in standard deviations of the student's training targets.

    Chen et al., "Learning Efficient Object Detection Models with Knowledge Distillation", NIPS 2017, without their
    bound. The spread learns from labels alone: the teacher's says how far the teacher may be off.
    """

    least = 0

    def __init__(self, method: Method, mine: ResolvedTask, theirs: ResolvedTask) -> None:
        super().__init__(method, mine, theirs)
        self._deviation = mine.deviation

    def __call__(self, answers: Tensor, soft: Tensor, targets: Tensor) -> Tensor:
        return ((answers[:, 0].float() - soft[:, 0].float()) / self._deviation).square()
