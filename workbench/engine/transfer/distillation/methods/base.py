"""What every way to learn a teacher's beliefs is given and gives."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor

from workbench.core.transfer import Transfer


class Method(ABC):
    """Compares what a student believes of classes with what its teacher believes.

    Args:
        asked: temperature and weights.
    """

    def __init__(self, asked: Transfer) -> None:
        self.temperature = asked.temperature
        self.right_class = asked.right_class
        self.other_classes = asked.other_classes

    @abstractmethod
    def __call__(self, student: Tensor, teacher: Tensor, targets: Tensor) -> Tensor:
        """(B, ...) nats, times the squared temperature, so that gradients keep their size whatever it is.

        Args:
            student, teacher: (B, C, ...) logits of the same C classes, float32.
            targets: (B, ...) int64, the right class; -1 where none is known.
        """


def softened(student: Tensor, teacher: Tensor, temperature: float) -> tuple[Tensor, Tensor]:
    """Log-probabilities of both at a temperature."""
    return (student / temperature).log_softmax(dim=1), (teacher / temperature).log_softmax(dim=1)
