"""Classes that are taken for each other stand side by side."""

from __future__ import annotations

import numpy as np

from workbench.engine.insight.class_order import SIMILAR_FROM, by_similarity, similarity_order


def test_classes_that_are_confused_are_neighbours_whichever_way_they_are() -> None:
    counts = np.diag([9] * 8)
    counts[0, 7] = counts[6, 1] = 6
    counts[2, 5] = counts[5, 2] = 3
    place = np.argsort(similarity_order(counts))
    assert all(abs(place[one] - place[other]) == 1 for one, other in ((0, 7), (1, 6), (2, 5)))


def test_few_classes_are_left_as_they_are_and_one_that_never_occurs_has_a_place() -> None:
    names = [f"c{at}" for at in range(SIMILAR_FROM)]
    counts = np.diag([5] * (SIMILAR_FROM - 1) + [0])
    assert sorted(by_similarity(names, counts)) == names
    assert by_similarity(names[:-1], counts[:-1, :-1]) == []
    assert similarity_order(counts[:2, :2]) == [0, 1]
