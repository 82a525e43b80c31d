"""The evaluation view: the one way in which a picture becomes what the network sees.

The pixel store, `evaluate`, `predict` and every export go through `decode`. Decoding large JPEG files at a reduced
scale is about three times as fast, and changes the pixels a little: so it is a parameter of the view, saved in the
run, and whoever answers for the run sees the same.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from workbench.core.resolved import ViewParameters
from workbench.engine.data.headers import orientation_of, read_header
from workbench.engine.data.unreadable import UnreadableImage, check_size, reason_of

__all__ = ["UnreadableImage", "decode", "open_rgb", "read_header", "to_view"]

Pixels = npt.NDArray[np.uint8]

PAD_COLOUR = (124, 116, 104)
"""The mean colour of ImageNet: bars of it are zero once normalised."""

_LARGE = 40_000_000
_one_large_picture = threading.Lock()
"""Pictures of more than _LARGE pixels are decoded one at a time, so that several threads do not fill the memory."""


def decode(path: str | Path, view: ViewParameters) -> Pixels:
    """Read a picture as the network sees it.

    EXIF orientation is honoured, transparency is laid on white, and of an animation or a file of several pages the
    first is taken.

    Returns:
        (size, size, 3) uint8, red, green and blue.

    Raises:
        UnreadableImage: the picture cannot be read; its `reason` says why.
    """
    return np.asarray(to_view(open_rgb(path, view), view))


def open_rgb(path: str | Path, view: ViewParameters | None = None) -> Image.Image:
    """The whole picture, upright, in RGB with 8 bits a channel.

    Args:
        view: that it is opened for, at whatever reduced scale it allows; full scale where none is given.

    Raises:
        UnreadableImage: the picture cannot be read; its `reason` says why.
    """
    try:
        with Image.open(path) as image:
            check_size(*image.size)
            if view is not None and view.reduced:
                image.draft(None, _least_size(image.size, view))
            with turn_for(image.size):
                image.load()
                return to_rgb(upright(image))
    except Exception as error:  # decoders raise any kind of error on damaged files
        if Path(path).is_file() and Path(path).stat().st_size == 0:
            raise UnreadableImage("the file is empty") from error
        raise UnreadableImage(reason_of(error)) from error


def _least_size(size: tuple[int, int], view: ViewParameters) -> tuple[int, int]:
    """Width and height, px, that a picture of a size must keep to be averaged down to the view."""
    width, height = size
    seen = (view.size, view.size) if view.resize != "pad" else _fitted(width, height, view.size)
    return seen[0] * view.reduced, seen[1] * view.reduced


def to_view(image: Image.Image, view: ViewParameters) -> Image.Image:
    """Fit an RGB picture into the view's square.

    squash scales both sides; crop takes the middle square; pad keeps the whole picture between bars. Pixels are
    averaged over the area that they come from (Pillow's bilinear filter, which widens as it shrinks).
    """
    size = view.size
    width, height = image.size
    if view.resize == "squash":
        return image.resize((size, size), Image.Resampling.BILINEAR)
    if view.resize == "crop":
        side = min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        return image.resize((size, size), Image.Resampling.BILINEAR, box=(left, top, left + side, top + side))
    fitted = _fitted(width, height, size)
    canvas = Image.new("RGB", (size, size), PAD_COLOUR)
    canvas.paste(image.resize(fitted, Image.Resampling.BILINEAR), ((size - fitted[0]) // 2, (size - fitted[1]) // 2))
    return canvas


def _fitted(width: int, height: int, size: int) -> tuple[int, int]:
    """Width and height of the whole picture within a square of `size`."""
    scale = size / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def to_rgb(image: Image.Image) -> Image.Image:
    """Any mode as RGB: deeper greys are scaled to 8 bits, transparency is laid on white."""
    if image.mode == "RGB" and "transparency" not in image.info:
        return image
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_to_8_bits(np.asarray(image)), "L").convert("RGB")
    if image.has_transparency_data:
        return _on_white(image)
    return image.convert("RGB")


_TO_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright(image: Image.Image) -> Image.Image:
    """Turned and mirrored as its EXIF orientation says; a decoded TIFF file is upright already and says so."""
    turn = _TO_UPRIGHT.get(orientation_of(image))
    return image if turn is None else image.transpose(turn)


def _on_white(image: Image.Image) -> Image.Image:
    rgba = image.convert("RGBA")
    white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, rgba).convert("RGB")


def _to_8_bits(values: npt.NDArray[np.generic]) -> Pixels:
    """Scale deeper greys by the range in which they were recorded, as far as the picture shows it.

    Whole numbers are taken as 8, 12 or 16 bits, whichever holds them; floating-point values as 0 to 1 or 0 to 255.
    Only what fits none of these is stretched between its least and greatest value, since that loses brightness.
    """
    numbers = np.asarray(values, dtype=np.float64)
    finite = np.isfinite(numbers)
    numbers = np.where(finite, numbers, 0.0)
    low, high = (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 0.0)
    ranges = (1.0, 255.0) if values.dtype.kind == "f" else (255.0, 4095.0, 65535.0)
    bound = next((bound for bound in ranges if low >= 0 and high <= bound), None)
    if bound is None:
        numbers, bound = numbers - low, high - low
    return np.asarray(np.rint(numbers * (255.0 / (bound or 1.0))), dtype=np.uint8)


def turn_for(size: tuple[int, int]) -> AbstractContextManager[object]:
    return _one_large_picture if size[0] * size[1] > _LARGE else nullcontext()
