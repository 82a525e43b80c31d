"""The pixel store's folder: which of its segments serve, and how much room is left."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from workbench.core.resolved import ViewParameters
from workbench.engine.data.image_files import PathResolver
from workbench.engine.data.segments import (
    NO_KEY,
    SUFFIX,
    Segment,
    list_segments,
    open_segment,
    record_bytes,
)

_ABANDONED_S = 3600
_LEFT_FREE_BYTES = 500_000_000
"""What the store leaves free on the disk for others."""


def picture_keys(paths: Sequence[Path], view: ViewParameters) -> list[bytes]:
    """A key of 16 bytes for each picture's resolved path, size and time of change, seen through `view`.

    NO_KEY where there is no such file.
    """
    resolve = PathResolver()
    reduced = f"\0{view.reduced}" if view.reduced else ""
    suffix = f"\0{view.size}\0{view.resize}\0{_VIEW_VERSION}{reduced}".encode()
    keys = []
    for path in paths:
        real = resolve(str(path))
        try:
            facts = os.stat(real)
        except OSError:
            keys.append(NO_KEY)
            continue
        text = f"{real}\0{facts.st_size}\0{facts.st_mtime_ns}".encode("utf-8", "surrogateescape")
        keys.append(blake2b(text + suffix, digest_size=16).digest())
    return keys


_VIEW_VERSION = 1
"""To be raised whenever `view.decode` gives other pixels than before."""


@dataclass
class Found:
    """What lies in the cache folder for a list of keys.

    Attributes:
        segments: those that hold one of the keys.
        places: for each row that is stored: number of its segment, and of its record.
        used_bytes: of these segments.
        others: path, bytes and age order of all other segments, oldest first.
    """

    segments: list[Segment]
    places: dict[int, tuple[int, int]]
    used_bytes: int
    others: list[tuple[Path, int]]


def look_up(folder: Path, keys: Sequence[bytes], size: int) -> Found:
    """Find the segments that hold any of the keys, newest first, so that a record stored twice is taken once."""
    rows: dict[bytes, list[int]] = {}
    for row, key in enumerate(keys):
        if key != NO_KEY:
            rows.setdefault(key, []).append(row)
    found = Found([], {}, 0, [])
    for path, length, changed in sorted(list_segments(folder), key=lambda facts: (facts[2], facts[0]), reverse=True):
        if path.suffix != SUFFIX:
            _remove_abandoned(path, changed)
            continue
        segment = open_segment(path, size) if path.name.startswith(f"{size}-") else None
        mine = [(slot, row) for slot, key in enumerate(segment.keys) for row in rows.pop(key, [])] if segment else []
        if segment and mine:
            found.places.update({row: (len(found.segments), slot) for slot, row in mine})
            found.segments.append(segment)
            found.used_bytes += length
        else:
            found.others.insert(0, (path, length))
    return found


def make_room(folder: Path, found: Found, missing: int, size: int, limit_bytes: int) -> int:
    """Delete the oldest unused segments as far as needed; the number of records that may still be stored."""
    record = record_bytes(size)
    total = found.used_bytes + sum(length for _, length in found.others)
    while found.others and total + missing * record > limit_bytes:
        path, length = found.others.pop(0)
        try:
            path.unlink(missing_ok=True)
        except OSError:
            continue  # another process reads it: its bytes still count
        total -= length
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free - _LEFT_FREE_BYTES
    return max(0, min(missing, (limit_bytes - total) // record, free // record))


def _remove_abandoned(path: Path, changed: float) -> None:
    """Delete what a process that crashed left half written."""
    if time.time() - changed > _ABANDONED_S:
        path.unlink(missing_ok=True)
