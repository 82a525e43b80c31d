"""Gradient times activation of tokens, for transformers.

The same product as HiResCAM's (arXiv 2011.08891), taken of the tokens where the answer still hangs on all of them:
after the last block where tokens are averaged, before it where a class token alone is read. Attention itself is not
drawn: a head's weights do not change it, so it fails the check of Adebayo et al. 2018 (arXiv 1810.03292) by
construction.
"""

from __future__ import annotations

from torch import Tensor

from workbench.engine.insight.saliency.base import Question, enlarged, products


def tokens(question: Question, images: Tensor) -> Tensor:
    """Maps (B, S, S) of pictures (B, 3, S, S)."""
    found = products(question, images, question.last)
    if not bool(found.any()) and question.last > 1:
        found = products(question, images, question.last - 1)
    return enlarged(found, images.shape[-1])
