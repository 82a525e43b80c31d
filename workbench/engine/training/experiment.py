"""What stays the same through a run: its facts, data, network and device."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from workbench.core.changes import Change
from workbench.core.events import Event
from workbench.core.resolved import Resolved, ResolvedTask
from workbench.engine.data.drawing import epoch_draws, expected, rows_of
from workbench.engine.data.masks import MaskStore
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.distributed import ALONE, Team
from workbench.engine.insight.mask_judge import MaskJudge
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.amounts import piece
from workbench.engine.training.checkpoints import Checkpoints
from workbench.engine.training.feature_cache import Features
from workbench.engine.training.phases import Phase
from workbench.engine.training.target_pass import TargetPictures
from workbench.engine.transfer.distillation.teacher import Teacher

PIXEL_LIMIT_BYTES = 20_000_000_000
"""The most that the pixel store may hold on disk."""


@dataclass
class Experiment:
    """A run that is set up.

    Attributes:
        masks: the masks of each mask task, as the network sees its pictures.
        judges: what compares answers with each mask task's masks.
        changes: what the run was told to change, in the order of the epochs.
        told: what there is to say of changes that were told in a pause.
        choose: whether the validation part chooses the best checkpoint; else it is the last epoch's.
        watch: whether the validation part is scored after each epoch though it chooses nothing.
        team: the processes that train the run together.
        teacher: what is learned from beside the labels; None where nothing is.
        target: pictures of another domain, whose classes are to be confused less; None where there are none.
        features: of the backbone as it was loaded, once a phase has needed them.
        unreadable: rows that turned out to be undecodable since the run started, with the reason.
        unreadable_masks: masks that turned out to be undecodable: task, and number of the mask.
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
    masks: dict[str, MaskStore] = field(default_factory=dict)
    judges: dict[str, MaskJudge] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    told: list[Event] = field(default_factory=list)
    choose: bool = True
    watch: bool = False
    team: Team = ALONE
    teacher: Teacher | None = None
    target: TargetPictures | None = None
    features: Features | None = None
    unreadable: dict[int, str] = field(default_factory=dict)
    unreadable_masks: set[tuple[str, int]] = field(default_factory=set)
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
        """The rows that are scored after each epoch: those of the validation part, or none."""
        return self.table.rows("validation") if self.choose or self.watch else np.zeros(0, np.int64)

    @property
    def keeps_last(self) -> bool:
        """Whether the last epoch is the best: validation shall not choose, or no picture of the run's own can tell what
        is best on another domain."""
        return not self.choose or self.resolved.project.transfer.adaptation != "none"

    @property
    def goes_back(self) -> bool:
        """Whether points on the way back to the pretrained weights are scored at the end."""
        asked = self.resolved.project.recipe.interpolate != "off"
        moved = any(phase.trains_stages for phase in self.phases)
        return asked and moved and bool(self.resolved.weights_sha256) and bool(len(self.validation_rows))

    @property
    def facts(self) -> dict[str, ResolvedTask]:
        """The tasks by name, as the run took them."""
        return {task.name: task for task in self.resolved.tasks}

    @property
    def seed(self) -> int:
        return self.resolved.project.recipe.seed

    @property
    def shared_share(self) -> float:
        """The share of training pictures that two tasks or more label."""
        labels = np.sum([targets[self.rows] != MISSING for targets in self.table.targets.values()], axis=0)
        return float((labels > 1).mean()) if len(self.rows) else 0.0

    def draws(self, epoch: int) -> npt.NDArray[np.int64]:
        """What an epoch, counted through the run from 1, goes through in its order: draws of training rows."""
        return epoch_draws(self.rows, self._times, self.seed, epoch)

    def reading_order(self, epoch: int) -> npt.NDArray[np.int64]:
        """Every row that is needed here from an epoch on, once: its own in order, other training rows, validation."""
        rows = rows_of(self.draws(epoch))
        _, first = np.unique(rows, return_index=True)
        coming = rows[np.sort(first)]
        others = np.setdiff1d(self.rows, coming)
        return np.concatenate([self.team.usually(part) for part in (coming, others, self.validation_rows)])

    @cached_property
    def _times(self) -> npt.NDArray[np.float64]:
        """How often each training row comes in an epoch on average."""
        recipe = self.resolved.project.recipe
        labelled = {task: targets != MISSING for task, targets in self.table.targets.items()}
        return expected(self.rows, labelled, recipe.sampling, recipe.temperature)
