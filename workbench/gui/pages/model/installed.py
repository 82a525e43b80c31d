"""Whether what a backbone needs is installed, without importing it."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from PySide6.QtCore import QCoreApplication

from workbench.core.backbone_facts import BackboneFacts


@cache
def timm_installed() -> bool:
    """Whether the library that builds the backbones of the hub is there."""
    return find_spec("timm") is not None


def refusal(facts: BackboneFacts) -> str:
    """Why a backbone cannot be chosen here, and how to mend it; empty where it can."""
    if facts.source != "timm" or timm_installed():
        return ""
    text = QCoreApplication.translate(
        "Installed",
        "{0} is built by the library timm, which is not installed. Install it with: "
        'pip install "finetune-workbench[hub]". Then open the program again.',
    )
    return text.format(facts.title)
