"""The batches of an epoch, each gathered while the one before it trains."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from workbench.engine import device as devices
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.memory import shortage

Rows = npt.NDArray[np.int64]
Read = Callable[[Rows], tuple[torch.Tensor, npt.NDArray[np.bool_]]]
"""What lies on the CPU for some rows, and (B,) which of the pictures could be decoded."""


@dataclass(frozen=True)
class Batch:
    """B pictures of the sample table.

    Attributes:
        rows: (B,) their rows.
        pixels: (B, 3, S, S) uint8 on the device if it has room for them, channels last in memory, or what else was
            read; zeros where not readable.
        readable: (B,) bool, whether each could be decoded. Labels of the others are to be masked.
    """

    rows: Rows
    pixels: torch.Tensor
    readable: npt.NDArray[np.bool_]


def row_batches(rows: Rows, batch_size: int) -> list[Rows]:
    """The rows cut into batches in their order; the last may be smaller."""
    return [rows[start : start + batch_size] for start in range(0, len(rows), batch_size)]


def even_batches(rows: Rows, batch_size: int) -> list[Rows]:
    """The rows cut into the fewest batches of at most `batch_size`, all of nearly one size.

    A last batch of one or two pictures would take a whole step of its own, and upset batch norm that is training.
    """
    return np.array_split(rows, -(-len(rows) // batch_size)) if len(rows) else []


def batches(
    store: PixelStore, rows_of_batches: Sequence[Rows], device: torch.device, first: int = 0
) -> Generator[Batch, None, None]:
    """Gather batches from the store, one ahead, from number `first` on.

    Raises:
        RuntimeError: the store was closed meanwhile.
    """

    def read(rows: Rows) -> tuple[torch.Tensor, npt.NDArray[np.bool_]]:
        records, readable = store.read(rows)
        return torch.from_numpy(records).permute(0, 3, 1, 2), readable

    yield from read_ahead(read, rows_of_batches[first:], device)


def read_ahead(
    read: Read, rows_of_batches: Sequence[Rows], device: torch.device
) -> Generator[Batch, None, None]:
    """Read batches, each while the one before it is worked on.

    Closing the iterator (or leaving its loop) ends its thread. On a CUDA device the copy runs beside the computation.
    """
    waiting = list(rows_of_batches)
    if not waiting:
        return
    pool = ThreadPoolExecutor(1, thread_name_prefix="batches")
    try:
        following = pool.submit(_gather, read, waiting[0], device)
        for rows, later in zip(waiting, [*waiting[1:], None], strict=True):
            pixels, readable = following.result()
            if later is not None:
                following = pool.submit(_gather, read, later, device)
            yield Batch(rows, _brought(pixels, device), readable)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _brought(pixels: torch.Tensor, device: torch.device) -> torch.Tensor:
    """The pictures on the device; where it has not the memory, as they are: they are brought there piece by piece."""
    try:
        with shortage():
            return pixels.to(device, non_blocking=True)
    except torch.OutOfMemoryError:
        devices.give_back_memory(device)
        return pixels


def _gather(read: Read, rows: Rows, device: torch.device) -> tuple[torch.Tensor, npt.NDArray[np.bool_]]:
    pixels, readable = read(rows)
    return (pixels.pin_memory() if device.type == "cuda" else pixels), readable
