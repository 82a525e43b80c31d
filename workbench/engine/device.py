"""The one place that knows devices: which there are, and what is done differently on each."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from workbench.core.errors import RequestError
from workbench.core.resolved import Convolutions
from workbench.engine import allocator
from workbench.engine.convolution import DeepConvolutions

Precision = Literal["fp32", "bf16", "fp16"]
Layout = Literal["channels_last", "contiguous"]

MEMORY_FORMATS: dict[str, torch.memory_format] = {
    "channels_last": torch.channels_last,
    "contiguous": torch.contiguous_format,
}

_REDUCED: dict[str, torch.dtype] = {"bf16": torch.bfloat16, "fp16": torch.float16}


def pick(name: str) -> torch.device:
    """The device that `auto`, `cpu`, `cuda`, `cuda:N` or `mps` means on this machine.

    Raises:
        RequestError: there is no such device here.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "mps" if _has_mps() else "cpu")
    kind, _, number = name.partition(":")
    if kind not in ("cpu", "cuda", "mps") or (number and not number.isdigit()):
        raise RequestError(f"{name!r} is not a device.", "Write auto, cpu, cuda, cuda:1 or mps.")
    if kind == "cuda":
        _check_cuda(name, int(number or 0))
    if kind == "mps" and not _has_mps():
        raise RequestError(
            "This machine has no Apple graphics processor that torch can use.", "Set recipe.device to auto."
        )
    return torch.device(name)


def pick_among(name: str, number: int, count: int) -> torch.device:
    """The device of process `number` of `count` on this machine: cards follow each other from `name` on.

    Raises:
        RequestError: there are fewer.
    """
    first = pick(name)
    index = first.index or 0
    there = torch.cuda.device_count() - index if first.type == "cuda" else cores() if first.type == "cpu" else 1
    if count > there:
        kind = {"cuda": "graphics card", "cpu": "processor core"}.get(first.type, f"{first.type} device")
        begin = f" from {first} on" if index else ""
        raise RequestError(
            f"{count} devices were asked for, but this machine has {there} {kind}{'' if there == 1 else 's'}{begin}.",
            f"Set recipe.devices, or --devices, to {there} at most.",
        )
    return torch.device("cuda", index + number) if first.type == "cuda" else first


def check_precision(device: torch.device, precision: str) -> None:
    """Refuse a precision that the device cannot train in.

    Raises:
        RequestError: it cannot.
    """
    if precision == "fp16" and device.type != "cuda":
        raise RequestError(f"fp16 does not train on {device.type}.", "Set recipe.precision to auto, bf16 or fp32.")
    if precision == "bf16" and device.type == "cuda" and not torch.cuda.is_bf16_supported():
        raise RequestError("This graphics card has no bf16.", "Set recipe.precision to auto, fp16 or fp32.")


def has_bf16(device: torch.device) -> bool:
    """Whether the device has bf16 of its own; elsewhere it is imitated, many times slower than fp32."""
    if device.type == "cpu":
        return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
    return device.type == "cuda" and torch.cuda.is_bf16_supported()


def describe(device: torch.device) -> str:
    """The device in words, such as "cuda:0 (NVIDIA H200)"."""
    if device.type != "cuda":
        return str(device)
    index = device.index if device.index is not None else torch.cuda.current_device()
    return f"cuda:{index} ({torch.cuda.get_device_name(index)})"


@contextmanager
def autocast(
    device: torch.device, precision: Precision, convolutions: Convolutions = "gradients"
) -> Iterator[None]:
    """Inside, matrix products and convolutions run in the precision; fp32 changes nothing.

    Args:
        convolutions: how deep ones that learn are worked out on a processor.
    """
    if precision == "fp32":
        yield
        return
    dtype = _REDUCED[precision]
    deep = DeepConvolutions(convolutions, dtype) if device.type == "cpu" and convolutions != "own" else nullcontext()
    with torch.autocast(device.type, dtype=dtype), deep:
        yield


