"""AdaBN as a run of its own: the model of another run with the batch-norm statistics of unlabelled target pictures."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Progress
from workbench.core.specs import AdaptSpec
from workbench.engine import device as devices
from workbench.engine.data.batches import batches, row_batches
from workbench.engine.data.drawing import epoch_order
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.words import pictures
from workbench.engine.insight.predictor import Predictor
from workbench.engine.training.amounts import piece
from workbench.engine.training.experiment import PIXEL_LIMIT_BYTES
from workbench.engine.training.inputs import view_answers
from workbench.engine.transfer.domains.batch_norm import (
    Moments,
    Shift,
    batch_norms,
    set_statistics,
    statistics_of,
    target_weight,
    watched,
)
from workbench.engine.transfer.domains.target import Target

Rows = npt.NDArray[np.int64]
SOURCE, TARGET = "statistics of the training pictures", "statistics of the new pictures"
MOST = 4000
"""Pictures that statistics are taken from, at most: more change them by less than they are sure to."""


def adapted_state(
    spec: AdaptSpec, predictor: Predictor, source: SampleTable, target: Target, control: Control
) -> Generator[Event, None, dict[str, Tensor] | None]:
    """The state dict of a model whose batch-norm statistics follow the target; nothing else in it changes.

    Each batch holds pictures drawn from the whole folder: in the folder's own order they might be of one class.

    Yields:
        Progress, and a Notice where the training pictures are gone.

    Returns:
        None when told to end.

    Raises:
        RequestError: the network keeps no batch-norm statistics.
    """
    network = predictor.network
    if not batch_norms(network):
        raise RequestError(
            f"{predictor.resolved.project.backbone.name} has no batch norm, so there are no statistics to work out.",
            "Adapt with --method mcc or --method pseudo-labels.",
        )
    folder = spec.project_dir
    known = yield from moments_of(predictor, folder, source, source.rows("train"), SOURCE, None, control)
    if known is None:
        return None
    if not known:
        text = "No training picture can be read any more: the statistics are those of the new pictures alone."
        yield Notice(level="warning", text=text)
    rows = np.arange(len(target.table), dtype=np.int64)
    stored = statistics_of(network)
    shift = Shift(stored, known or None, target_weight(spec.share, spec.prior, min(len(rows), MOST)))
    found = yield from moments_of(predictor, folder, target.table, rows, TARGET, shift, control)
    if found is None:
        return None
    if not found:
        raise RequestError("None of the new pictures can be read.", "Give pictures that open in other programs.")
    set_statistics(network, {name: shift.of(name, moments) for name, moments in found.items()})
    try:
        return {name: value.detach().cpu().clone() for name, value in network.state_dict().items()}
    finally:
        set_statistics(network, stored)


def moments_of(
    predictor: Predictor,
    project_dir: Path,
    table: SampleTable,
    rows: Rows,
    what: str,
    shift: Shift | None,
    control: Control,
) -> Generator[Event, None, dict[str, Moments] | None]:
    """What some pictures bring to each batch-norm layer; nothing where none can be read; None when told to end.

    Args:
        what: the progress is of.
        shift: how layers normalise meanwhile; None: by what they have stored.
    """
    resolved = predictor.resolved
    chosen = epoch_order(rows, resolved.project.recipe.seed, 0)[:MOST]
    folder = project_dir / "cache" / "pixels"
    done = 0
    lost = 0
    yield Progress(what=what, done=0, total=len(chosen))
    with (
        PixelStore(folder, table.paths, resolved.view, PIXEL_LIMIT_BYTES, devices.cores()) as store,
        watched(predictor.network, shift) as found,
        closing(batches(store, row_batches(chosen, piece(resolved)), predictor.device)) as gathered,
    ):
        store.start(chosen)
        for batch in gathered:
            if batch.readable.any():
                view_answers(predictor.network, _only(batch.pixels, batch.readable).to(predictor.device), resolved)
            lost += int((~batch.readable).sum())
            done += len(batch.rows)
            yield Progress(what=what, done=done, total=len(chosen))
            control.wait_while_paused()
            if control.ending:
                return None
    if lost:
        yield Notice(level="warning", text=f"{pictures(lost)} cannot be read and are left out.")
    return found


def _only(pixels: Tensor, readable: npt.NDArray[np.bool_]) -> Tensor:
    return pixels if readable.all() else pixels[torch.from_numpy(readable).to(pixels.device)]
