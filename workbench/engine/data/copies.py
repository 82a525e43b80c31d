"""Which files hold the same bytes.

Only files of equal size are read, and large ones whole only if their beginnings agree.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.events import Event
from workbench.engine.data.parallel import for_each

Ints = npt.NDArray[np.int64]

_BEGINNING = 1 << 14
_BLOCK = 1 << 20


def find_copies(paths: Sequence[str], sizes: Ints, control: Control) -> Generator[Event, None, Ints]:
    """Number files so that those with the same bytes have the same number.

    Args:
        paths: different files.
        sizes: (N,) their sizes in bytes; -1 for those that cannot be read, which equal nothing.

    Returns:
        (N,) for each file the place of the first with the same bytes.
    """
    numbers = np.arange(len(paths), dtype=np.int64)
    suspects = _sharing(np.where(sizes > 0, sizes, -1 - np.arange(len(paths))))
    for only_beginning in (True, False):
        names = [paths[at] for at in suspects.tolist()]
        digests = yield from for_each("looking for copies", names, partial(_digest, only_beginning), control)
        if control.ending:
            return numbers
        keys: dict[tuple[int, bytes], int] = {}
        same = np.array(
            [
                keys.setdefault((size, digest), at) if digest else at
                for at, size, digest in zip(suspects.tolist(), sizes[suspects].tolist(), digests, strict=True)
            ],
            dtype=np.int64,
        )
        small = sizes[suspects] <= _BEGINNING
        final = small if only_beginning else np.ones(len(suspects), np.bool_)
        numbers[suspects[final]] = same[final]
        suspects = suspects[_sharing(same)[~small[_sharing(same)]]] if only_beginning else suspects
    return numbers


def _sharing(values: Ints) -> Ints:
    """The places of values that occur more than once."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.flatnonzero(counts[inverse] > 1).astype(np.int64)


def _digest(only_beginning: bool, path: str) -> bytes:
    """A hash of the file, or of its beginning; empty where it cannot be read (its header will say why)."""
    digest = blake2b(digest_size=16)
    try:
        with open(path, "rb", buffering=0) as file:
            digest.update(file.read(_BEGINNING))
            while not only_beginning and (block := file.read(_BLOCK)):
                digest.update(block)
    except OSError:
        return b""
    return digest.digest()
