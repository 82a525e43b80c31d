"""Whether a graphics card that the driver knows can be used by the torch that is installed, without importing torch."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Version = tuple[int, int]

CUDA_BUILDS: tuple[Version, ...] = ((12, 6), (13, 2))
"""For each major version of CUDA the build of torch's own index that is named, oldest first: 13.2 is what torch's
default Linux wheel is built for, 12.6 the build that it keeps for older drivers."""

_INDEX = "https://download.pytorch.org/whl"


@dataclass(frozen=True)
class CardProblem:
    """What keeps torch from a graphics card, and the command that mends it."""

    text: str
    fix: str


@dataclass(frozen=True)
class Driver:
    """What the driver says: the name of its first card, and the newest CUDA that it runs."""

    card: str
    cuda: Version


def card_problem() -> CardProblem | None:
    """Why the graphics card that NVML sees cannot be used; None where it can, or where there is none."""
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return None  # hidden on purpose
    driver = read_driver()
    return None if driver is None else compare(driver, torch_cuda())


def read_driver() -> Driver | None:
    """Ask NVML; None where there is no driver or no card."""
    pynvml: Any = importlib.import_module("pynvml")  # its functions carry no types
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return None  # no driver, no card
    try:
        if pynvml.nvmlDeviceGetCount() == 0:
            return None
        number = int(pynvml.nvmlSystemGetCudaDriverVersion_v2())
        name = pynvml.nvmlDeviceGetName(pynvml.nvmlDeviceGetHandleByIndex(0))
        return Driver(name.decode() if isinstance(name, bytes) else str(name), (number // 1000, number % 1000 // 10))
    except pynvml.NVMLError:
        return None  # a driver that does not answer offers no card
    finally:
        pynvml.nvmlShutdown()


def torch_cuda() -> Version | None:
    """The CUDA version that the installed torch was built for; None for a build without CUDA."""
    found = importlib.util.find_spec("torch")
    if found is None or found.origin is None:
        return None
    return parse_cuda(Path(found.origin).with_name("version.py").read_text(encoding="utf-8"))


def parse_cuda(version_file: str) -> Version | None:
    """The CUDA version in the text of torch/version.py."""
    match = re.search(r"^cuda\b[^=\n]*=\s*['\"](\d+)\.(\d+)", version_file, re.MULTILINE)
    return (int(match[1]), int(match[2])) if match else None


def compare(driver: Driver, built_for: Version | None) -> CardProblem | None:
    """What is wrong between a driver and a build of torch: it runs builds of its own major version or older."""
    fitting = [build for build in CUDA_BUILDS if build[0] <= driver.cuda[0]]
    if built_for is None:
        text = f"This machine has a graphics card ({driver.card}), but the installed torch is built without CUDA."
    elif built_for[0] > driver.cuda[0]:
        text = (
            f"This machine has a graphics card ({driver.card}), but the installed torch needs CUDA {_spell(built_for)} "
            f"and the driver runs CUDA {_spell(driver.cuda)} at most."
        )
    else:
        return None
    if not fitting:
        return CardProblem(text, f"Install a driver that runs CUDA {_spell(CUDA_BUILDS[0])} or newer.")
    tag = "cu" + _spell(fitting[-1]).replace(".", "")
    return CardProblem(text, f"Run: pip install --force-reinstall torch torchvision --index-url {_INDEX}/{tag}")


def _spell(version: Version) -> str:
    return f"{version[0]}.{version[1]}"
