from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.engine.data.pictures import picture, pixels
from workbench.core.resolved import ViewParameters
from workbench.engine.data.batches import batches, even_batches, row_batches
from workbench.engine.data.drawing import epoch_order
from workbench.engine.data.pixel_store import PixelStore

CPU = torch.device("cpu")


def store_in(tmp_path: Path) -> PixelStore:
    paths = [picture(tmp_path / f"{number}.png", number, 8, 8) for number in range(10)]
    return PixelStore(tmp_path / "cache", paths, ViewParameters(size=8), 10**9, 1)


def test_batches_hold_the_pixels_of_their_rows(tmp_path: Path) -> None:
    (tmp_path / "3.png").touch()
    with store_in(tmp_path) as store:
        seen = list(batches(store, row_batches(np.arange(10), 4), CPU))
    assert [batch.rows.tolist() for batch in seen] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    for batch in seen:
        assert batch.pixels.dtype == torch.uint8 and batch.readable.all()
        assert batch.pixels.is_contiguous(memory_format=torch.channels_last)
        expected = np.stack([pixels(row, 8, 8) for row in batch.rows.tolist()])
        assert np.array_equal(batch.pixels.permute(0, 2, 3, 1).numpy(), expected)


def test_an_epoch_is_taken_up_in_its_middle(tmp_path: Path) -> None:
    cut = row_batches(epoch_order(np.arange(10), 0, 1), 3)
    with store_in(tmp_path) as store:
        whole = list(batches(store, cut, CPU))
        rest = list(batches(store, cut, CPU, first=2))
        assert list(batches(store, cut, CPU, first=4)) == []
    assert [batch.rows.tolist() for batch in rest] == [batch.rows.tolist() for batch in whole[2:]]
    assert all(torch.equal(one.pixels, two.pixels) for one, two in zip(rest, whole[2:], strict=True))


def test_leaving_early_leaves_no_thread(tmp_path: Path) -> None:
    with store_in(tmp_path) as store:
        running = batches(store, row_batches(np.arange(10), 2), CPU)
        next(running)
        running.close()
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("batches")]


@pytest.mark.parametrize(
    ("count", "size", "sizes"), [(449, 32, {29, 30}), (9, 4, {3}), (8, 4, {4}), (1, 4, {1}), (0, 4, set())]
)
def test_training_batches_are_of_nearly_one_size(count, size, sizes):
    cut = even_batches(np.arange(count), size)
    assert {len(piece) for piece in cut} == sizes
    assert len(cut) == -(-count // size)
    assert np.array_equal(np.concatenate([np.arange(0), *cut]), np.arange(count))
