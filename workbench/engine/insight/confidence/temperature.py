"""Temperature scaling: one number for each head, fitted on validation pictures, that makes confidence come true.

Guo et al., "On calibration of modern neural networks", ICML 2017, arXiv 1706.04599, §4.2: logits are divided by the
temperature that minimises the negative log-likelihood. It never changes which class, or which order of labels, a head
answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_expit, log_softmax, softmax

Floats = npt.NDArray[np.float64]

HOTTEST = 50.0
"""Temperatures lie between 1 / HOTTEST and HOTTEST: beyond, all classes are alike, or one is certain."""


def fit_temperature(kind: str, answers: npt.NDArray[Any], truth: npt.NDArray[Any]) -> float:
    """The temperature of a head; 1 where there is nothing to fit it on.

    Args:
        kind: single-label or multi-label.
        answers: (n, C) logits of labelled pictures.
        truth: (n,) classes, or (n, C) 0 and 1.
    """
    if not len(answers):
        return 1.0
    loss = LOSSES[kind]
    logits = answers.astype(np.float64)
    bound = np.log(HOTTEST)

    def cost(log: float) -> float:
        return loss(logits / np.exp(log), truth)

    found = minimize_scalar(cost, bounds=(-bound, bound), method="bounded")  # type: ignore[no-untyped-call]
    return float(np.exp(found.x))


def _single(logits: Floats, truth: npt.NDArray[Any]) -> float:
    return float(-log_softmax(logits, axis=1)[np.arange(len(truth)), truth].mean())


def _multi(logits: Floats, truth: npt.NDArray[Any]) -> float:
    return float(-(truth * log_expit(logits) + (1 - truth) * log_expit(-logits)).mean())


LOSSES: dict[str, Callable[[Floats, npt.NDArray[Any]], float]] = {"single-label": _single, "multi-label": _multi}
"""Mean negative log-likelihood in nats, by the kinds of task whose answers are probabilities."""


def probabilities(kind: str, answers: npt.NDArray[Any]) -> Floats:
    """(n, C) of logits (n, C)."""
    logits = answers.astype(np.float64)
    return np.asarray(softmax(logits, axis=1) if kind == "single-label" else expit(logits))
