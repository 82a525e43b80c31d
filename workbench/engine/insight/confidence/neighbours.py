"""How far a picture's features lie from those of training pictures.

Sun et al., "Out-of-distribution detection with deep nearest neighbors", ICML 2022, arXiv 2204.06507: the distance to
the k-th nearest training picture, of features of length one.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

K = 1
"""The nearest: on sets of 30 to 100 pictures a class it told held-out classes better than the 5th or the 20th."""
KEPT = 5000
"""Training pictures that are kept, at most: more change the distance little and cost memory."""


@dataclass(frozen=True)
class Neighbours:
    """Features of training pictures, (n, C) float32 of length one."""

    features: Tensor

    @classmethod
    def of(cls, features: Tensor) -> Neighbours:
        """Of features (n, C) of any length, at least one."""
        return cls(functional.normalize(features.float(), dim=1))

    def as_kept(self) -> Neighbours:
        """The same as exact as its file is: what is judged now must be judged alike when it is read again."""
        return Neighbours(self.features.half().float())

    def distance(self, features: Tensor) -> Tensor:
        """(B,) from the K-th nearest training picture, in [0, 2], of features (B, C)."""
        asked = functional.normalize(features.float(), dim=1)
        nearest = torch.topk(asked @ self.features.T, min(K, len(self.features)), dim=1).values[:, -1]
        return (2 - 2 * nearest).clamp(min=0).sqrt()
