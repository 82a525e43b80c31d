"""One backbone on the bench: built, loaded and resolved exactly as a training run would, then let go of."""

from __future__ import annotations

import gc
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from workbench.core import catalogue, weights_cache
from workbench.core.advice import Candidate, with_candidate
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice
from workbench.core.project import Project
from workbench.core.resolved import Resolved, ViewParameters
from workbench.core.specs import PARTS, TrainSpec
from workbench.core.weights_check import check_weights
from workbench.engine import device as devices
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.model.download import damaged
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.amounts import piece
from workbench.engine.training.experiment import PIXEL_LIMIT_BYTES
from workbench.engine.training.feature_cache import FOLDER, Features, FeatureSource
from workbench.engine.training.resolve import check_request, resolve
from workbench.engine.transfer.advisor.memory import held_bytes

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Bench:
    """A project's pictures, on which backbones are tried one at a time.

    Attributes:
        project: what was asked, as it is written.
        store: of all pictures of the table, seen as the recipe says.
        held_bytes: of memory before anything was built.
    """

    project: Project
    project_dir: Path
    table: SampleTable
    store: PixelStore
    device: torch.device
    held_bytes: int

    @classmethod
    def of(cls, project: Project, project_dir: Path, table: SampleTable) -> Bench:
        """The bench of a project; its store is to be closed.

        Raises:
            RequestError: this machine has not the device that the project asks for.
        """
        recipe = project.effective().recipe
        view = ViewParameters.of(recipe)
        folder = project_dir / "cache" / "pixels"
        store = PixelStore(folder, table.paths, view, PIXEL_LIMIT_BYTES, threads=devices.cores())
        return cls(project, project_dir, table, store, devices.pick(recipe.device), held_bytes())

    def basis(self, tasks: Sequence[str]) -> dict[str, Any]:
        """On what everything is measured here, so that a reader can tell when it no longer holds."""
        counts = {task: sum(len(self.table.rows(part, task)) for part in PARTS) for task in tasks}
        return {"image_size": self.project.effective().recipe.image_size, "counts": counts}

    def is_here(self, candidate: Candidate) -> bool:
        """Whether the candidate's weights are on this computer: nothing is ever downloaded to find out."""
        return weights_cache.is_here(candidate.name, candidate.weights, self.project_dir)

    def clear(self) -> None:
        """Give back what a backbone took that nothing refers to any more."""
        gc.collect()
        devices.give_back_memory(self.device)

    def build(
        self, candidate: Candidate, control: Control, frozen: bool = False
    ) -> Generator[Event, None, Mounted | None]:
        """The candidate as a run of the project would have it; None when told to end meanwhile.

        Yields progress, and warnings where weights do not quite fit.

        Args:
            frozen: with all of the backbone frozen. Its features are the same, and it is ready much sooner, because
                nothing is measured backwards.

        Raises:
            RequestError: the project could not be trained with it, or the file of its weights is damaged.
            RunError: its weights cannot be loaded.
        """
        _refuse_damaged(candidate)
        project = with_candidate(self.project, candidate).effective()
        if frozen:
            project = project.model_copy(update={"backbone": project.backbone.model_copy(update={"freeze": "all"})})
        device = check_request(project)
        spec = TrainSpec(project=project, project_dir=self.project_dir, run_dir=self.project_dir, run="")
        found = yield from _without_small_talk(resolve(spec, project, self.table, device, control))
        if found is None:
            return None
        resolved, network = found
        devices.place(network, device, resolved.layout)
        return Mounted(resolved, network, device, self)


@dataclass(frozen=True)
class Mounted:
    """A backbone that is ready to be measured."""

    resolved: Resolved
    network: MultiTaskNetwork
    device: torch.device
    bench: Bench

    @property
    def chunk(self) -> int:
        """Pictures that go through the backbone at once, as in training."""
        return piece(self.resolved)

    @property
    def exact_device(self) -> torch.device:
        """Where probes are fitted: in float64, which some devices lack."""
        return self.device if self.device.type == "cuda" else torch.device("cpu")

    def features(self, rows: Ints, control: Control) -> Generator[Event, None, Features | None]:
        """Features of some rows, from the cache that training uses or computed into it; None when told to end."""
        source = FeatureSource(
            network=self.network,
            store=self.bench.store,
            paths=self.bench.table.paths,
            resolved=self.resolved,
            device=self.device,
            chunk=self.chunk,
            folder=self.bench.project_dir.joinpath(*FOLDER),
        )
        return (yield from source.features(rows, control))


def require_weights(candidate: Candidate, project_dir: Path) -> None:
    """Refuse weights that are not here or not right: nothing but training downloads any unasked.

    Raises:
        RequestError: they would have to be downloaded, or are no weights of that backbone.
    """
    check_weights(candidate.name, candidate.weights, project_dir)
    if not weights_cache.is_here(candidate.name, candidate.weights, project_dir):
        raise RequestError(
            f"The weights {candidate.weights} of {candidate.name} are not on this computer.",
            f"Get them on the Model page or with: workbench weights download {candidate.name}.",
        )


def _refuse_damaged(candidate: Candidate) -> None:
    """Refuse weights whose file would have to be downloaded again."""
    version = catalogue.get(candidate.name).version(candidate.weights)
    path = damaged(version) if version is not None else None
    if path is not None:
        raise RequestError(
            f"{path} is damaged: it is not what its name says.",
            f"Remove it, and get it again with: workbench weights download {candidate.name}@{candidate.weights}.",
        )


def _without_small_talk(
    job: Generator[Event, None, tuple[Resolved, MultiTaskNetwork] | None],
) -> Generator[Event, None, tuple[Resolved, MultiTaskNetwork] | None]:
    """The job without notices of what went as it should: with many backbones they would bury the answer."""
    while True:
        try:
            event = next(job)
        except StopIteration as end:
            found: tuple[Resolved, MultiTaskNetwork] | None = end.value
            return found
        if not (isinstance(event, Notice) and event.level == "info"):
            yield event
