"""A check of one map, carried out to its end."""

from __future__ import annotations

from torch import Tensor

from workbench.engine.insight.saliency import Method, Question
from workbench.engine.insight.saliency.trust import CHECKS, Trust, check


def checked(question: Question, method: Method, image: Tensor, kind: str = "single-label") -> Trust:
    """What the checks find of the map that a method draws of a picture (3, S, S)."""
    steps, done = check(question, method, image, method(question, image[None])[0], kind), []
    while True:
        try:
            done.append(next(steps))
        except StopIteration as end:
            assert done == list(range(1, CHECKS + 1))
            trust: Trust = end.value
            return trust
