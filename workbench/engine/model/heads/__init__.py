"""Heads: what turns the shared features into one task's answer. One file per kind, one row in `HEADS`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from torch import Tensor

from workbench.engine.model.heads.base import HeadSettings, VectorHead
from workbench.engine.model.heads.linear import LinearHead
from workbench.engine.model.heads.mlp import MLPHead

__all__ = ["HEADS", "Head", "HeadSettings", "LinearHead", "MLPHead", "VectorHead"]


class Head(Protocol):
    """Features (B, C) to logits (B, K)."""

    def __call__(self, features: Tensor) -> Tensor: ...

    def standardise(self, mean: Tensor, std: Tensor) -> None:
        """Fix the features' mean and standard deviation, (C,) each, over the training pictures."""


HEADS: dict[str, Callable[[int, int, HeadSettings], VectorHead]] = {"linear": LinearHead, "mlp": MLPHead}
"""Kinds of head by the name that a project gives: `HEADS[kind](features, classes, settings)`."""
