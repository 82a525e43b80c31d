"""Whether Qt can be loaded on this machine, and which Debian packages it needs if not."""

from __future__ import annotations

import os

from workbench.gui.display import QT_PACKAGES


def _missing_library() -> str:
    """What keeps Qt from being loaded; empty if nothing does."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # read by Qt when it is first imported
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        return str(error)
    return ""


MISSING_LIBRARY = _missing_library()
REQUIRED = os.environ.get("WORKBENCH_REQUIRE_QT") == "1"
ADVICE = f"Qt's system libraries are missing ({MISSING_LIBRARY}): apt-get install {' '.join(QT_PACKAGES)}"
