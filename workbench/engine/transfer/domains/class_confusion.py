"""Minimum class confusion: on unlabelled target pictures, classes are to be confused with each other less.

Jin, Wang, Long and Wang, "Minimum class confusion for versatile domain adaptation" (MCC), ECCV 2020, equations 1 to 5:
answers are softened by a temperature, pictures of uncertain answers count less, and of how often each pair of classes
is believed of the same picture the share off the diagonal is made small. It needs neither a further network nor equal
shares of the classes.
"""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.core.adaptation import CONFUSION_TEMPERATURE


def class_confusion(logits: Tensor, temperature: float = CONFUSION_TEMPERATURE) -> Tensor:
    """The mean confusion between classes, in [0, 1], of a batch's logits (B, C); a scalar with a gradient.

    The weights of pictures are taken as given: no gradient makes a picture count less.
    """
    chances = (logits.float() / temperature).softmax(dim=1)
    with torch.no_grad():
        entropy = -(chances * chances.clamp_min(1e-12).log()).sum(dim=1)
        weights = 1 + torch.exp(-entropy)
        weights = len(logits) * weights / weights.sum()
    together = (chances * weights[:, None]).T @ chances
    shares = together / together.sum(dim=1, keepdim=True).clamp_min(1e-12)
    confused: Tensor = (shares.sum() - shares.trace()) / shares.shape[1]
    return confused
