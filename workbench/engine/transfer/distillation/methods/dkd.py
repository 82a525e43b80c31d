"""Decoupled knowledge distillation: Zhao, Cui, Song, Qiu and Liang, CVPR 2022, arXiv 2203.08679."""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.engine.transfer.distillation.methods.base import Method, softened

_NEVER = -1e4
"""A logit that gives a class no probability, and stays a number in sums."""


class Decoupled(Method):
    """T² · (alpha · TCKD + beta · NCKD), equation 7 of the paper.

    TCKD is the KL divergence between (right class, all others); NCKD that among the other classes. KD weighs NCKD by
    one minus the teacher's belief in the right class, so that a sure teacher teaches least; here the weight is fixed.
    Where no right class is known, as of pictures without a label and of mixed ones, the teacher's likeliest stands in.
    """

    def __call__(self, student: Tensor, teacher: Tensor, targets: Tensor) -> Tensor:
        right = torch.where(targets >= 0, targets, teacher.argmax(dim=1))[:, None]
        mine, theirs = softened(student, teacher, self.temperature)
        binary = _binary(mine.gather(1, right), theirs.gather(1, right))
        hidden = torch.zeros_like(student).scatter_(1, right, _NEVER)
        mine, theirs = softened(
            student + hidden * self.temperature, teacher + hidden * self.temperature, self.temperature
        )
        among = (theirs.exp() * (theirs - mine)).sum(dim=1)
        return self.temperature**2 * (self.right_class * binary + self.other_classes * among)


def _binary(mine: Tensor, theirs: Tensor) -> Tensor:
    """(B, ...) KL divergence between two beliefs in a class, given (B, 1, ...) their logarithms."""
    mine, theirs = mine[:, 0], theirs[:, 0]
    found = theirs.exp() * (theirs - mine) + (-theirs.expm1()) * (_rest(theirs) - _rest(mine))
    return found.clamp(min=0)


def _rest(log_p: Tensor) -> Tensor:
    """log(1 - p), not beyond what float32 tells apart from nought."""
    return (-log_p.expm1()).clamp(min=1e-7).log()
