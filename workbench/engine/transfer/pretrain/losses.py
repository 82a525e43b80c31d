"""What pretraining lowers: which shapes a scene holds, and that two views are of one scene."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

TEMPERATURE = 0.2


def multi_instance(logits: Tensor, shares: Tensor) -> Tensor:
    """Mean cross entropy (nats) of logits (B, C) against the shares (B, C) of each class among a scene's shapes.

    Multi-instance prediction of Anderson and Farrell (WACV 2022), with one softmax over all classes in place of a
    sigmoid for each: with hundreds of classes it learns sooner.
    """
    return functional.cross_entropy(logits, shares)


def nt_xent(first: Tensor, second: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """Mean of the normalised temperature-scaled cross entropy (nats) over 2B views: find the other view of the scene.

    Of projections (B, D) of both views: Chen et al., "A Simple Framework for Contrastive Learning of Visual
    Representations", ICML 2020 (arXiv 2002.05709), equation 1.
    """
    count = len(first)
    views = functional.normalize(torch.cat([first, second]).float(), dim=1)
    likeness = (views @ views.T / temperature).fill_diagonal_(float("-inf"))
    other = torch.arange(2 * count, device=first.device).roll(count)
    return functional.cross_entropy(likeness, other)
