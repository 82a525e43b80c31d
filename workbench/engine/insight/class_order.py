"""An order of classes in which those that are taken for each other stand side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SIMILAR_FROM = 3
"""Classes from which on an order by similarity says something: of two there is but one."""
_OPTIMAL_TO = 200
"""Classes up to which the order of the tree's branches is the best one: that takes time with the cube of them."""


def by_similarity(classes: Sequence[str], counts: NDArray[np.int64]) -> list[str]:
    """The classes of a confusion matrix in an order by similarity; none where they are few."""
    return [classes[at] for at in similarity_order(counts)] if len(classes) >= SIMILAR_FROM else []


def similarity_order(counts: NDArray[np.int64]) -> list[int]:
    """The order of classes (C,) from a confusion matrix (C, C), by average linkage of the shares confused both ways,
    with the branches turned so that neighbours are alike (Bar-Joseph, Gifford and Jaakkola 2001).
    """
    if len(counts) < 3:
        return list(range(len(counts)))
    from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering  # half a second: where it is needed

    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    alike = shares + shares.T
    distances = 1 - alike[np.triu_indices(len(counts), 1)] / 2
    tree = linkage(distances, "average")
    if len(counts) <= _OPTIMAL_TO:
        tree = optimal_leaf_ordering(tree, distances)
    return [int(at) for at in leaves_list(tree)]
