"""The detector of pictures unlike training, and how far validation pictures lie from those of training."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.events import Event, Progress
from workbench.core.specs import CalibrateSpec
from workbench.engine import device as devices
from workbench.engine.data.batches import row_batches
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.insight.confidence.neighbours import KEPT, Neighbours
from workbench.engine.insight.confidence.stored import HeadConfidence
from workbench.engine.insight.confidence.strangeness import energy, fit_limit, quantiles, strangeness
from workbench.engine.insight.outputs import Outputs
from workbench.engine.insight.predictor import Predictor
from workbench.engine.training.amounts import piece
from workbench.engine.training.experiment import PIXEL_LIMIT_BYTES
from workbench.engine.training.inputs import PixelInputs, view_answers_and_features

LOOKING = "looking at training pictures"


class Detector(NamedTuple):
    """The training pictures, and how far the validation pictures that can be read lie from them.

    Attributes:
        rows: (m,) of the table.
        distances: (m,).
    """

    neighbours: Neighbours
    rows: npt.NDArray[np.int64]
    distances: npt.NDArray[np.float64]

    def distances_of(self, outputs: Outputs) -> npt.NDArray[np.float32]:
        """(n,) of pictures that were answered; NaN of those that can be read no more."""
        known = dict(zip(self.rows.tolist(), self.distances.tolist(), strict=True))
        return np.array([known.get(row, np.nan) for row in outputs.rows.tolist()], np.float32)

    def with_limit(self, head: HeadConfidence, task: str, outputs: Outputs) -> HeadConfidence:
        """The head with the strangeness from which on a picture is unknown to it; the answers have no temperature."""
        readable = outputs.rows[outputs.readable]
        _, here, there = np.intersect1d(readable, self.rows, return_indices=True)
        energies = energy(outputs.answers[task][outputs.readable][here] / head.temperature)
        if not len(energies):
            return head
        known = quantiles(energies)
        limit = fit_limit(strangeness(self.distances[there], energies, quantiles(self.distances), known))
        return head.model_copy(update={"energies": known, "unknown_from": limit})


def fit_detector(
    spec: CalibrateSpec, predictor: Predictor, table: SampleTable, control: Control
) -> Generator[Event, None, Detector | None]:
    """The detector; None where no training or no validation picture can be read, or when told to end."""
    rows = table.rows("train")
    if len(rows) > KEPT:
        rows = np.sort(np.random.default_rng(0).choice(rows, KEPT, replace=False))
    fresh = table.rows("validation")
    features = yield from _features(spec, predictor, table, np.concatenate([rows, fresh]), control)
    if features is None:
        return None
    values, readable = features
    train, validation = readable[: len(rows)], readable[len(rows) :]
    if not train.any() or not validation.any():
        return None
    neighbours = Neighbours.of(values[: len(rows)][torch.from_numpy(train)]).as_kept()
    distances = neighbours.distance(values[len(rows) :][torch.from_numpy(validation)])
    return Detector(neighbours, fresh[validation], distances.double().numpy())


def _features(
    spec: CalibrateSpec, predictor: Predictor, table: SampleTable, rows: npt.NDArray[np.int64], control: Control
) -> Generator[Event, None, tuple[Tensor, npt.NDArray[np.bool_]] | None]:
    """Features (n, C) of rows by the trained backbone, and which of them could be read; None when told to end."""
    resolved, size = predictor.resolved, piece(predictor.resolved)
    values, readable, done = [], [], 0
    folder = spec.project_dir / "cache" / "pixels"
    with PixelStore(folder, table.paths, resolved.view, PIXEL_LIMIT_BYTES, devices.cores(), read_only=True) as store:
        inputs = PixelInputs(predictor.network, store, resolved, predictor.device, size, "none")
        with closing(inputs.batches(row_batches(rows, size))) as gathered:
            for batch in gathered:
                values.append(view_answers_and_features(predictor.network, batch.x, resolved)[1].cpu())
                readable.append(batch.readable)
                done += len(batch.rows)
                yield Progress(what=LOOKING, done=done, total=len(rows))
                control.wait_while_paused()
                if control.ending:
                    return None
    return torch.cat(values), np.concatenate(readable)
