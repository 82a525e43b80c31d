"""Unlike anything in training: how far a picture's features lie from those of training pictures.

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
MISTAKEN = 0.05
"""Share of validation pictures, all of them like training, that may be called unlike it."""


@dataclass(frozen=True)
class Neighbours:
    """Features of training pictures, and from which distance on a picture is unlike them.

    Attributes:
        features: (n, C) float32 of length one.
        threshold: of `distance`.
    """

    features: Tensor
    threshold: float

    def distance(self, features: Tensor) -> Tensor:
        """(B,) from the K-th nearest training picture, in [0, 2], of features (B, C)."""
        return distances(self.features, features)


def fit_neighbours(train: Tensor, validation: Tensor) -> Neighbours:
    """A detector from features (n, C) of training and (m, C) of validation pictures; neither may be empty."""
    known = functional.normalize(train.float(), dim=1)
    far = distances(known, validation).sort().values
    rank = min(len(far) - 1, int((1 - MISTAKEN) * (len(far) + 1)))
    return Neighbours(known, float(far[rank]))


def distances(known: Tensor, features: Tensor) -> Tensor:
    """(B,) distance of features (B, C) from the K-th nearest of `known` (n, C), which have length one."""
    asked = functional.normalize(features.float(), dim=1)
    nearest = torch.topk(asked @ known.T, min(K, len(known)), dim=1).values[:, -1]
    return (2 - 2 * nearest).clamp(min=0).sqrt()
