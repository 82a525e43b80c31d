"""Where a network looked: one file per method, and the table of them."""

from __future__ import annotations

from workbench.engine.insight.saliency.base import Method, Question
from workbench.engine.insight.saliency.hirescam import hirescam
from workbench.engine.insight.saliency.integrated_gradients import integrated_gradients
from workbench.engine.insight.saliency.occlusion import occlusion
from workbench.engine.insight.saliency.tokens import tokens

__all__ = ["METHODS", "Method", "Question", "method_for"]

METHODS: dict[str, Method] = {
    "hirescam": hirescam,
    "tokens": tokens,
    "occlusion": occlusion,
    "integrated-gradients": integrated_gradients,
}
"""The methods by the names of `core.saliency.METHODS`."""


def method_for(question: Question, asked: str) -> str:
    """The method that `auto` means for a network: by its tokens where it has any, else HiResCAM."""
    if asked != "auto":
        return asked
    return "tokens" if question.has_tokens else "hirescam"
