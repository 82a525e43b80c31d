"""How much an out-of-fold probe believes the label of each picture: confident learning.

Northcutt, Jiang and Chuang, "Confident learning: estimating uncertainty in dataset labels", JAIR 2021, arXiv
1911.00068. A label is doubted by its self-confidence, the probability that the probe gives it, taken as a share of what
pictures with that label get on average (the class's threshold), so that a class which is hard as a whole is not doubted
as a whole. It is a clear doubt where another class reaches its own threshold (§3.1). Numbers have no classes: there the
residual counts, in robust standard deviations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import erfc

from workbench.engine.insight.confidence.temperature import fit_temperature, probabilities

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FAR = 4.0
"""Robust standard deviations from which on a number is clearly doubted."""
_LEAST = 1e-12


@dataclass(frozen=True)
class Beliefs:
    """What a probe thinks of the labels of m pictures.

    Attributes:
        own: (m,) the probability of the given label; of the least likely one where there are several; of a residual at
            least as large for numbers.
        standing: (m,) `own` as a share of what pictures of the same label get on average; the lowest are doubted most.
        other: (m,) the probability of the suggestion; 1 - `own` for labels that are present or absent, and for numbers.
        suggestion: m labels, as cells of a column would hold them.
        clear: (m,) whether the doubt is clear.
    """

    own: Floats
    standing: Floats
    other: Floats
    suggestion: list[str]
    clear: npt.NDArray[np.bool_]

    def most_doubted(self) -> Ints:
        """Those of which the probe likes the suggestion better, the most doubtful first."""
        order = np.argsort(self.standing, kind="stable")
        return order[(self.other > self.own)[order]].astype(np.int64)


def one_class(answers: Floats, given: npt.NDArray[Any], classes: list[str], separator: str) -> Beliefs:
    """Of ridge answers (m, C) around 0 and 1, and classes (m,), all of which occur."""
    rows = np.arange(len(given))
    likely = _probabilities("single-label", answers, given)
    own = likely[rows, given]
    thresholds = _means(own, given, len(classes))
    others = likely.copy()
    others[rows, given] = -1.0
    reached = np.where(others >= thresholds, others, -1.0)
    clear = reached.max(axis=1) > 0
    best = np.where(clear, reached.argmax(axis=1), others.argmax(axis=1))
    other = likely[rows, best]
    return Beliefs(
        own=own,
        standing=own / thresholds[given],
        other=other,
        suggestion=[classes[at] for at in best.tolist()],
        clear=clear & (other > own),
    )


def several_labels(answers: Floats, given: npt.NDArray[Any], classes: list[str], separator: str) -> Beliefs:
    """Of ridge answers (m, L) around 0 and 1, and labels (m, L) of 0 and 1: each label is doubted by itself, and a
    picture is as doubtful as its most doubtful label."""
    has = given == 1
    likely = _probabilities("multi-label", answers - 0.5, has)
    own = np.where(has, likely, 1 - likely)
    thresholds = np.stack(
        [[_mean(own[has[:, at] == side, at]) for at in range(own.shape[1])] for side in (False, True)]
    )
    columns = np.arange(own.shape[1])
    standing = own / thresholds[has.astype(np.int64), columns]
    rows, worst = np.arange(len(own)), standing.argmin(axis=1)
    picked = own[rows, worst]
    opposite = thresholds[1 - has[rows, worst].astype(np.int64), worst]
    changed = has.copy()
    changed[rows, worst] ^= True
    between = separator or "|"
    return Beliefs(
        own=picked,
        standing=standing[rows, worst],
        other=1 - picked,
        suggestion=[between.join(classes[at] for at in np.flatnonzero(row)) or between for row in changed],
        clear=(1 - picked >= opposite) & (picked < 0.5),
    )


def a_number(answers: Floats, given: npt.NDArray[Any], classes: list[str], separator: str) -> Beliefs:
    """Of ridge answers (m, 1) in the numbers' unit, and numbers (m,)."""
    residual = answers[:, 0] - given
    residual = residual - np.median(residual)
    deviation = max(1.4826 * float(np.median(np.abs(residual))), _LEAST)
    own = np.asarray(erfc(np.abs(residual) / deviation / np.sqrt(2)), np.float64)
    return Beliefs(
        own=own,
        standing=own,
        other=1 - own,
        suggestion=[f"{value:.4g}" for value in answers[:, 0].tolist()],
        clear=np.abs(residual) >= FAR * deviation,
    )


BELIEFS: dict[str, Callable[[Floats, npt.NDArray[Any], list[str], str], Beliefs]] = {
    "single-label": one_class,
    "multi-label": several_labels,
    "number": a_number,
}
"""By the kinds of task whose labels can be doubted."""


def _probabilities(kind: str, logits: Floats, truth: npt.NDArray[Any]) -> Floats:
    """A ridge answers in shares of a label; the temperature makes probabilities of them."""
    return np.maximum(probabilities(kind, logits / fit_temperature(kind, logits, truth)), _LEAST)


def _means(values: Floats, group: Ints, count: int) -> Floats:
    """(count,) mean of each group, all of which occur."""
    return np.bincount(group, values, count) / np.bincount(group, minlength=count)


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 1.0
