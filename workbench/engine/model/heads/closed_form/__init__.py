"""Heads that are worked out from the features of the training pictures at once, without an optimiser."""

from __future__ import annotations

from workbench.engine.model.heads.closed_form.base import ClosedFormHead
from workbench.engine.model.heads.closed_form.centroids import CentroidHead
from workbench.engine.model.heads.closed_form.discriminant import DiscriminantHead
from workbench.engine.model.heads.closed_form.neighbours import NeighbourHead
from workbench.engine.model.heads.closed_form.ridge import RidgeHead

__all__ = ["CentroidHead", "ClosedFormHead", "DiscriminantHead", "NeighbourHead", "RidgeHead"]
