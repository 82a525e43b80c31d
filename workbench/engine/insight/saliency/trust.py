"""Can a map be trusted? What is left of it when the head is random, and whether the answer falls with what it marks.

Randomised weights: Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018, arXiv 1810.03292. Deletion and
insertion: Petsiuk et al., "RISE", BMVC 2018, arXiv 1806.07421, §4.3; places are taken away or put back in the map's
order and, beside it, in random ones, and what is taken away is the picture's blurred self.

A random order is that of the map itself, moved to a random place. Places drawn one by one would lie scattered, and
their many edges alone make a convolutional network change its answer, sooner than the loss of what it looks at (of such
artefacts: Rong et al., "A Consistent and Efficient Evaluation Strategy for Attribution Methods", ICML 2022, arXiv
2202.00449).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Generator
from typing import NamedTuple

import numpy as np
import torch
from scipy.stats import rankdata
from torch import Tensor

from workbench.engine.insight.saliency.base import Method, Question, blurred
from workbench.engine.model.heads import Head

Cells = np.ndarray[tuple[int], np.dtype[np.float64]]
"""(CELLS²,) the mean of a map over each cell, row by row."""
CELLS = 14
"""Cells along each side of a picture that are taken away together."""
_POINTS = 15
"""Pictures on the way from the whole picture to none of it."""
_ORDERS = 10
"""Random orders that the map's is laid beside."""
_HEADS = 3
"""Random heads."""
CHECKS = _HEADS + 1 + _ORDERS
ALIKE = 0.5
"""Rank correlation above which the map of a random head is the same map."""


class Trust(NamedTuple):
    """What the checks of one map found.

    Attributes:
        remains: mean rank correlation, in [-1, 1], between the map and those of random heads: near 0 is well.
        deletion, insertion: how sure the head is of the answer on average, 0 to 1, while places are taken away or put
            back in the map's order; of a number, how near it stays to that of the whole picture.
        deletion_random, insertion_random: the same of each random order, (R,).
    """

    remains: float
    deletion: float
    insertion: float
    deletion_random: tuple[float, ...]
    insertion_random: tuple[float, ...]

    @property
    def hangs_on_head(self) -> bool:
        """Whether the map changes with the head."""
        return self.remains < ALIKE

    @property
    def finds_places(self) -> bool:
        """Whether the answer falls sooner and rises sooner in the map's order than in most random ones."""
        sooner = np.mean(np.array(self.deletion_random) > self.deletion)
        rises = np.mean(np.array(self.insertion_random) < self.insertion)
        return bool(sooner >= 0.8 and rises >= 0.8)

    @property
    def sentence(self) -> str:
        """What it comes to, for people."""
        if self.hangs_on_head and self.finds_places:
            return "The map can be trusted: it changes with the head, and the answer hangs on what it marks."
        if not self.hangs_on_head:
            return "Be careful: a head of random weights draws nearly the same map, which hardly hangs on the answer."
        return "Be careful: taking away what the map marks changes the answer no more than taking away random places."


def check(question: Question, method: Method, image: Tensor, found: Tensor, kind: str) -> Generator[int, None, Trust]:
    """Check the map (S, S) that a method found for a picture (3, S, S).

    Args:
        kind: of the task.

    Yields:
        How many of the `CHECKS` pieces of work are done.
    """
    random, remains, areas = np.random.default_rng(0), [], []
    for number in range(_HEADS):
        other = question.with_head(_randomised(question.head, number))
        remains.append(_rank_correlation(found, method(other, image[None])[0]))
        yield len(remains)
    cells = _in_cells(found)
    for each in [cells, *(_moved(cells, random) for _ in range(_ORDERS))]:
        areas.append(_areas(question, image, np.argsort(-each, kind="stable"), SURENESS[kind]))
        yield len(remains) + len(areas)
    deletions, insertions = zip(*areas, strict=True)
    return Trust(float(np.mean(remains)), deletions[0], insertions[0], deletions[1:], insertions[1:])


def _randomised(head: Head, seed: int) -> Head:
    """A copy of a head whose weights are drawn anew, with the deviation that they had."""
    source = torch.Generator().manual_seed(seed)
    fresh = copy.deepcopy(head)
    with torch.no_grad():
        for parameter in fresh.parameters():
            if parameter.ndim > 1:
                drawn = torch.randn(parameter.shape, generator=source).to(parameter)
                parameter.copy_(drawn * parameter.std() + parameter.mean())
    return fresh


def _rank_correlation(one: Tensor, other: Tensor) -> float:
    """Spearman's; 0 where one of the maps is level."""
    ranks = [rankdata(_in_cells(each)) for each in (one, other)]
    if any(np.ptp(each) == 0 for each in ranks):
        return 0.0
    return float(np.corrcoef(*ranks)[0, 1])


def _in_cells(found: Tensor) -> Cells:
    """(CELLS²,) the mean of a map (S, S) over each cell."""
    pooled = torch.nn.functional.adaptive_avg_pool2d(found[None, None], CELLS)
    return pooled.reshape(-1).double().cpu().numpy()


def _moved(cells: Cells, random: np.random.Generator) -> Cells:
    """The map a quarter of the picture away or more, down and across; what goes over an edge comes in opposite."""
    quarter = CELLS // 4
    shift = random.integers(quarter, CELLS - quarter, size=2, endpoint=True)
    return np.roll(cells.reshape(CELLS, CELLS), shift.tolist(), axis=(0, 1)).reshape(-1)


def _nearness(answers: Tensor, output: int) -> Tensor:
    """(B,) how near numbers are to the first: 1 where they equal it, 1/e as far away as the last."""
    far = (answers[-1, output] - answers[0, output]).abs().clamp(min=1e-12)
    return torch.exp(-(answers[:, output] - answers[0, output]).abs() / far)


SURENESS: dict[str, Callable[[Tensor, int], Tensor]] = {
    "single-label": lambda answers, output: answers.softmax(dim=1)[:, output],
    "multi-label": lambda answers, output: answers[:, output].sigmoid(),
    "number": _nearness,
}
"""By kind of task: how sure answers (B, W), of the whole picture first and of nothing last, are of an output."""


def _areas(
    question: Question,
    image: Tensor,
    order: np.ndarray[tuple[int], np.dtype[np.int64]],
    sureness: Callable[[Tensor, int], Tensor],
) -> tuple[float, float]:
    """Areas under deletion and insertion of cells in an order."""
    side, ground = image.shape[-1], blurred(image[None])[0]
    steps = np.unique(np.linspace(0, len(order), _POINTS).round().astype(int))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    cells = torch.from_numpy(rank.reshape(1, 1, CELLS, CELLS)).float()
    places = torch.nn.functional.interpolate(cells, (side, side), mode="nearest")[0, 0].to(image.device)
    taken = torch.stack([places < count for count in steps.tolist()])[:, None]
    without = torch.where(taken, ground, image)
    restored = torch.where(taken, image, ground).flip(0)  # the whole picture first, as before
    answers = question.answers(torch.cat([without, restored])).double()
    fall, rise = (sureness(each, question.output).cpu().numpy() for each in torch.split(answers, len(steps)))
    shares = steps / len(order)
    return float(np.trapezoid(fall, shares)), float(np.trapezoid(rise[::-1], shares))
