from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.engine.data.pictures import picture, pixels
from workbench.core.resolved import ViewParameters
from workbench.engine.data import pixel_cache, pixel_shelf, pixel_store, segments
from workbench.engine.data.pixel_store import PixelStore

VIEW = ViewParameters(size=8)
RECORD = 8 * 8 * 3
PLENTY = 10**9


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return [picture(tmp_path / "p" / f"{number}.png", number, 8, 8) for number in range(20)]


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Segments of 6 records; afterwards no thread of any store is left."""
    monkeypatch.setattr(pixel_shelf, "_SEGMENT_BYTES", 6 * RECORD)
    yield
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("pixels-")]


class Decodes:
    """Counts what is decoded."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: list[str] = []
        original = pixel_store.decode

        def counting(path: Path, view: ViewParameters) -> np.ndarray:
            self.names.append(path.name)
            return original(path, view)

        monkeypatch.setattr(pixel_store, "decode", counting)


def expected(rows: list[int]) -> np.ndarray:
    return np.stack([pixels(row, 8, 8) for row in rows])


def assert_reads(store: PixelStore, rows: list[int]) -> None:
    records, readable = store.read(np.array(rows))
    assert readable.all() and [row.tolist() for row in records] == [pixels(row, 8, 8).tolist() for row in rows]


def filled(cache: Path, paths: list[Path], **options: object) -> None:
    with PixelStore(cache, paths, VIEW, PLENTY, 2, **options) as store:
        store.start(np.arange(len(paths)))
        assert_reads(store, list(range(len(paths))))
        assert store.progress == (len(paths), len(paths)) and store.notice == ""


def test_reads_while_it_fills_in_any_order(tmp_path: Path, paths: list[Path]) -> None:
    with PixelStore(tmp_path / "c", paths, VIEW, PLENTY, 2) as store:
        store.start(np.arange(20)[::-1])
        assert_reads(store, [3, 19, 3, 0, 7])
        assert_reads(store, list(range(20)))
        assert_reads(store, [])


def test_reads_without_being_started(tmp_path: Path, paths: list[Path]) -> None:
    with PixelStore(tmp_path / "c", paths, VIEW, PLENTY, 1) as store:
        assert_reads(store, [5, 4])


