"""Whether a window can be opened here, found out without Qt: Qt ends the process where it cannot."""

from __future__ import annotations

import os
import re
import socket
import sys

from workbench.core.errors import RequestError

QT_PACKAGES = (
    "libegl1",
    "libgl1",
    "libglib2.0-0",
    "libdbus-1-3",
    "libfontconfig1",
    "libxkbcommon0",
    "libxkbcommon-x11-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-sync1",
    "libxcb-xfixes0",
    "libxcb-xkb1",
)
"""What Qt needs of a Debian or Ubuntu system without a desktop."""

_SCREENLESS = ("offscreen", "minimal", "vnc", "eglfs", "linuxfb")
_PATIENCE_S = 2.0


def display_missing() -> bool:
    """Whether there is no display to open a window on."""
    if sys.platform in ("win32", "darwin"):
        return False
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in _SCREENLESS:
        return False
    if os.environ.get("WAYLAND_DISPLAY"):
        return False
    return not x_server_answers(os.environ.get("DISPLAY", ""))


def x_server_answers(display: str) -> bool:
    """Whether an X server listens at a display such as ":0" or "localhost:10.0"; a stale DISPLAY has none."""
    match = re.fullmatch(r"(?:(?P<host>[^:]*)|.*):(?P<number>\d+)(?:\.\d+)?", display)
    if match is None:
        return False
    host, number = match["host"] or "", int(match["number"])
    if host in ("", "unix"):
        local = f"/tmp/.X11-unix/X{number}"
        return _connects(socket.AF_UNIX, local) or _connects(socket.AF_UNIX, "\0" + local)
    return _connects(socket.AF_INET, (host, 6000 + number)) or _connects(socket.AF_INET6, (host, 6000 + number))


def require_display() -> None:
    """Refuse the window where there is no display.

    Raises:
        RequestError: there is none; the sentence names the command that needs none.
    """
    if display_missing():
        raise RequestError(
            "There is no display to open a window on.", "Use a command instead, such as: workbench train PROJECT."
        )


def libraries_missing(error: ImportError) -> RequestError:
    """The sentence for a Qt that cannot be loaded."""
    if sys.platform == "linux":
        fix = "On Debian or Ubuntu: sudo apt-get install " + " ".join(QT_PACKAGES) + "."
    else:
        fix = "Install the program again: pip install --force-reinstall PySide6-Essentials."
    return RequestError(f"The window's toolkit cannot be loaded: {error}.", fix)


def _connects(family: int, address: str | tuple[str, int]) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            connection.settimeout(_PATIENCE_S)
            connection.connect(address)
    except OSError:
        return False
    return True
