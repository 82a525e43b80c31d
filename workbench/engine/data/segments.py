"""Files of the pixel store: segments of decoded pictures, written once and never changed.

A segment is a header, an index, and records of (size, size, 3) uint8 from a page's start on. The index holds each
record's key and a sum over its pixels; a sum over the index stands in the header. A segment that a crash or a full
disk has torn shows by its length or one of the sums, and is treated as if it were not there.
"""

from __future__ import annotations

import os
import struct
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

_MAGIC = b"WBPIXELS"
_HEADER = struct.Struct("<8sIIII")
_PAGE = 4096
_INDEX = np.dtype([("key", "V16"), ("sum", "<u8")])
SUFFIX = ".pixels"
NO_KEY = bytes(16)


@dataclass
class Segment:
    """An opened segment.

    Attributes:
        keys: n keys of 16 bytes; NO_KEY where a record is empty.
        sums: (n,) uint64, `pixel_sum` of each record.
        pixels: (n, size, size, 3), mapped into memory, not to be written to.
    """

    path: Path
    keys: list[bytes]
    sums: npt.NDArray[np.uint64]
    pixels: Pixels


def record_bytes(size: int) -> int:
    """Bytes of one record of size × size pixels."""
    return size * size * 3


def pixel_sum(record: Pixels) -> int:
    """A sum over all bytes of a record that shows whether parts of it are missing."""
    flat = np.ascontiguousarray(record).reshape(-1)
    whole = len(flat) // 8 * 8
    words = int(flat[:whole].view(np.uint64).sum(dtype=np.uint64))
    return (words + int(flat[whole:].sum(dtype=np.uint64)) * 0x9E3779B1) & 0xFFFFFFFFFFFFFFFF


def write_segment(folder: Path, keys: list[bytes], pixels: Pixels) -> Path:
    """Write a segment aside and rename it when it is complete.

    Args:
        keys: n keys of 16 bytes, NO_KEY for records that are to be ignored.
        pixels: (n, size, size, 3).

    Raises:
        OSError: the disk is full, or writing is not allowed; nothing is left behind.
    """
    index = np.zeros(len(keys), _INDEX)
    index["key"] = np.frombuffer(b"".join(keys), dtype="V16")
    index["sum"] = np.array(
        [pixel_sum(record) if key != NO_KEY else 0 for key, record in zip(keys, pixels, strict=True)], np.uint64
    )
    size = pixels.shape[1]
    head = _HEADER.pack(_MAGIC, size, len(keys), zlib.crc32(index.tobytes()), 0) + index.tobytes()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{size}-{uuid.uuid4().hex}{SUFFIX}"
    aside = path.with_suffix(".tmp")
    try:
        with open(aside, "wb") as file:
            file.write(head.ljust(_data_start(len(keys)), b"\0"))
            file.write(np.ascontiguousarray(pixels).data)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return path


def open_segment(path: Path, size: int) -> Segment | None:
    """Open a segment of size × size pictures; None if it is another's, torn, or gone."""
    try:
        with open(path, "rb") as file:
            magic, side, count, checksum, _ = _HEADER.unpack(file.read(_HEADER.size))
            start, length = _data_start(count), os.fstat(file.fileno()).st_size
            if (magic, side, length) != (_MAGIC, size, start + count * record_bytes(size)) or not count:
                return None
            raw = file.read(count * _INDEX.itemsize)
        if zlib.crc32(raw) != checksum:
            return None
        index = np.frombuffer(raw, _INDEX)
        shape = (count, size, size, 3)
        pixels = np.memmap(path, np.uint8, mode="r", offset=start, shape=shape)
        return Segment(path, [key.tobytes() for key in index["key"]], index["sum"].copy(), pixels)
    except (OSError, ValueError, struct.error):
        return None  # what cannot be opened is decoded again


def list_segments(folder: Path) -> Iterator[tuple[Path, int, float]]:
    """Path, bytes and time of last change (s) of each segment in a folder, those left unfinished included."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.suffix not in (SUFFIX, ".tmp"):
            continue
        try:
            facts = path.stat()
        except FileNotFoundError:
            continue  # another process has removed it
        yield path, facts.st_size, facts.st_mtime


def _data_start(count: int) -> int:
    return -(-(_HEADER.size + count * _INDEX.itemsize) // _PAGE) * _PAGE
