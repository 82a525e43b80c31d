"""Runs that are made of other runs without training: their settings and pictures, with other weights.

The new run is scored on every part as a trained one is, so that it can be looked at, compared and asked like any.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tomli_w
from torch import Tensor

from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.events import Best, Checkpoint, Event, RunEnded
from workbench.core.files import write_atomically
from workbench.core.resolved import RESOLVED_FILE, TABLE_FILE, Derived, Resolved, ResolvedTask, load_resolved
from workbench.core.specs import PARTS
from workbench.engine import device as devices
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.table_file import load_table, save_table
from workbench.engine.insight.answers import collect
from workbench.engine.insight.outputs import Outputs
from workbench.engine.insight.predictor import here
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.amounts import piece
from workbench.engine.training.checkpoints import Checkpoints, Stored
from workbench.engine.training.experiment import PIXEL_LIMIT_BYTES
from workbench.engine.training.feature_cache import Features
from workbench.engine.training.inputs import FeatureInputs, Inputs, PixelInputs
from workbench.engine.training.judging import judge
from workbench.engine.training.keeper import best_state
from workbench.engine.training.resolve import new_network, run_started
from workbench.engine.training.results import write_results
from workbench.engine.training.setup import mask_helpers
from workbench.engine.training.state import State


@dataclass(frozen=True)
class Origin:
    """A run that another one is made of: its facts, its sample table and its best checkpoint."""

    run: str
    folder: Path
    resolved: Resolved
    table: SampleTable
    stored: Stored

    @property
    def facts(self) -> dict[str, ResolvedTask]:
        """The tasks by name, as the run took them."""
        return {task.name: task for task in self.resolved.tasks}

    def network(self) -> MultiTaskNetwork:
        """The run's best model on its device, in eval mode."""
        network = new_network(self.resolved.project, self.resolved.tasks)
        network.load_state_dict(self.stored.weights)
        devices.place(network, devices.pick(self.resolved.device), self.resolved.layout)
        network.eval()
        return network


def read_origin(run_dir: Path, project_dir: Path) -> Origin:
    """Read a run that another one is to be made of.

    Raises:
        RunError: it has kept no intact model, or its facts cannot be read.
    """
    stored = Checkpoints(run_dir).read("best")
    if stored is None:
        raise RunError(f"Run {run_dir.name} has kept no model.", "Train again, or choose another run.")
    table = load_table(run_dir / TABLE_FILE, project_dir)
    return Origin(run_dir.name, run_dir, here(load_resolved(run_dir)), table, stored)


@dataclass(frozen=True)
class Made:
    """A run that was made.

    Attributes:
        documents: what `evaluate` says of it, by part.
        ended: its last event, to be said when everything else has been.
    """

    documents: dict[str, dict[str, Any]]
    ended: RunEnded


def derive(
    run_dir: Path,
    project_dir: Path,
    resolved: Resolved,
    table: SampleTable,
    weights: Mapping[str, Tensor],
    derived: Derived,
    control: Control,
    features: Features | None = None,
) -> Generator[Event, None, Made | None]:
    """Write a run with weights that are at hand, and score it.

    Args:
        run_dir: its folder, which exists; the run has its name.
        resolved: what it is to be resolved to, but for its name, its time and how it came about.
        table: its pictures, with their labels and parts.
        weights: the network's state dict.
        features: of the whole table by its backbone, where they are known and all that its heads need.

    Yields:
        run_started, Progress, and the checkpoint that was written.

    Returns:
        None where it was told to end: what it has written is of no use then.
    """
    state = State()
    resolved = resolved.model_copy(
        update={
            "run": run_dir.name,
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "data_hash": table.digest(),
            "derived": derived,
            "more": [],
        }
    )
    device = devices.pick(resolved.device)
    network = new_network(resolved.project, resolved.tasks)
    network.load_state_dict(dict(weights))
    devices.place(network, device, resolved.layout)
    save_table(table, run_dir / TABLE_FILE, project_dir)
    write_atomically(run_dir / RESOLVED_FILE, tomli_w.dumps(resolved.to_data()))
    yield run_started(resolved, network, [], device)
    unreadable: dict[int, str] = {}
    outputs = yield from answers_by_part(network, resolved, table, project_dir, control, unreadable, features)
    if outputs is None:
        return None
    validation = outputs.get("validation")
    facts = {task.name: task for task in resolved.tasks}
    found = judge(validation, table, facts) if validation is not None else None
    state.best = Best(epoch=0, step=0, score=found.score if found else None)
    state.best_loss = found.loss if found else 0.0
    Checkpoints(run_dir).save("best", dict(weights), best_state(state, validation, on_features=False))
    yield Checkpoint(path="checkpoints/best", kind="best")
    documents = write_results(run_dir, project_dir, table, resolved.tasks, outputs, unreadable)
    return Made(documents, RunEnded(status="finished", best=state.best, elapsed_s=state.watch.elapsed_s))


def answers_by_part(
    network: MultiTaskNetwork,
    resolved: Resolved,
    table: SampleTable,
    project_dir: Path,
    control: Control,
    unreadable: dict[int, str] | None = None,
    features: Features | None = None,
) -> Generator[Event, None, dict[str, Outputs] | None]:
    """Every part's answers by a network that stands on a device; None where it was told to end.

    Args:
        unreadable: takes the rows that cannot be read, with the reason.
        features: as `derive` takes them; without them pictures go through the whole network.
    """
    _, judges = mask_helpers(table, resolved)
    device = next(network.parameters()).device
    facts = {task.name: task for task in resolved.tasks}
    folder = project_dir / "cache" / "pixels"
    outputs: dict[str, Outputs] = {}
    with PixelStore(folder, table.paths, resolved.view, PIXEL_LIMIT_BYTES, devices.cores()) as store:
        inputs: Inputs = PixelInputs(network, store, resolved, device, piece(resolved), "none")
        if features is not None:
            inputs = FeatureInputs(network, features.values, features.readable, device)
        for part in PARTS:
            rows = table.rows(part)
            if not len(rows):
                continue
            what = f"scoring the {part} part"
            answers = yield from collect(network, inputs, rows, facts, judges, control, what)
            if answers is None:
                return None
            outputs[part] = answers
        if unreadable is not None:
            unreadable.update(store.failures)
    return outputs