def test_each_picture_is_decoded_once_in_its_life(
    tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    decodes = Decodes(monkeypatch)
    filled(tmp_path / "c", paths)
    assert sorted(decodes.names) == sorted(path.name for path in paths)
    decodes.names.clear()
    filled(tmp_path / "c", paths)
    assert decodes.names == []


def test_a_new_run_decodes_only_what_is_new(tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "c", paths[:15])
    decodes = Decodes(monkeypatch)
    picture(paths[3], 3, 8, 8)
    os.utime(paths[3], ns=(1, 1))
    filled(tmp_path / "c", paths)
    assert sorted(decodes.names) == sorted(["3.png", *(path.name for path in paths[15:])])
    decodes.names.clear()
    with PixelStore(tmp_path / "c", paths, ViewParameters(size=8, resize="crop"), PLENTY, 1) as store:
        store.read(np.arange(2))
    assert len(decodes.names) == 2


def test_what_was_decoded_before_closing_is_kept(
    tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with PixelStore(tmp_path / "c", paths, VIEW, PLENTY, 1) as store:
        store.read(np.arange(4))
    decodes = Decodes(monkeypatch)
    filled(tmp_path / "c", paths)
    assert len(decodes.names) == 16


def with_torn_record(segments: list[Path]) -> None:
    """Zero the beginning of each segment's last record."""
    for path in segments:
        data = bytearray(path.read_bytes())
        data[-RECORD : -RECORD + 8] = bytes(8)
        path.write_bytes(data)


def test_torn_segments_are_made_again(tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "c", paths)
    first, second, *_ = sorted((tmp_path / "c").iterdir())
    first.write_bytes(first.read_bytes()[:-10])
    with_torn_record([second])
    decodes = Decodes(monkeypatch)
    filled(tmp_path / "c", paths)
    assert 2 <= len(decodes.names) <= 7
    with_torn_record(sorted((tmp_path / "c").iterdir()))
    with PixelStore(tmp_path / "c", paths, VIEW, PLENTY, 1) as store:
        assert_reads(store, list(range(20)))
    decodes.names.clear()
    filled(tmp_path / "c", paths)
    assert decodes.names == []


def test_unreadable_pictures_are_zeros_and_listed(tmp_path: Path, paths: list[Path]) -> None:
    paths[2].write_bytes(b"")
    paths[5].unlink()
    with PixelStore(tmp_path / "c", paths, VIEW, PLENTY, 2) as store:
        store.start(np.arange(20))
        records, readable = store.read(np.arange(20))
        assert np.flatnonzero(~readable).tolist() == [2, 5] and not records[[2, 5]].any()
        assert store.failures == {2: "the file is empty", 5: "there is no such file"}
        assert_reads(store, [1, 3, 6])


def test_the_limit_holds_and_the_rest_is_decoded_at_each_read(
    tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    decodes = Decodes(monkeypatch)
    with PixelStore(tmp_path / "c", paths, VIEW, 10 * RECORD, 2) as store:
        store.start(np.arange(20))
        assert_reads(store, list(range(20)))
        assert_reads(store, list(range(20)))
        assert len(decodes.names) == 30
        assert store.notice.startswith("The pixel store has room for 10 of 20 pictures")


def test_old_unused_segments_make_room(tmp_path: Path, paths: list[Path]) -> None:
    filled(tmp_path / "c", paths[:10])
    before = {path.name: path.stat().st_size for path in (tmp_path / "c").iterdir()}
    with PixelStore(tmp_path / "c", paths[10:], VIEW, sum(before.values()) + 5 * RECORD, 1) as store:
        store.start(np.arange(10))
        assert_reads_from(store, paths[10:])
    left = {path.name for path in (tmp_path / "c").iterdir()}
    assert not before.keys() <= left and len(left - before.keys()) == 2


def assert_reads_from(store: PixelStore, paths: list[Path]) -> None:
    records, readable = store.read(np.arange(len(paths)))
    assert readable.all() and np.array_equal(records, expected([int(path.stem) for path in paths]))


def test_segments_in_use_are_never_deleted(tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "c", paths)
    before = set((tmp_path / "c").iterdir())
    decodes = Decodes(monkeypatch)
    with PixelStore(tmp_path / "c", paths, VIEW, 1, 1) as store:
        store.start(np.arange(20))
        assert_reads(store, list(range(20)))
    assert set((tmp_path / "c").iterdir()) == before and decodes.names == []


def test_a_full_disk_is_said_and_training_goes_on(
    tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pixel_shelf, "write_segment", full)
    with PixelStore(tmp_path / "c", paths, VIEW, PLENTY, 2) as store:
        store.start(np.arange(20))
        assert_reads(store, list(range(20)))
        assert_reads(store, list(range(20)))
        assert "cannot be stored" in store.notice and "No space left on device" in store.notice


def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path, paths: list[Path]) -> None:
    (tmp_path / "c").write_text("a file where the folder should be")
    with PixelStore(tmp_path / "c", paths, VIEW, PLENTY, 2) as store:
        store.start(np.arange(20))
        assert_reads(store, list(range(20)))
        assert "cannot be stored" in store.notice


def test_a_read_only_store_leaves_the_folder_alone(tmp_path: Path, paths: list[Path]) -> None:
    with PixelStore(tmp_path / "c", paths, VIEW, PLENTY, 1) as writing:
        writing.start(np.arange(20))
        assert_reads(writing, list(range(12)))
        with PixelStore(tmp_path / "c", paths, VIEW, 0, 1, read_only=True) as reading:
            reading.start(np.arange(20))
            assert_reads(reading, list(range(20)))
        assert_reads(writing, list(range(20)))
    before = sorted((tmp_path / "c").iterdir())
    with PixelStore(tmp_path / "c", paths[:3], VIEW, 0, 1, read_only=True) as reading:
        assert_reads(reading, [0, 1, 2])
    assert sorted((tmp_path / "c").iterdir()) == before
    with PixelStore(tmp_path / "other", paths, VIEW, 0, 1, read_only=True) as reading:
        assert_reads(reading, [0])
    assert not (tmp_path / "other").exists()


def test_several_readers_at_once(tmp_path: Path, paths: list[Path]) -> None:
    failures: list[BaseException] = []

    def read(store: PixelStore, seed: int) -> None:
        random = np.random.default_rng(seed)
        try:
            for _ in range(30):
                assert_reads(store, random.integers(0, 20, 7).tolist())
        except BaseException as error:
            failures.append(error)

    with PixelStore(tmp_path / "c", paths, VIEW, 9 * RECORD, 3) as store:
        store.start(np.arange(20))
        readers = [threading.Thread(target=read, args=(store, seed)) for seed in range(4)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    assert failures == []


def test_closing_wakes_a_reader_and_may_be_repeated(
    tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    started, go_on = threading.Event(), threading.Event()
    original = pixel_store.decode

    def slow(path: Path, view: ViewParameters) -> np.ndarray:
        started.set()
        go_on.wait(10)
        return original(path, view)

    monkeypatch.setattr(pixel_store, "decode", slow)
    store = PixelStore(tmp_path / "c", paths, VIEW, PLENTY, 1)
    caught: list[BaseException] = []

    def read() -> None:
        try:
            store.read(np.arange(5))
        except RuntimeError as error:
            caught.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    started.wait(10)
    closer = threading.Thread(target=store.close)
    closer.start()
    reader.join(10)
    go_on.set()
    closer.join(10)
    store.close()
    assert len(caught) == 1 and "closed" in str(caught[0])
    with pytest.raises(RuntimeError, match="closed"):
        store.read(np.arange(2))


def test_leftovers_of_a_crash_are_removed_once_they_are_old(tmp_path: Path, paths: list[Path]) -> None:
    cache = tmp_path / "c"
    cache.mkdir()
    (cache / "8-old.tmp").write_bytes(b"x")
    (cache / "8-new.tmp").write_bytes(b"x")
    os.utime(cache / "8-old.tmp", (1, 1))
    filled(cache, paths)
    assert (cache / "8-new.tmp").exists() and not (cache / "8-old.tmp").exists()


def test_an_error_of_the_decoder_does_not_stop_the_reader(
    tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path, view: ViewParameters) -> np.ndarray:
        raise MemoryError

    monkeypatch.setattr(pixel_store, "decode", broken)
    with PixelStore(tmp_path / "c", paths, VIEW, PLENTY, 1) as store:
        _, readable = store.read(np.arange(3))
        assert not readable.any() and store.failures[0] == "it does not fit into memory"


def test_the_disk_is_not_filled_to_the_brim(tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pixel_cache, "_LEFT_FREE_BYTES", 10**18)
    with PixelStore(tmp_path / "c", paths, VIEW, PLENTY, 1) as store:
        assert_reads(store, [0, 1])
        assert "room for 0 of 20" in store.notice
    assert list(segments.list_segments(tmp_path / "c")) == []
