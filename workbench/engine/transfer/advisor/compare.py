"""Which backbone is best, and which cannot be told from it.

All backbones answer the same pictures in the same folds, so they are compared in pairs: a picture that is hard for all
of them says nothing about which is better, and the doubt about the difference of two scores is much smaller than the
doubt about either. The standard error of a difference is the spread of that difference over bootstrap drawings of the
pictures (Efron 1979), the same drawings for every backbone and task; pictures that belong together are drawn together.
It covers which pictures were there; not which folds they fell into, nor training itself.

A backbone is tied with the best where the difference of their scores (the mean over tasks, each between 0 and 1) is no
more than z standard errors, with z such that all comparisons with the best hold at once with 95 % (Bonferroni): among
many backbones chance alone would else make one look better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri
from scipy.stats import rankdata

from workbench.engine.transfer.advisor.questions import Question

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DRAWS = 400
_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Score:
    """A probe's score on a task.

    Attributes:
        value: of all pictures; None where it is undefined.
        redrawn: (DRAWS,) of each drawing of pictures.
    """

    value: float | None
    redrawn: Floats

    @property
    def standard_error(self) -> float | None:
        """Of the value; None where it is undefined."""
        return None if self.value is None else _spread(self.redrawn)


def drawings(groups: Ints) -> Floats:
    """(DRAWS, n) how often each picture is drawn; the same for the same groups."""
    _, unit = np.unique(groups, return_inverse=True)
    count = int(unit.max()) + 1
    times = np.random.default_rng(0).multinomial(count, np.full(count, 1 / count), DRAWS)
    return times[:, unit].astype(np.float64)


def score(question: Question, answers: Floats, times: Floats) -> Score:
    """The score of answers (n, K), and with the drawings (DRAWS, n) of the same pictures."""
    value = float(question.score(answers, np.ones((1, len(answers))))[0])
    return Score(value if np.isfinite(value) else None, question.score(answers, times))


def mean_score(scores: Mapping[str, Score]) -> Score:
    """The mean over the tasks that have one, each held between 0 and 1."""
    known = [(each.value, each.redrawn) for each in scores.values() if each.value is not None]
    if not known:
        return Score(None, np.full(DRAWS, np.nan))
    values, redrawn = zip(*known, strict=True)
    return Score(float(np.clip(values, 0.0, 1.0).mean()), np.clip(redrawn, 0.0, 1.0).mean(axis=0))


def not_clearly_worse(scores: Sequence[Score], best: int) -> list[bool]:
    """Of each, whether it cannot be told from `best`, or is better; the best itself always is."""
    z = bound(len(scores) - 1)
    return [at == best or not _clearly_below(each, scores[best], z) for at, each in enumerate(scores)]


def bound(comparisons: int) -> float:
    """How many standard errors a difference must exceed, where so many are looked at."""
    return float(ndtri(1 - (1 - _CONFIDENCE) / 2 / max(1, comparisons)))


def mean_ranks(scores: Sequence[Mapping[str, Score]], rounds: Sequence[int]) -> list[float]:
    """Of each backbone the mean over tasks of its rank from 1, equal ones sharing theirs; later rounds come first."""
    tasks = list(scores[0]) if scores else []
    ranks = []
    for task in tasks:
        values = [-np.inf if (value := each[task].value) is None else value for each in scores]
        _, places = np.unique(np.array(list(zip(rounds, values, strict=True))), axis=0, return_inverse=True)
        ranks.append(rankdata(-places.reshape(-1), method="average"))
    return [float(rank) for rank in np.mean(ranks, axis=0)] if ranks else []


def _clearly_below(one: Score, other: Score, z: float) -> bool:
    if one.value is None or other.value is None:
        return one.value is None
    return other.value - one.value > z * _spread(other.redrawn - one.redrawn) + 1e-12


def _spread(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.std(ddof=1)) if len(known) > 1 else 0.0
