"""A notice on the desktop, by the program that the system has for it."""

from __future__ import annotations

import subprocess
import sys

_PATIENCE_S = 5.0
_APPLESCRIPT = "on run words\ndisplay notification (item 2 of words) with title (item 1 of words)\nend run"
_COMMANDS = {"linux": ("notify-send", "--app-name=Workbench"), "darwin": ("osascript", "-e", _APPLESCRIPT)}


def notify(title: str, text: str) -> bool:
    """Show a notice on the desktop; whether that could be done."""
    command = _COMMANDS.get(sys.platform)
    if command is None:
        return False
    try:
        done = subprocess.run([*command, title, text], capture_output=True, timeout=_PATIENCE_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
