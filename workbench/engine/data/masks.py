"""Masks as the network learns them: read, told apart by class, and fitted like their pictures."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt
from PIL import Image

from workbench.core.errors import RequestError
from workbench.core.resolved import ViewParameters
from workbench.engine.data.unreadable import UnreadableImage, check_size, reason_of
from workbench.engine.data.view import turn_for, upright

Pixels = npt.NDArray[np.uint8]

IGNORED = 255
"""The class of pixels that say nothing."""

_DEEPEST = 255


class NotAMask(UnreadableImage):
    """A picture that can be read but is no mask, which speaks against the whole folder; `reason` is a clause."""


def read_mask(path: str | Path) -> Pixels:
    """The values of a mask, upright.

    A palette's entries count by their number, greys by their value (of two-valued files 0 and 255), and colours only
    where they are grey.

    Returns:
        (H, W) uint8.

    Raises:
        NotAMask: it holds colours, or values beyond 255.
        UnreadableImage: it cannot be read.
    """
    try:
        with Image.open(path) as image:
            check_size(*image.size)
            with turn_for(image.size):
                image.load()
                return _values(upright(image))
    except UnreadableImage:
        raise
    except Exception as error:  # decoders raise any kind of error on damaged files
        raise UnreadableImage(reason_of(error)) from error


def _values(image: Image.Image) -> Pixels:
    if image.mode == "1":
        return np.asarray(image.convert("L"))
    numbers = np.asarray(image)
    if image.mode in ("L", "P"):
        return np.asarray(numbers, dtype=np.uint8)
    if image.mode in ("LA", "PA"):
        return np.ascontiguousarray(numbers[..., 0])
    if image.mode.startswith("I") or image.mode == "F":
        return _shallow(numbers)
    colours = np.asarray(image.convert("RGB"))
    grey = colours[..., 0]
    if not (np.array_equal(grey, colours[..., 1]) and np.array_equal(grey, colours[..., 2])):
        raise NotAMask("it holds colours")
    return np.ascontiguousarray(grey)


def _shallow(numbers: npt.NDArray[np.generic]) -> Pixels:
    small = np.asarray(numbers).astype(np.uint8)
    if not np.array_equal(small, numbers):
        raise NotAMask("it holds values that are no whole numbers from 0 to 255")
    return small


def to_classes(raw: Pixels, values: Sequence[int]) -> Pixels:
    """(H, W) uint8, the place of each pixel's value in `values`; IGNORED where it is not among them."""
    table = np.full(_DEEPEST + 1, IGNORED, np.uint8)
    table[np.asarray(values, dtype=np.int64)] = np.arange(len(values), dtype=np.uint8)
    return np.asarray(table[raw])


def check_view(view: ViewParameters) -> None:
    """Refuse a view in which a mask would not cover what the picture shows.

    Raises:
        RequestError: it crops.
    """
    if view.resize == "crop":
        raise RequestError(
            "recipe.resize = 'crop' cuts off what masks mark at the edges, so it does not go with a mask task.",
            "Set recipe.resize to squash or pad.",
        )


def view_mask(path: str | Path, values: Sequence[int], view: ViewParameters) -> Pixels:
    """A mask fitted into the view's square as its picture is, each pixel from the nearest one.

    Returns:
        (size, size) uint8, a place in `values`; IGNORED for other values and in the bars of a padded view.

    Raises:
        RequestError: the view crops.
        UnreadableImage: the mask cannot be read.
    """
    check_view(view)
    size = view.size
    image = Image.fromarray(to_classes(read_mask(path), values))
    if view.resize == "squash":
        return np.asarray(image.resize((size, size), Image.Resampling.NEAREST))
    scale = size / max(image.size)
    fitted = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    canvas = Image.new("L", (size, size), IGNORED)
    canvas.paste(image.resize(fitted, Image.Resampling.NEAREST), ((size - fitted[0]) // 2, (size - fitted[1]) // 2))
    return np.asarray(canvas)


class MaskStore:
    """Masks as `view_mask` gives them, each read once and kept compressed in memory. Safe to use from any thread.

    Args:
        paths: M masks.
        values: the pixel value of each class.
        view: how the pictures are seen.
        threads: that read.
    """

    def __init__(self, paths: Sequence[str | Path], values: Sequence[int], view: ViewParameters, threads: int) -> None:
        check_view(view)
        self._paths, self._values, self._view = list(paths), list(values), view
        self._pool = ThreadPoolExecutor(max(1, threads), thread_name_prefix="masks")
        self._packed: dict[int, Future[bytes]] = {}
        self._failures: dict[int, str] = {}
        self._changed = threading.Lock()

    @property
    def failures(self) -> dict[int, str]:
        """The masks that could not be read, by number, with the reason for each."""
        with self._changed:
            return dict(self._failures)

    def read(self, indices: npt.NDArray[np.int64]) -> Pixels:
        """Gather masks, reading those that have not been read yet.

        Args:
            indices: (B,) numbers of masks; -1 where there is none.

        Returns:
            (B, size, size) uint8 classes; IGNORED everywhere for a mask that is not there or cannot be read.
        """
        size = self._view.size
        masks = np.full((len(indices), size, size), IGNORED, np.uint8)
        wanted = [(at, self._packed_of(index)) for at, index in enumerate(np.asarray(indices).tolist()) if index >= 0]
        for at, future in wanted:
            packed = future.result()
            if packed:
                masks[at] = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(size, size)
        return masks

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> MaskStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _packed_of(self, index: int) -> Future[bytes]:
        with self._changed:
            future = self._packed.get(index)
            if future is None:
                future = self._packed[index] = self._pool.submit(self._pack, index)
            return future

    def _pack(self, index: int) -> bytes:
        """A mask compressed; empty where it cannot be read."""
        try:
            return zlib.compress(view_mask(self._paths[index], self._values, self._view).tobytes(), 1)
        except UnreadableImage as error:
            with self._changed:
                self._failures[index] = error.reason
            return b""
