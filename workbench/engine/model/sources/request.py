"""What a source of weights is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbench.core.control import Control
from workbench.engine.model.backbones import Backbone


@dataclass(frozen=True)
class WeightsRequest:
    """Weights for a backbone.

    Attributes:
        spec: what `backbone.weights` says.
        rest: what stands behind its colon.
        project_dir: where paths and runs are.
    """

    backbone: Backbone
    spec: str
    rest: str
    project_dir: Path
    control: Control
