"""Masks in a learning curve: of every picture some pixels, each with what the backbone's stages see there."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from functools import partial

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from workbench.core.control import Control
from workbench.core.events import Event, Progress
from workbench.engine import device as devices
from workbench.engine.data.batches import row_batches
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.insight.curve.probe import Seen
from workbench.engine.training.inputs import PixelInputs, as_they_are
from workbench.engine.training.setup import mask_helpers
from workbench.engine.transfer.advisor.bench import Mounted
from workbench.engine.transfer.advisor.questions import Floats, Question

LOOKING = "looking at pixels"
PIXELS = 256
"""That are looked at of each picture, at the same random places of all."""
STAGES, WIDTH = 5, 64
"""Stages whose maps are read, evenly chosen, and numbers that are kept of each at a pixel."""
MOST_PICTURES = 400
"""That are fitted to, and as many that judge: what is kept of their pixels takes 130 MB at most, for either."""


class PixelClasses(Question):
    """Mean overlap (IoU) over the pixels that are looked at, P of each picture; targets (n P, K) are 1 for the class
    and 0 for the others, all 0 where it is not known."""

    def __init__(self, classes: npt.NDArray[np.uint8], count: int) -> None:
        """Of classes (n, P), of which there are `count`; any other number is of none."""
        self.pixels = classes.shape[1]
        super().__init__(classes, count)

    def only(self, kept: npt.NDArray[np.bool_]) -> PixelClasses:
        return super().only(np.repeat(kept, self.pixels))

    def _targets(self, encoded: npt.NDArray[np.uint8], classes: int) -> Floats:
        return np.asarray(encoded.reshape(-1, 1) == np.arange(classes), np.float64)

    @property
    def per_answer(self) -> float:
        return float(len(self.targets) / self.targets.shape[1])

    def score(self, answers: Floats, times: Floats) -> Floats:
        classes, pictures = self.targets.shape[1], times.shape[1]
        known = self.targets.any(axis=1)
        pairs = self.targets.argmax(axis=1) * classes + answers.argmax(axis=1)
        places = np.repeat(np.arange(pictures), self.pixels) * classes**2 + pairs
        counts = np.bincount(places[known], minlength=pictures * classes**2).reshape(pictures, classes**2)
        matrices = (times @ counts).reshape(-1, classes, classes)
        hits = np.diagonal(matrices, axis1=1, axis2=2)
        either = matrices.sum(axis=1) + matrices.sum(axis=2) - hits
        there = either > 0
        overlaps = np.where(there, hits / np.maximum(either, 1), 0.0).sum(axis=1)
        return np.where(there.any(axis=1), overlaps / np.maximum(there.sum(axis=1), 1), np.nan)


def see_pixels(
    mounted: Mounted, table: SampleTable, task: str, rows: npt.NDArray[np.int64], control: Control
) -> Generator[Event, None, Seen | None]:
    """Pixels of rows that a mask task labels; None when told to end. Yields Progress."""
    count, size, chunk = len(table.classes[task]), mounted.resolved.view.size, mounted.chunk
    places = np.random.default_rng(0).integers(0, size, (2, PIXELS))
    values, readable, classes = [], [], []
    with mask_helpers(table, mounted.resolved)[0][task] as masks:
        inputs = PixelInputs(mounted.network, mounted.bench.store, mounted.resolved, mounted.device, chunk, "none")
        with closing(inputs.batches(row_batches(rows, chunk))) as gathered:
            for batch in gathered:
                values.append(_features(mounted, batch.x, places))
                there = masks.read(table.targets[task][batch.rows])[:, places[0], places[1]]
                classes.append(there)
                readable.append(batch.readable & (there < count).any(axis=1))
                yield Progress(what=LOOKING, done=sum(map(len, readable)), total=len(rows))
                control.wait_while_paused()
                if control.ending:
                    return None
    ask = partial(PixelClasses, count=count)
    return Seen(torch.cat(values), np.concatenate(readable), ask, np.concatenate(classes))


@torch.no_grad()
def _features(mounted: Mounted, pixels: Tensor, places: npt.NDArray[np.int64]) -> Tensor:
    """(B, P, C) float32 at places (2, P), rows and columns, of pixels (B, 3, S, S) uint8. What is wide is projected at
    random, always the same way: what lies apart stays apart (Johnson and Lindenstrauss 1984)."""
    resolved = mounted.resolved
    images = as_they_are(pixels).contiguous(memory_format=devices.MEMORY_FORMATS[resolved.layout])
    with devices.autocast(images.device, resolved.precision):
        maps = mounted.network.maps(images)
    where = torch.from_numpy((places[::-1].T + 0.5) / images.shape[-1] * 2 - 1).float().to(images.device)
    grid = where.expand(len(images), 1, *where.shape)
    found = []
    for at in np.unique(np.linspace(0, len(maps) - 1, STAGES).round().astype(int)).tolist():
        each = functional.grid_sample(maps[at].float(), grid, padding_mode="border", align_corners=False)
        there = each[:, :, 0].transpose(1, 2).cpu()
        if there.shape[2] > WIDTH:
            chance = torch.Generator().manual_seed(at)
            there = there @ torch.randn(there.shape[2], WIDTH, generator=chance) / WIDTH**0.5
        found.append(there)
    return torch.cat(found, dim=2)
