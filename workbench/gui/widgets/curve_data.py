"""What a plot keeps of its curves, and the arithmetic of drawing them. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]
_BLOCK = 256  # values smoothed at once
_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


class Series:
    """A curve that grows: x ascending, y with values that are no numbers left out.

    Attributes:
        version: grows with every change, so that what is unchanged need not be drawn again.
    """

    def __init__(self) -> None:
        self._x = np.empty(256)
        self._y = np.empty(256)
        self._smooth = np.empty(256)
        self._size = 0
        self._keep = 0.0
        self.version = 0

    def __len__(self) -> int:
        return self._size

    @property
    def x(self) -> Values:
        """Positions, (N,)."""
        return self._x[: self._size]

    @property
    def y(self) -> Values:
        """Values, (N,)."""
        return self._y[: self._size]

    @property
    def smooth(self) -> Values:
        """Exponential moving average of the values, (N,); the values themselves without smoothing."""
        return self._smooth[: self._size] if self._keep else self.y

    def append(self, x: ArrayLike, y: ArrayLike) -> None:
        """Add points at the end, one or many.

        Raises:
            ValueError: x and y differ in length.
        """
        xs, ys = np.atleast_1d(np.asarray(x, float)), np.atleast_1d(np.asarray(y, float))
        if xs.shape != ys.shape:
            raise ValueError(f"{xs.shape} positions for {ys.shape} values")
        usable = np.isfinite(xs) & np.isfinite(ys)
        xs, ys = xs[usable], ys[usable]
        if not xs.size:
            return
        start, end = self._size, self._size + xs.size
        self._reserve(end)
        self._x[start:end], self._y[start:end] = xs, ys
        if self._keep:
            before = self._smooth[start - 1] if start else ys[0]
            self._smooth[start:end] = smoothed(ys, self._keep, float(before))
        self._size = end
        self.version += 1

    def replace(self, x: ArrayLike, y: ArrayLike) -> None:
        """Begin again with these points."""
        self._size = 0
        self.version += 1
        self.append(x, y)

    def set_smoothing(self, keep: float) -> None:
        """Set the share of the average that a step keeps, 0 (no smoothing) to below 1."""
        if keep == self._keep:
            return
        self._keep = keep
        if keep and self._size:
            self._smooth[: self._size] = smoothed(self.y, keep, float(self.y[0]))
        self.version += 1

    def nearest(self, x: float) -> int | None:
        """The index of the point nearest to x; None if there is none."""
        if not self._size:
            return None
        right = int(np.searchsorted(self.x, x))
        left = max(0, right - 1)
        right = min(right, self._size - 1)
        return left if x - self.x[left] <= self.x[right] - x else right

    def _reserve(self, size: int) -> None:
        if size <= self._x.size:
            return
        room = max(size, 2 * self._x.size)
        for name in ("_x", "_y", "_smooth"):
            grown = np.empty(room)
            grown[: self._size] = getattr(self, name)[: self._size]
            setattr(self, name, grown)


def smoothed(y: Values, keep: float, start: float) -> Values:
    """e[n] = keep · e[n-1] + (1 - keep) · y[n] with e[-1] = start; (N,) to (N,).

    Blocks are worked by one matrix product, and only their ends in sequence: a million values take
    milliseconds.
    """
    powers, weights = _weights(keep)
    blocks = -(-y.size // _BLOCK)
    padded = np.zeros(blocks * _BLOCK)
    padded[: y.size] = y
    result: Values = padded.reshape(blocks, _BLOCK) @ weights
    carry = start
    for block in result:
        block += powers * carry
        carry = float(block[-1])
    return result.ravel()[: y.size]


@lru_cache(maxsize=4)
def _weights(keep: float) -> tuple[Values, Values]:
    """What a block keeps of the value before it (256,), and of its own values (256, 256)."""
    powers: Values = np.power(keep, np.arange(1, _BLOCK + 1, dtype=np.float64))
    lag = np.subtract.outer(np.arange(_BLOCK), np.arange(_BLOCK))
    weights = np.where(lag >= 0, (1 - keep) * keep ** np.maximum(lag, 0), 0.0)
    return powers, np.ascontiguousarray(weights.T)


def thinned(x: Values, y: Values, most: int = 2000) -> tuple[Values, Values]:
    """At most about `most` points with the same outline: the least and greatest value of each stretch."""
    stretch = -(-x.size // max(1, most // 2))
    if stretch <= 2:
        return x, y
    whole = x.size // stretch * stretch
    rows = y[:whole].reshape(-1, stretch)
    low, high = rows.argmin(axis=1), rows.argmax(axis=1)
    base = np.arange(rows.shape[0]) * stretch
    picked = np.stack([base + np.minimum(low, high), base + np.maximum(low, high)], axis=1).ravel()
    picked = np.concatenate([picked, np.arange(whole, x.size)])  # the newest points as they are
    return x[picked], y[picked]


def round_up(value: float) -> float:
    """The next round number that is at least `value`: 1, 1.5, 2, 3 … times a power of ten."""
    if value <= 0 or not math.isfinite(value):
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (*_STEPS, 15.0) if step * power >= value * (1 - 1e-9))


def round_down(value: float) -> float:
    """The next round number that is at most `value`."""
    return -round_up(-value) if value < 0 else 0.0


def heights(y: Values, log: bool) -> Values:
    """Values to vertical positions, (N,) to (N,); on a logarithmic axis nought and below have none (NaN)."""
    return np.log10(y, out=np.full(y.shape, np.nan), where=y > 0) if log else y


def vertical_range(series: Sequence[Series], log: bool) -> tuple[float, float]:
    """Round limits, as vertical positions, that hold all values; `series` is not empty, nor is any of it."""
    positions = [heights(each.y, log) for each in series]
    known = [part[np.isfinite(part)] for part in positions]
    low = min((float(part.min()) for part in known if part.size), default=-1.0)
    high = max((float(part.max()) for part in known if part.size), default=0.0)
    if log:  # whole powers of ten
        return math.floor(low), max(math.ceil(high), math.floor(low) + 1)
    return round_down(low), round_up(high) or round_down(low) + 1
