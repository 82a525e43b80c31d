"""Choices of a few pictures a class, and what heads that are worked out at once make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.verdict import LEVEL
from workbench.engine.insight.metrics import mean_interval, wilson
from workbench.engine.insight.verdict.doubt import interval
from workbench.engine.model.heads import HEADS, HeadSettings, Widths

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pool:
    """Pictures of a task from which a few are drawn, and those that judge.

    Attributes:
        targets: (n,) classes of all its pictures, from 0 to `classes` - 1.
        known: (n,) which of them are drawn from; the others judge, where they are enough, and else all that were not
            drawn.
        apart: whether those that judge are never drawn.
    """

    targets: Ints
    known: npt.NDArray[np.bool_]
    classes: int
    apart: bool

    def draw(self, shots: int, number: int) -> Ints:
        """Places of up to so many pictures of each class; more shots of the same draw add to those of fewer."""
        chance = np.random.default_rng((number, 7))
        order = chance.permutation(len(self.targets))
        order = order[self.known[order]]
        of_class = self.targets[order]
        drawn = [order[of_class == each][: self._most(each, shots)] for each in range(self.classes)]
        return np.sort(np.concatenate(drawn)).astype(np.int64)

    def judging(self, drawn: Ints) -> Ints:
        """Places of the pictures that judge a draw."""
        judge = ~self.known if self.apart else self.known.copy()
        judge[drawn] = False
        return np.flatnonzero(judge).astype(np.int64)

    @property
    def counts(self) -> Ints:
        """(K,) pictures of each class that can be drawn."""
        found = np.bincount(self.targets[self.known], minlength=self.classes)
        return np.asarray(found if self.apart else np.maximum(found - 1, 0), np.int64)

    def reach(self, shots: Sequence[int]) -> list[int]:
        """Those numbers of pictures that half of the classes have."""
        counts = self.counts
        return [each for each in shots if (counts >= each).mean() >= 0.5]

    def short(self, shots: int) -> int:
        """Classes with fewer pictures than that, which give all that they have."""
        return int((self.counts < shots).sum())

    def _most(self, kind: int, shots: int) -> int:
        return min(shots, int(self.counts[kind]))


def answered_right(features: Tensor, pool: Pool, head: str, drawn: Ints, judging: Ints) -> Floats:
    """(m,) 1 where a head that is worked out from the pictures drawn answers those that judge rightly, else 0.

    Args:
        features: (n, C) of all pictures of the pool.
    """
    made = HEADS[head](Widths(features.shape[1]), pool.classes, HeadSettings())
    made.imprint(features[torch.from_numpy(drawn)], torch.from_numpy(pool.targets[drawn]))
    with torch.no_grad():
        answers = made(features[torch.from_numpy(judging)]).argmax(dim=1).numpy()
    return np.asarray(answers == pool.targets[judging], np.float64)


def summed_up(rights: Sequence[Floats], pool: Pool) -> tuple[float, tuple[float, float] | None]:
    """The mean share right over draws and its 95 % interval, cut at 0 and 1.

    Where all draws are judged by the same pictures, both are sources of doubt: which pictures were drawn, and which
    judge (see `verdict.doubt`). Else the spread of the draws, but never less than what so few different pictures can
    tell: draws share them, and may agree without being right.
    """
    means = np.array([float(right.mean()) for right in rights])
    value = float(means.mean())
    if pool.apart:
        found = interval(value, [np.stack(rights) / len(rights[0])], LEVEL, 1 / len(rights[0]))
    else:
        pictures = int(pool.known.sum())
        ends = [each for each in (mean_interval(means), wilson(round(value * pictures), pictures)) if each is not None]
        found = (min(value, *(low for low, _ in ends)), max(value, *(high for _, high in ends))) if ends else None
    return value, None if found is None else (max(0.0, found[0]), min(1.0, found[1]))
