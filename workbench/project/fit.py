"""Which preset fits this computer, asked without torch."""

from __future__ import annotations

import os
import platform
import sys
from functools import cache

from workbench.core.presets import fitting_preset
from workbench.core.project import Project
from workbench.project.cards import Cards


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
    with Cards() as cards:
        return len(cards) > 0
