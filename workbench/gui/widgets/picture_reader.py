"""Any picture that Pillow opens, shrunk and as a QImage. No widget, no thread: for the threads that load."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageOps
from PySide6.QtGui import QImage


def read_picture(path: str, side: int) -> QImage:
    """The picture upright, at most `side` px wide and high; never enlarged.

    Raises:
        OSError, ValueError, SyntaxError: it cannot be read (Pillow raises all three for broken files).
    """
    with Image.open(path) as file:
        file.draft(None, (side, side))  # JPEG files are then decoded at a fraction of their size
        image: Image.Image = _eight_bits(file)
        image = ImageOps.exif_transpose(image)
        image.thumbnail((side, side), Image.Resampling.BILINEAR, reducing_gap=2.0)
        return to_qimage(image)


def read_mask(path: str, side: int) -> QImage:
    """The values of a mask as Format_Grayscale8, at most `side` px wide and high; no value that it does not hold.

    A palette's pictures give their indices. The stored orientation is obeyed as for pictures.

    Raises:
        OSError, ValueError, SyntaxError: it cannot be read (Pillow raises all three for broken files).
    """
    with Image.open(path) as file:
        image = ImageOps.exif_transpose(file)
        if image.mode != "P":  # whose bytes are the indices
            image = image.convert("L") if not image.mode.startswith("I") else _first_byte(image)
        scale = min(1.0, side / max(image.size))
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        data = image.resize(size, Image.Resampling.NEAREST).tobytes()
        return QImage(data, size[0], size[1], size[0], QImage.Format.Format_Grayscale8).copy()


def to_qimage(image: Image.Image) -> QImage:
    """A copy of a Pillow picture of any mode."""
    alpha = image.has_transparency_data
    image = image.convert("RGBA" if alpha else "RGB")
    kind = QImage.Format.Format_RGBA8888 if alpha else QImage.Format.Format_RGB888
    data = image.tobytes()
    return QImage(data, image.width, image.height, len(data) // max(1, image.height), kind).copy()


def _first_byte(image: Image.Image) -> Image.Image:
    """Masks of 16 bits hold small values, or they could not be told apart."""
    return Image.fromarray(np.asarray(image).clip(0, 255).astype(np.uint8))


def _eight_bits(image: Image.Image) -> Image.Image:
    """Pictures of more than 8 bits are stretched from their darkest to their brightest value."""
    if not (image.mode == "F" or image.mode.startswith("I")):
        return image
    values = np.asarray(image, dtype=np.float32)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    scaled = np.nan_to_num((values - low) * (255.0 / max(high - low, 1e-12)))
    result = Image.fromarray(scaled.clip(0, 255).astype(np.uint8))
    result.info.update(image.info)
    result.getexif().update(image.getexif())
    return result
