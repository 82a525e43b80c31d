"""Where a network looked: one file per method, and the table of them."""

from __future__ import annotations

from workbench.core.errors import RequestError
from workbench.engine.insight.saliency.base import Method, Question
from workbench.engine.insight.saliency.hirescam import hirescam
from workbench.engine.insight.saliency.integrated_gradients import integrated_gradients
from workbench.engine.insight.saliency.occlusion import occlusion
from workbench.engine.insight.saliency.tokens import tokens

__all__ = ["METHODS", "Method", "Question", "fitting", "method_for"]

METHODS: dict[str, Method] = {
    "hirescam": hirescam,
    "tokens": tokens,
    "occlusion": occlusion,
    "integrated-gradients": integrated_gradients,
}
"""The methods by the names of `core.saliency.METHODS`."""


def fitting(question: Question) -> list[str]:
    """The methods that fit a network, the one that `auto` means first: HiResCAM, or where there are tokens integrated
    gradients. By `tests/benchmarks/saliency_mosaics.py` the answer hangs most on what these mark: occlusion finds the
    right quadrant rather more often, and maps of tokens are behind in both."""
    first, unfit = ("integrated-gradients", "hirescam") if question.has_tokens else ("hirescam", "tokens")
    return [first, *(name for name in METHODS if name not in (first, unfit))]


def method_for(question: Question, asked: str) -> str:
    """The method that is meant by a name of `core.saliency.METHODS`.

    Raises:
        RequestError: it does not fit the network.
    """
    known = fitting(question)
    if asked == "auto":
        return known[0]
    if asked not in known:
        ends = "ends in tokens" if question.has_tokens else "has no tokens"
        raise RequestError(f"{asked} does not fit this network, which {ends}.", f"Choose {known[0]}, or auto.")
    return asked
