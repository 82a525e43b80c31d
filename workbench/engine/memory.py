"""What is done where a device has run out of memory: the same work in smaller pieces."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import Tensor

from workbench.core.errors import RunError
from workbench.engine import device as devices

T = TypeVar("T")
_SIGNS = ("DefaultCPUAllocator", "MPS backend out of memory", "CUDA out of memory")


def halved(at_once: int, device: torch.device, error: torch.OutOfMemoryError) -> int:
    """Half as many pictures at once, after memory that nothing uses has been given back.

    Raises:
        RunError: it was a single picture already.
    """
    if at_once <= 1:
        raise RunError(
            f"{devices.describe(device)} has not the memory for one picture.",
            "Lower recipe.image_size, choose a smaller backbone, or set recipe.device to cpu.",
        ) from error
    devices.give_back_memory(device)
    return max(1, at_once // 2)


def in_pieces(act: Callable[[Tensor], T], x: Tensor, at_once: int) -> tuple[list[T], int]:
    """What `act` makes of a batch, in as many pieces as the device's memory asks for.

    Args:
        x: (B, …), B at least 1.
        at_once: rows of a piece to begin with, at most.

    Returns:
        The answers to the pieces in order, and how many rows they had at most.

    Raises:
        RunError: the memory is not enough for a single row.
    """
    at_once = min(at_once, len(x))
    while True:
        try:
            with shortage():
                return [act(piece) for piece in torch.split(x, at_once)], at_once
        except torch.OutOfMemoryError as error:
            at_once = halved(at_once, x.device, error)


def retried(act: Callable[[], T], device: torch.device) -> T:
    """What something gives that cannot be done in pieces and can be begun anew; once more, after memory that nothing
    uses has been given back, where it runs out.

    Raises:
        RunError: it is not enough then either.
    """
    try:
        with shortage():
            return act()
    except torch.OutOfMemoryError:
        pass  # with the error goes what its frames hold
    gc.collect()
    devices.give_back_memory(device)
    try:
        with shortage():
            return act()
    except torch.OutOfMemoryError as error:
        raise RunError(
            f"{devices.describe(device)} has not the memory to hold what this run trains.",
            "Freeze more stages, choose a smaller backbone, set recipe.ema to 0, or set recipe.device to cpu; then "
            "resume.",
        ) from error


@contextmanager
def shortage() -> Iterator[None]:
    """Inside, a lack of any memory is a torch.OutOfMemoryError; processors and MPS say it with a bare RuntimeError."""
    try:
        yield
    except torch.OutOfMemoryError:
        raise
    except (RuntimeError, MemoryError) as error:
        if isinstance(error, MemoryError) or any(sign in str(error) for sign in _SIGNS):
            raise torch.OutOfMemoryError(str(error)) from error
        raise


def too_little(at_once: int) -> str:
    """What is said of it."""
    some = "1 picture is" if at_once == 1 else f"{at_once} pictures are"
    return f"The memory ran out: from here on {some} worked on at once."
