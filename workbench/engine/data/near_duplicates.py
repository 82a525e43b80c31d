"""Pictures that look alike: frames of one film, the same photograph saved twice.

Each picture is reduced to 128 bits that say where it grows brighter to the right and downwards (a difference hash)
and to 8 × 8 colours. Two pictures are near-duplicates if few bits differ and their colours agree; the colours keep
plain pictures, whose bits are all alike, apart.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from workbench.core.control import Control
from workbench.core.events import Event, Progress
from workbench.engine.data.parallel import for_each
from workbench.engine.data.unreadable import UnreadableImage
from workbench.engine.data.view import open_rgb

Ints = npt.NDArray[np.int64]

MOST_BITS = 8
MOST_COLOUR = 6.0
"""Mean difference of colours, of 255."""

_ROWS_AT_ONCE = 512
_SIDE = 8


def near_duplicates(paths: Sequence[str], control: Control) -> Generator[Event, None, Ints]:
    """Find pairs of near-duplicates.

    Yields:
        Progress while pictures are read and compared.

    Returns:
        (P, 2) pairs of rows, enough to connect all that look alike. A picture that cannot be decoded has no pair.
    """
    prints = yield from for_each("looking for near-duplicates", paths, fingerprint, control, chunk=32)
    known = np.array([row for row, value in enumerate(prints) if value is not None], dtype=np.int64)
    if len(known) < 2:
        return np.zeros((0, 2), np.int64)
    bits = np.stack([value[0] for value in prints if value is not None])
    colours = np.stack([value[1] for value in prints if value is not None])
    pairs: list[Ints] = [np.zeros((0, 2), np.int64)]
    for start in range(0, len(known), _ROWS_AT_ONCE):
        if control.ending:
            break
        pairs.append(known[_pairs_from(start, bits, colours)])
        yield Progress(what="comparing pictures", done=min(start + _ROWS_AT_ONCE, len(known)), total=len(known))
    return np.concatenate(pairs)


def fingerprint(path: str) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint8]] | None:
    """(2,) uint64 difference hash and (192,) uint8 colours of a picture; None if it cannot be decoded."""
    try:
        image = open_rgb(path)
    except UnreadableImage:
        return None  # the run lists it, with its reason, when it comes to decode it
    grey = np.asarray(image.convert("L").resize((_SIDE + 1, _SIDE + 1), Image.Resampling.BOX), dtype=np.int16)
    right = grey[:_SIDE, 1:] > grey[:_SIDE, :-1]
    down = grey[1:, :_SIDE] > grey[:-1, :_SIDE]
    bits = np.packbits(np.stack([right, down]).reshape(2, -1), axis=1).view(">u8").astype(np.uint64).reshape(2)
    colours = np.asarray(image.resize((_SIDE, _SIDE), Image.Resampling.BOX), dtype=np.uint8).reshape(-1)
    return bits, colours


def _pairs_from(start: int, bits: npt.NDArray[np.uint64], colours: npt.NDArray[np.uint8]) -> Ints:
    """Pairs whose first picture is one of the next rows and whose second comes after it."""
    mine = bits[start : start + _ROWS_AT_ONCE]
    different = np.bitwise_count(mine[:, None, 0] ^ bits[None, start:, 0])
    different = different + np.bitwise_count(mine[:, None, 1] ^ bits[None, start:, 1])
    one, other = np.nonzero(different <= MOST_BITS)
    later = other > one
    one, other = one[later] + start, other[later] + start
    chosen = [np.zeros(0, np.bool_)]
    for at in range(0, len(one), 1 << 16):
        first, second = one[at : at + (1 << 16)], other[at : at + (1 << 16)]
        distance = np.abs(colours[first].astype(np.int16) - colours[second]).mean(axis=1)
        chosen.append(distance <= MOST_COLOUR)
    alike = np.concatenate(chosen)
    return np.stack([one[alike], other[alike]], axis=1).astype(np.int64)
