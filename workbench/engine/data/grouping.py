"""Which pictures must share a part: copies, and whatever `split.group` keeps together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class Unions:
    """Sets of the numbers 0 to count - 1 that grow together (a disjoint-set forest)."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def find(self, item: int) -> int:
        """The number that stands for the set of `item`."""
        parent = self._parent
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    def join(self, one: int, other: int) -> None:
        """Make one set of the sets of two numbers; the smallest number stands for it."""
        first, second = self.find(one), self.find(other)
        self._parent[max(first, second)] = min(first, second)

    def join_equal(self, keys: Iterable[Hashable], items: Iterable[int] | None = None) -> None:
        """Join all numbers with the same key; keys that are empty or None join nothing."""
        first: dict[Hashable, int] = {}
        for item, key in zip(range(len(self._parent)) if items is None else items, keys, strict=False):
            if key is not None and key != "":
                self.join(first.setdefault(key, item), item)

    def join_pairs(self, pairs: Iterable[Sequence[int]]) -> None:
        """Join the two numbers of each pair."""
        for one, other in pairs:
            self.join(int(one), int(other))

    def numbers(self) -> Ints:
        """(count,): for each number the one that stands for its set."""
        return np.fromiter((self.find(item) for item in range(len(self._parent))), np.int64, len(self._parent))
