"""Whether a process is the one that was meant, and still lives."""

from __future__ import annotations

import psutil


def created(pid: int) -> float | None:
    """When the process was created, which tells it from a later one of the same number; None where it has ended."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.Error:
        return None
