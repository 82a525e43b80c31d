"""What frozen stages make of pictures, kept on disk, so that each epoch works through the stages after them alone.

Frozen stages are a pure function of a picture as it is varied. Where pictures are not varied they are gone through
once; where they are varied in a few ways that come again and again, once for each. As with features, pictures go in
chunks of one shape in the order of the table, so that what is computed again has the same bits.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.events import Event, Notice, Progress
from workbench.core.resolved import Resolved
from workbench.engine import device as devices
from workbench.engine.data.augment import augment
from workbench.engine.data.batches import Batch, batches, row_batches
from workbench.engine.data.pixel_cache import picture_keys
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.memory import in_pieces, retried, too_little
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.map_file import SUFFIX, Kept, make_room, open_kept, writing
from workbench.engine.training.pauses import Rest, rest

Rows = npt.NDArray[np.int64]

KEEPING = "keeping what frozen stages give"
FOLDER = ("cache", "frozen")
"""Of a project."""
_PACKAGES = ("torch", "torchvision", "timm")
_AS_INTEGER = {torch.bfloat16: torch.int16, torch.float16: torch.int16}
"""NumPy has no bf16: two bytes are two bytes."""


@dataclass(frozen=True)
class Look:
    """How pictures are varied: as in an epoch, at a level; "none": as they are."""

    level: str = "none"
    epoch: int = 0


class Maps:
    """What frozen stages give for some rows of a table, under one look.

    Args:
        rows: (R,) ascending.
        kept: their records in the same order.
        dtype: of the records as numbers.
    """

    def __init__(self, rows: Rows, kept: Kept, dtype: torch.dtype) -> None:
        self._rows, self._kept, self._dtype = rows, kept, dtype

    def read(self, rows: Rows) -> tuple[Tensor, npt.NDArray[np.bool_]]:
        """Maps (B, C, H, W), channels last in memory, or whatever else the last frozen stage gives, on the CPU; and
        (B,) which pictures could be decoded."""
        places = np.searchsorted(self._rows, rows)
        values = torch.from_numpy(self._kept.records[places]).view(self._dtype)
        return _channels_first(values), self._kept.readable[places]


@dataclass(frozen=True)
class BoundarySource:
    """Computes what is not kept.

    Attributes:
        network: frozen as in the phase that is to come.
        store: of all pictures of the table.
        paths: of the same pictures.
        chunk: pictures that go through the stages at once, always as many.
        resting: waits where the job is paused.
    """

    network: MultiTaskNetwork
    store: PixelStore
    paths: Sequence[Path]
    resolved: Resolved
    device: torch.device
    chunk: int
    folder: Path
    resting: Rest = rest

    def example(self) -> Tensor:
        """What is kept of one picture, (1, ...)."""
        pixels = torch.zeros(1, 3, self.resolved.view.size, self.resolved.view.size, dtype=torch.uint8)
        self.network.eval()
        return retried(lambda: self._through(pixels, np.zeros(1, np.int64), Look()), self.device)

    def maps(self, wanted: Mapping[Look, Rows], control: Control) -> Generator[Event, None, dict[Look, Maps] | None]:
        """The maps of rows (ascending) under each look; None when told to end, and what is whole until then is kept.

        Raises:
            OSError: they cannot be written.
        """
        example, digest = self.example(), self._digest()
        keys = picture_keys(self.paths, self.resolved.view)
        used, found = set[Path](), dict[Look, Maps]()
        before, total = 0, sum(len(rows) for rows in wanted.values())
        for look, rows in wanted.items():
            pictures = b"".join(keys[row] for row in rows.tolist())
            path = self.folder / f"{self._key(look, digest, pictures)}{SUFFIX}"
            kept = open_kept(path, len(rows))
            if kept is None or not kept.readable.all():  # what could not be decoded is tried again
                yield from self._write(path, look, rows, example.nbytes, control, (before, total))
                kept = open_kept(path, len(rows), fresh=True)
                if control.ending or kept is None:
                    return None
            before += len(rows)
            used.add(path)
            found[look] = Maps(rows, kept, example.dtype)
            make_room(self.folder, used)
        return found

    def _write(
        self, path: Path, look: Look, rows: Rows, picture: int, control: Control, place: tuple[int, int]
    ) -> Generator[Event, None, None]:
        """Compute the records of a file; told to end, it leaves nothing."""
        self.network.eval()
        self.store.start(rows)
        (done, total), at_once = place, self.chunk
        with (
            writing(path, len(rows), picture * len(rows)) as writer,
            closing(batches(self.store, row_batches(rows, self.chunk), self.device)) as gathered,
        ):
            for batch in gathered:
                records, fitting = self._records(batch, look, at_once)
                if fitting < at_once:
                    at_once = fitting
                    yield Notice(level="warning", text=too_little(at_once))
                writer.add(records, batch.readable)
                done += len(batch.rows)
                yield Progress(what=KEEPING, done=done, total=total)
                control.meet()
                yield from self.resting(control, False)
                if control.ending:
                    return

    def _records(self, batch: Batch, look: Look, at_once: int) -> tuple[npt.NDArray[np.generic], int]:
        """(B, ...) as the file holds them, and how many pictures fitted the device at once.

        They are worked on in smaller pieces only where memory has run out: their last bits may then differ.
        """
        lacking = self.chunk - len(batch.rows)
        pixels = torch.nn.functional.pad(batch.pixels, (0, 0, 0, 0, 0, 0, 0, lacking)) if lacking else batch.pixels
        rows = np.pad(batch.rows, (0, lacking))

        def some(places: Tensor) -> Tensor:
            first, last = int(places[0]), int(places[-1]) + 1
            return self._through(pixels[first:last], rows[first:last], look).cpu()

        parts, fitting = in_pieces(some, torch.arange(len(pixels)), at_once)
        maps = (parts[0] if len(parts) == 1 else torch.cat(parts))[: len(batch.rows)]
        maps[torch.from_numpy(~batch.readable)] = 0
        records = _channels_last(maps).contiguous()
        return records.view(_AS_INTEGER.get(records.dtype, records.dtype)).numpy(), fitting

    @torch.no_grad()
    def _through(self, pixels: Tensor, rows: Rows, look: Look) -> Tensor:
        images = augment(pixels.to(self.device), rows, self.resolved.project.recipe.seed, look.epoch, look.level)
        images = images.contiguous(memory_format=devices.MEMORY_FORMATS[self.resolved.layout])
        with devices.autocast(self.device, self.resolved.precision):
            return self.network.frozen_part(images)

    def _digest(self) -> str:
        """Of the stages that stand still, as they are now."""
        digest = sha256()
        for index in range(self.network.frozen_depth):
            for name, value in self.network.backbone.stage_state(index).items():
                digest.update(name.encode())
                digest.update(value.detach().cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()

    def _key(self, look: Look, stages: str, pictures: bytes) -> str:
        """Names everything that the records depend on, except the code itself."""
        resolved = self.resolved
        facts = (
            1,
            resolved.project.backbone.name,
            self.network.frozen_depth,
            stages,
            self.network.normalise.mean.flatten().tolist(),
            self.network.normalise.std.flatten().tolist(),
            resolved.precision,
            resolved.layout,
            resolved.device.partition(":")[0],
            self.chunk,
            [resolved.versions.get(package) for package in _PACKAGES],
            (look.level, look.epoch, resolved.project.recipe.seed) if look.level != "none" else "as they are",
            sha256(pictures).hexdigest(),
        )
        return sha256(repr(facts).encode()).hexdigest()[:32]


def _channels_last(maps: Tensor) -> Tensor:
    """(B, C, H, W) as (B, H, W, C); everything else as it is."""
    return maps.permute(0, 2, 3, 1) if maps.ndim == 4 else maps


def _channels_first(maps: Tensor) -> Tensor:
    return maps.permute(0, 3, 1, 2) if maps.ndim == 4 else maps
