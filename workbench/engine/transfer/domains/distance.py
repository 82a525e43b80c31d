"""How far two domains lie apart: whether a simple classifier can tell their pictures from each other.

Ben-David, Blitzer, Crammer and Pereira, "Analysis of representations for domain adaptation", NeurIPS 2006, and
"A theory of learning from different domains", Machine Learning 2010: the proxy A-distance 2 (1 - 2 e), where e is the
error of a linear classifier on pictures that it was not fitted to; 0 where they cannot be told apart, 2 where they
always can.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from workbench.core.control import Control
from workbench.engine.data.drawing import epoch_order
from workbench.engine.insight.metrics import wilson
from workbench.engine.transfer.advisor.probes import attended, ridge_answers

FOLDS = 5
FEWEST = 10
"""Pictures of each domain that are needed."""
MOST = 1000
"""Pictures of each domain that are asked about."""


@dataclass(frozen=True)
class Distance:
    """The proxy A-distance of two domains.

    Attributes:
        value: in [0, 2].
        interval: of 95 %, from that of the error (Wilson 1927).
        error: the share of pictures that were taken to be of the other domain.
        pictures: of each domain.
    """

    value: float
    interval: tuple[float, float]
    error: float
    pictures: int


def distance(source: Tensor, target: Tensor, seed: int, control: Control) -> Distance | None:
    """How far features (n, C) and (m, C), n and m at least FEWEST, lie apart, by as many pictures of each; None when
    told to end."""
    count = min(len(source), len(target), MOST)
    chosen = [each[_some(len(each), count, seed)] for each in (source, target)]
    values = functional.normalize(torch.cat(chosen), dim=1)
    truth = np.repeat([-1.0, 1.0], count)
    folds = np.tile(np.arange(count) % min(FOLDS, count), 2)
    answers = attended(ridge_answers(values, truth[:, None], folds), control)
    if answers is None:
        return None
    wrong = int((np.sign(answers[:, 0]) != truth).sum())
    ends = wilson(wrong, 2 * count)
    assert ends is not None
    low, high = (_of_error(end) for end in reversed(ends))
    return Distance(_of_error(wrong / (2 * count)), (low, high), wrong / (2 * count), count)


def _of_error(error: float) -> float:
    """An error above one half is chance: the distance is 0."""
    return max(0.0, 2 * (1 - 2 * error))


def _some(of: int, count: int, seed: int) -> Tensor:
    return torch.from_numpy(epoch_order(np.arange(of, dtype=np.int64), seed, 0)[:count].copy())
