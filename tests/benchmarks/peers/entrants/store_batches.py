"""Batches as a run of Workbench makes them: from its pixel store, varied at the standard level and normalised."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import torch
from torchvision import datasets

from tests.benchmarks.peers.work import Clock, Work
from workbench.core.resolved import ViewParameters
from workbench.engine import allocator
from workbench.engine.data.augment import augment
from workbench.engine.data.batches import batches, even_batches
from workbench.engine.data.drawing import epoch_order
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.model.network import Normalise

LIMIT_BYTES = 10**10


def run(work: Work, clock: Clock) -> None:
    """Go through the training part in each epoch."""
    allocator.keep_freed()  # as a run does when it begins
    paths = [Path(path) for path, _ in datasets.ImageFolder(Path(work.pictures, "train")).samples]
    rows, device, normalise = np.arange(len(paths)), torch.device("cpu"), Normalise()
    with PixelStore(Path(work.scratch), paths, ViewParameters(size=work.size), LIMIT_BYTES, threads=2) as store:
        store.start(rows)
        for epoch in range(work.epochs):
            pieces = even_batches(epoch_order(rows, 0, epoch), work.batch)
            with closing(batches(store, pieces, device)) as gathered:
                for batch in gathered:
                    normalise(augment(batch.pixels, batch.rows, 0, epoch, "standard"))
            clock.epoch_done()
