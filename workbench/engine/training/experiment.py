"""What stays the same through a run: its facts, data, network and device."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from workbench.core.resolved import Resolved
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.amounts import piece
from workbench.engine.training.checkpoints import Checkpoints
from workbench.engine.training.feature_cache import Features
from workbench.engine.training.phases import Phase

PIXEL_LIMIT_BYTES = 20_000_000_000
"""The most that the pixel store may hold on disk."""


@dataclass
class Experiment:
    """A run that is set up.

    Attributes:
        choose: whether the validation part chooses the best checkpoint; else it is the last epoch's.
        features: of the backbone as it was loaded, once a phase has needed them.
        unreadable: rows that turned out to be undecodable since the run started, with the reason.
        told_s: when the last progress of reading was told.
    """

    resolved: Resolved
    table: SampleTable
    network: MultiTaskNetwork
    device: torch.device
    phases: list[Phase]
    store: PixelStore
    checkpoints: Checkpoints
    project_dir: Path
    run_dir: Path
    choose: bool = True
    features: Features | None = None
    unreadable: dict[int, str] = field(default_factory=dict)
    told_s: float = 0.0

    @property
    def chunk(self) -> int:
        """Pictures that go through the backbone at once."""
        return piece(self.resolved)

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """The rows of the training part."""
        return self.table.rows("train")

    @property
    def validation_rows(self) -> npt.NDArray[np.int64]:
        """The rows that choose the best checkpoint: those of the validation part, or none."""
        return self.table.rows("validation") if self.choose else np.zeros(0, np.int64)

    @property
    def seed(self) -> int:
        return self.resolved.project.recipe.seed
