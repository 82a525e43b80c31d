"""A map of what a network looked at, laid over the picture at the picture's own size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from torch import Tensor

from workbench.core.errors import RunError
from workbench.core.resolved import ViewParameters
from workbench.core.saliency import COLOURS
from workbench.engine.insight.mask_judge import planes

Shares = npt.NDArray[np.float32]


def at_picture_size(found: Tensor, size: tuple[int, int], view: ViewParameters) -> Shares:
    """A map (S, S) of the view as (height, width) of the picture, 1 where it is greatest; nought outside the view."""
    height, width = size
    result = np.zeros(size, np.float32)
    side = min(size)
    inner = (side, side) if view.resize == "crop" else size
    top, left = (height - inner[0]) // 2, (width - inner[1]) // 2
    plane = next(planes(found[None].float(), inner, view)).cpu().numpy()
    result[top : top + inner[0], left : left + inner[1]] = plane
    greatest = float(result.max())
    return result / greatest if greatest > 0 else result


def laid_over(picture: Image.Image, shares: Shares, colours: str, opacity: float) -> Image.Image:
    """An RGB picture under a map (height, width) in [0, 1]; the stronger a mark, the more it hides."""
    anchors = np.array([list(bytes.fromhex(each)) for each in COLOURS[colours]], np.float32)
    steps = np.linspace(0, 1, len(anchors))
    drawn = np.stack([np.interp(shares, steps, anchors[:, channel]) for channel in range(3)], axis=-1)
    alpha = opacity * shares[..., None]
    mixed = (1 - alpha) * np.asarray(picture, np.float32) + alpha * drawn
    return Image.fromarray(np.rint(mixed).astype(np.uint8))


def as_grey(shares: Shares) -> Image.Image:
    """A map in [0, 1] as 8 bits of grey."""
    return Image.fromarray(np.rint(255 * shares).astype(np.uint8))


def save(image: Image.Image, path: Path) -> str:
    """Write a PNG, whatever the file is called, and give its path as text.

    Raises:
        RunError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(path, format="PNG")
    except OSError as error:
        raise RunError(f"{path} cannot be written: {error}.", "Choose another place for it.") from error
    return str(path)