def gradient_scaler(device: torch.device, precision: Precision) -> torch.amp.GradScaler:
    """Keeps small gradients of fp16 from vanishing; does nothing in other precisions."""
    return torch.amp.GradScaler(device.type, enabled=precision == "fp16")


def move(array: npt.NDArray[np.generic], device: torch.device) -> Tensor:
    """An array on the device; towards a graphics card the copy runs beside what is computed there."""
    tensor = torch.from_numpy(array)
    if device.type == "cuda":
        return tensor.pin_memory().to(device, non_blocking=True)
    return tensor.to(device)


def place(network: nn.Module, device: torch.device, layout: Layout) -> None:
    """Bring a network to a device, its convolutions in a memory layout."""
    network.to(device)
    for parameter in network.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=MEMORY_FORMATS[layout])


def synchronise(device: torch.device) -> None:
    """Wait until the device has done what it was given, so that a clock read next is true."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


class Clock(Protocol):
    """Moments in what a device does."""

    def now(self) -> Any:
        """The moment when the device has done what it was given so far; does not wait for it."""

    def seconds(self, first: Any, last: Any) -> float:
        """The time between two moments; waits until the later one is there."""


def clock(device: torch.device) -> Clock | None:
    """The device's clock; None where it has none that is read without holding it up."""
    if device.type == "cpu":
        return _HostClock()
    return _CudaClock(device) if device.type == "cuda" else None


class _HostClock:
    """What is computed has been done when the call returns."""

    def now(self) -> float:
        return time.perf_counter()

    def seconds(self, first: float, last: float) -> float:
        return last - first


class _CudaClock:
    """Events in the queue of the card, which goes on working."""

    def __init__(self, device: torch.device) -> None:
        self._device = device

    def now(self) -> torch.cuda.Event:
        event = torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]
        event.record(torch.cuda.current_stream(self._device))
        return event

    def seconds(self, first: torch.cuda.Event, last: torch.cuda.Event) -> float:
        last.synchronize()
        return float(first.elapsed_time(last)) / 1000


def free_bytes(device: torch.device) -> int | None:
    """Bytes of a graphics card that this process may still fill, with what it holds already; None for other devices."""
    if device.type != "cuda":
        return None
    free, _ = torch.cuda.mem_get_info(device)
    return free + torch.cuda.memory_reserved(device)


def peak_bytes(device: torch.device, work: Callable[[], object]) -> int:
    """Bytes that this process held of a graphics card at most while it worked, with what it held before."""
    torch.cuda.reset_peak_memory_stats(device)
    work()
    return torch.cuda.max_memory_allocated(device)


def give_back_memory(device: torch.device) -> None:
    """Return memory that nothing uses to the device."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
    else:
        allocator.give_back()


def random_state(device: torch.device) -> list[Tensor]:
    """The state of torch's generators that a run draws from: the CPU's, and the device's own."""
    states = [torch.random.get_rng_state()]
    return [*states, torch.cuda.get_rng_state(device)] if device.type == "cuda" else states


def set_random_state(device: torch.device, states: list[Tensor]) -> None:
    """Put back what `random_state` gave."""
    torch.random.set_rng_state(states[0])
    if device.type == "cuda" and len(states) > 1:
        torch.cuda.set_rng_state(states[1], device)


def threads() -> int:
    """How many threads the tensor library takes within one operation: OMP_NUM_THREADS, or one for each core."""
    return torch.get_num_threads()


def set_threads(count: int) -> None:
    """Let the tensor library take that many threads within one operation."""
    if torch.get_num_threads() != count:
        torch.set_num_threads(count)


def cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _has_mps() -> bool:
    return bool(torch.backends.mps.is_available())


def _check_cuda(name: str, index: int) -> None:
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if count == 0:
        raise RequestError(
            f"{name} was asked for, but torch finds no graphics card that it can use.",
            "Set recipe.device to auto or cpu, or install a torch that fits the card's driver.",
        )
    if index >= count:
        raise RequestError(f"There is no {name}: this machine has {count}.", f"Choose cuda:0 to cuda:{count - 1}.")
