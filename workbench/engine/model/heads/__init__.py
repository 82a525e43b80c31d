"""Heads: what turns what the backbone sees into one task's answer. One file per kind, one row in `HEADS`."""

from __future__ import annotations

from collections.abc import Callable

from workbench.engine.model.heads.base import Head, HeadInput, HeadSettings, Maps, VectorHead, Widths
from workbench.engine.model.heads.closed_form import CentroidHead, DiscriminantHead, NeighbourHead, RidgeHead
from workbench.engine.model.heads.cosine import CosineHead
from workbench.engine.model.heads.dense import DenseHead
from workbench.engine.model.heads.linear import LinearHead
from workbench.engine.model.heads.mlp import MLPHead
from workbench.engine.model.heads.multi_label import MultiLabelHead
from workbench.engine.model.heads.number import NumberHead
from workbench.engine.model.heads.prototype import PrototypeHead

__all__ = [
    "HEADS",
    "CentroidHead",
    "CosineHead",
    "DenseHead",
    "DiscriminantHead",
    "Head",
    "HeadInput",
    "HeadSettings",
    "LinearHead",
    "MLPHead",
    "Maps",
    "MultiLabelHead",
    "NeighbourHead",
    "NumberHead",
    "PrototypeHead",
    "RidgeHead",
    "VectorHead",
    "Widths",
]

HEADS: dict[str, Callable[[Widths, int, HeadSettings], Head]] = {
    "linear": LinearHead,
    "mlp": MLPHead,
    "cosine": CosineHead,
    "prototype": PrototypeHead,
    "multi-label": MultiLabelHead,
    "number": NumberHead,
    "dense": DenseHead,
    "ridge": RidgeHead,
    "centroid": CentroidHead,
    "neighbours": NeighbourHead,
    "discriminant": DiscriminantHead,
}
"""Kinds of head by the name that a project gives: `HEADS[kind](widths, classes, settings)`."""
