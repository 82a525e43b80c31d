"""Pictures that cannot be read, and why, in plain words."""

from __future__ import annotations

import errno

from PIL import Image, UnidentifiedImageError

MOST_PIXELS = 178_956_970
"""The largest picture that is opened: what Pillow too takes for a decompression bomb (0.5 GB as RGB)."""

# The limit is ours, checked before any pixel is decoded, so that it holds in every thread without warnings.
Image.MAX_IMAGE_PIXELS = None


class UnreadableImage(Exception):
    """A picture cannot be read; `reason` is a clause such as "the file is empty"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_size(width: int, height: int) -> None:
    """Raise UnreadableImage for a size that no picture has, or that would fill the memory."""
    if width <= 0 or height <= 0:
        raise UnreadableImage("it says that it is 0 pixels wide or high")
    if width * height > MOST_PIXELS:
        raise UnreadableImage(f"it is {width} × {height} pixels, more than {MOST_PIXELS // 1_000_000} million")


def reason_of(error: Exception) -> str:
    """What a decoder's error means to the owner of the picture."""
    if isinstance(error, UnreadableImage):
        return error.reason
    if isinstance(error, UnidentifiedImageError):
        return "it is not a picture in any format that can be read"
    if isinstance(error, MemoryError):
        return "it does not fit into memory"
    if isinstance(error, OSError) and error.errno is not None:
        return _system_reason(error)
    text = str(error).strip().rstrip(".")
    if any(word in text.lower() for word in ("truncated", "not processed", "broken data stream", "premature")):
        return "the file is cut off: part of the picture is missing"
    if isinstance(error, EOFError):
        return "the file ends too early"
    return f"its data are damaged ({text or type(error).__name__})"


def _system_reason(error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return "there is no such file"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "reading it is not allowed"
    if error.errno == errno.EISDIR:
        return "it is a folder"
    return f"the system cannot read it ({error.strerror})"
