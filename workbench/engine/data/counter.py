"""Randomness without a generator: a number is a hash of what it is for, so it can be drawn again in any order.

The mixing function is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
Integer arithmetic only, so it gives the same numbers on every platform.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import numpy.typing as npt

UInt64 = npt.NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def key_of(*parts: int | str) -> int:
    """A 64-bit key for a seed, an epoch, a purpose …; different parts give unrelated keys."""
    text = "\x1f".join(f"{type(part).__name__}:{part}" for part in parts)
    return int.from_bytes(blake2b(text.encode("utf-8"), digest_size=8).digest(), "little")


def hash64(key: int, counters: npt.NDArray[np.integer]) -> UInt64:
    """Hash each counter under `key`; same shape as `counters`."""
    with np.errstate(over="ignore"):
        state = (np.asarray(counters).astype(np.uint64) + np.uint64(1)) * _STEP + np.uint64(key)
        state = (state ^ (state >> np.uint64(30))) * _FIRST
        state = (state ^ (state >> np.uint64(27))) * _SECOND
    return np.asarray(state ^ (state >> np.uint64(31)), dtype=np.uint64)


def uniform(key: int, counters: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """A number in [0, 1) for each counter under `key`; same shape as `counters`."""
    return np.asarray((hash64(key, counters) >> np.uint64(11)) * 2.0**-53, dtype=np.float64)
