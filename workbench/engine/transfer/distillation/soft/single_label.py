"""What tasks of one class learn from a teacher."""

from __future__ import annotations

from torch import Tensor

from workbench.engine.transfer.distillation.soft.base import SoftTarget


class SoftClass(SoftTarget):
    """Logits (B, C) against logits, over the classes that both know."""

    def __call__(self, answers: Tensor, soft: Tensor, targets: Tensor) -> Tensor:
        return self.method(*self._shared(answers, soft), self._classes(targets))
