"""The window as one call. Qt is loaded only inside, so that a missing display or library is one sentence."""

from __future__ import annotations

from pathlib import Path

from workbench.gui.display import libraries_missing, require_display

__all__ = ["open_window"]


def open_window(project: Path | None = None, train_at_once: bool = False) -> int:
    """Open the window and stay until it is closed; the exit code.

    Args:
        project: the project to open; with `train_at_once`, where the demo is made.
        train_at_once: make the demo project, open it and start its training.

    Raises:
        RequestError: there is no display, or Qt's libraries are missing.
    """
    require_display()
    try:
        from workbench.gui.session import run_session
    except ImportError as error:
        raise libraries_missing(error) from error
    return run_session(project, train_at_once)
