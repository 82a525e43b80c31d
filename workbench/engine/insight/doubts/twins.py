"""Near-identical pictures, by the features of a pretrained backbone."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from workbench.core.control import Control
from workbench.core.events import Event, Progress

Ints = npt.NDArray[np.int64]

ALIKE = 0.98
"""Cosine of two pictures' features from which on they count as near-identical."""
ALIKE_CENTRED = 0.9
"""The same of features less their mean, which keeps apart what a backbone hardly tells apart at all."""
COMPARING = "comparing pictures"
_ROWS_AT_ONCE = 512


@dataclass(frozen=True)
class Twins:
    """P pairs of near-identical pictures.

    Attributes:
        pairs: (P, 2) places, the smaller first.
        likeness: (P,) cosines of their features.
    """

    pairs: Ints
    likeness: npt.NDArray[np.float64]

    def where(self, chosen: npt.NDArray[np.bool_]) -> Twins:
        """Some of the pairs (P,), the most alike first."""
        at = np.flatnonzero(chosen)
        at = at[np.argsort(-self.likeness[at], kind="stable")]
        return Twins(self.pairs[at], self.likeness[at])

    def of(self, place: int) -> list[tuple[int, float]]:
        """The twins of a picture, each with its likeness."""
        at = np.flatnonzero((self.pairs == place).any(axis=1))
        return [
            (int(other if one == place else one), float(self.likeness[pair]))
            for pair, (one, other) in zip(at.tolist(), self.pairs[at].tolist(), strict=True)
        ]


def find_twins(features: Tensor, control: Control) -> Generator[Event, None, Twins | None]:
    """All pairs among features (n, C); yields Progress. None when told to end."""
    plain = functional.normalize(features, dim=1)
    centred = functional.normalize(features - features.mean(dim=0), dim=1)
    pairs, likeness = [np.zeros((0, 2), np.int64)], [np.zeros(0)]
    for start in range(0, len(features), _ROWS_AT_ONCE):
        yield Progress(what=COMPARING, done=start, total=len(features))
        rows = slice(start, start + _ROWS_AT_ONCE)
        cosines = plain[rows] @ plain[start:].T
        near = (cosines >= ALIKE) & (centred[rows] @ centred[start:].T >= ALIKE_CENTRED)
        one, other = torch.nonzero(near.triu(diagonal=1), as_tuple=True)
        pairs.append(torch.stack([one, other], dim=1).cpu().numpy() + start)
        likeness.append(cosines[one, other].double().cpu().numpy())
        control.wait_while_paused()
        if control.ending:
            return None
    yield Progress(what=COMPARING, done=len(features), total=len(features))
    return Twins(np.concatenate(pairs), np.concatenate(likeness))
