"""Which weights are on this computer already, found without torch."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from workbench.core.catalogue import BackboneFacts

_TOLERANCE = 0.02
"""Share by which a file's size may differ from the catalogue's: other weights of the same network differ by more."""


def checkpoints_folder() -> Path:
    """Where torchvision keeps downloads: `$TORCH_HOME/hub`, else torch below the user's cache folder."""
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    home = os.environ.get("TORCH_HOME") or os.path.join(cache, "torch")
    return Path(home).expanduser() / "hub" / "checkpoints"


def on_this_computer(facts: BackboneFacts) -> bool:
    """Whether the backbone's default weights have been downloaded."""
    wanted = facts.download_mb * 1_000_000
    for path in checkpoints_folder().glob(f"{facts.name}*-*.pth"):
        if any(abs(path.stat().st_size - size) <= size * _TOLERANCE for size in (wanted, wanted * 1.048576)):
            return True
    return False


def where_from(facts: BackboneFacts, here: bool) -> str:
    """Where the default weights come from, in words."""
    if here:
        return QCoreApplication.translate("WeightFiles", "on this computer")
    size = f"{facts.download_mb:.0f}" if facts.download_mb >= 10 else f"{facts.download_mb:.1f}"
    return QCoreApplication.translate("WeightFiles", "{0} MB, downloaded once").format(size)
