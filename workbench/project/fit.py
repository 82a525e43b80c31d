"""Which preset fits this computer, asked without torch."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from functools import cache
from typing import Any

from workbench.core.presets import fitting_preset
from workbench.core.project import Project


def preset_that_fits(project: Project, pictures: int | None = None) -> tuple[str, str]:
    """The preset that fits where the project trains, and why in one sentence.

    Args:
        pictures: to train on; None where they are not known.
    """
    return fitting_preset(project.recipe.device != "cpu" and has_card(), pictures)


@cache
def has_card() -> bool:
    """Whether the driver of NVIDIA knows a card that is not hidden, or the processor is one of Apple's."""
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return False  # hidden on purpose
    nvml: Any = importlib.import_module("pynvml")  # its functions carry no types
    try:
        nvml.nvmlInit()
    except nvml.NVMLError:
        return False  # no driver, no card
    try:
        return int(nvml.nvmlDeviceGetCount()) > 0
    except nvml.NVMLError:
        return False
    finally:
        nvml.nvmlShutdown()
