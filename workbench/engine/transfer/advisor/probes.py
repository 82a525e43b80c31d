"""Simple answers from frozen features, each for pictures that it was not fitted to: k nearest neighbours, and ridge.

Plain k-nearest-neighbours on frozen features is a hard measure of transferability to beat (arXiv 2503.18528).
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from workbench.core.control import Control
from workbench.engine.model.heads.base import divisors
from workbench.engine.model.heads.ridge import fit_ridge

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Answers = Generator[None, None, Floats]
"""Gives answers (n, K) in the end, and lets go between two folds."""
Given = TypeVar("Given")

MOST_NEIGHBOURS = 20


def attended(work: Generator[None, None, Given], control: Control) -> Given | None:
    """What a piece of work gives in the end; None when told to end meanwhile."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            given: Given = end.value
            return given
        control.wait_while_paused()
        if control.ending:
            return None


def neighbours(features: Tensor, targets: Floats, folds: Ints, per_answer: float) -> Answers:
    """Answers (n, K): the mean target of the nearest pictures of the other folds, by cosine.

    Args:
        features: (n, C) float32.
        targets: (n, K).
        per_answer: pictures for each answer; as many neighbours are asked, at least 1 and at most 20.
    """
    count = max(1, min(MOST_NEIGHBOURS, int(per_answer)))
    directions = functional.normalize(features, dim=1)
    answers = np.zeros_like(targets)
    for fold in np.unique(folds).tolist():
        others, mine = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if len(others):
            likeness = directions[torch.from_numpy(mine)] @ directions[torch.from_numpy(others)].T
            nearest = likeness.topk(min(count, len(others)), dim=1).indices.cpu().numpy()
            answers[mine] = targets[others][nearest].mean(axis=1)
        yield
    return answers


def ridge_answers(features: Tensor, targets: Floats, folds: Ints) -> Answers:
    """Answers (n, K): a ridge regression on the other folds' features, standardised by them.

    The penalty is chosen among the other folds alone, by leaving pictures out one at a time.

    Args:
        features: (n, C) float32.
        targets: (n, K).
    """
    answers = np.zeros_like(targets)
    exact, wanted = features.double(), torch.from_numpy(targets).to(features.device)
    for fold in np.unique(folds).tolist():
        others, mine = (torch.from_numpy(np.flatnonzero(chosen)) for chosen in (folds != fold, folds == fold))
        if len(others) > 1:
            answers[mine.numpy()] = ridge_between(exact, wanted, others, mine).cpu().numpy()
        yield
    return answers


def ridge_between(features: Tensor, targets: Tensor, known: Tensor, asked: Tensor) -> Tensor:
    """Answers (m, K): a ridge regression on the pictures `known` (k,), standardised by them, to those `asked` (m,).

    Args:
        features: (n, C) float64.
        targets: (n, K) float64.
    """
    mean, deviation = features[known].mean(dim=0), features[known].std(dim=0, correction=0)
    scale = divisors(deviation)
    middle = targets[known].mean(dim=0)
    fit = fit_ridge((features[known] - mean) / scale, targets[known] - middle)
    return (features[asked] - mean) / scale @ fit.weights + middle
