"""HiResCAM: what each place of the last stage's map adds to the answer.

Draelos and Carin, "Use HiResCAM instead of Grad-CAM for faithful explanations", arXiv 2011.08891, eq. 5: the gradient
times the activation, place by place, summed over channels. For a linear head on pooled features the map adds up to the
answer less its bias.
"""

from __future__ import annotations

from torch import Tensor

from workbench.engine.insight.saliency.base import Question, enlarged, products


def hirescam(question: Question, images: Tensor) -> Tensor:
    """Maps (B, S, S) of pictures (B, 3, S, S)."""
    return enlarged(products(question, images, question.last), images.shape[-1])
