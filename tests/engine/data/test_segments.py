from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from workbench.engine.data.segments import NO_KEY, list_segments, open_segment, pixel_sum, write_segment

KEYS = [bytes([number]) * 16 for number in (1, 2, 3)]


def records(size: int = 5) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (3, size, size, 3), dtype=np.uint8)


def test_a_segment_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = write_segment(tmp_path / "new", [KEYS[0], NO_KEY, KEYS[2]], records())
    segment = open_segment(path, 5)
    assert segment is not None and segment.keys == [KEYS[0], NO_KEY, KEYS[2]]
    assert np.array_equal(segment.pixels, records())
    assert [int(total) for total in segment.sums[[0, 2]]] == [pixel_sum(records()[at]) for at in (0, 2)]
    assert [entry[0] for entry in list_segments(tmp_path / "new")] == [path]
    with pytest.raises(ValueError, match="read-only"):
        segment.pixels[0] = 0


def test_torn_foreign_and_missing_files_are_no_segments(tmp_path: Path) -> None:
    path = write_segment(tmp_path, KEYS, records())
    whole = path.read_bytes()
    assert open_segment(path, 6) is None
    for torn in (whole[:-1], whole[:20], b"", whole[:30] + b"\xff" + whole[31:], b"x" * len(whole)):
        path.write_bytes(torn)
        assert open_segment(path, 5) is None
    assert open_segment(tmp_path / "none", 5) is None


def test_the_sum_shows_missing_pages() -> None:
    record = records(40)[0]
    torn = record.copy()
    torn.reshape(-1)[2048:4096] = 0
    assert pixel_sum(torn) != pixel_sum(record)
    torn = record.copy()
    torn.reshape(-1)[-1] ^= 1
    assert pixel_sum(torn) != pixel_sum(record)


def test_nothing_is_left_behind_where_the_disk_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_segment(tmp_path, KEYS, records())
    assert list(tmp_path.iterdir()) == []
