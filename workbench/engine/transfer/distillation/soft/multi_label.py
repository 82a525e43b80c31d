"""What tasks of several labels learn from a teacher."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

from workbench.engine.transfer.distillation.soft.base import SoftTarget


class SoftLabels(SoftTarget):
    """T² · KL between the beliefs in each label, a Bernoulli each, meaned over the labels that both know.

    It is Hinton's loss for labels that may stand together (arXiv 1503.02531; Yang et al., "Multi-Label Knowledge
    Distillation", ICCV 2023, whose baseline it is). Every method is this one for labels.
    """

    least = 1

    def __call__(self, answers: Tensor, soft: Tensor, targets: Tensor) -> Tensor:
        mine, theirs = (each / self.method.temperature for each in self._shared(answers, soft))
        belief = theirs.sigmoid()
        surprise = functional.binary_cross_entropy_with_logits(mine, belief, reduction="none")
        sure = functional.binary_cross_entropy_with_logits(theirs, belief, reduction="none")
        return self.method.temperature**2 * (surprise - sure).mean(dim=1)
