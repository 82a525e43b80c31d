"""Where a file is written before it takes its place, so that nobody reads half of one."""

from __future__ import annotations

import os
from pathlib import Path

import psutil


def aside_of(path: Path) -> Path:
    """A name beside `path` for this process to write to; what a process that was killed has left there goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{path.name}.*.new"):
        number = left.name.removeprefix(f".{path.name}.").removesuffix(".new")
        if number.isdecimal() and not psutil.pid_exists(int(number)):
            left.unlink(missing_ok=True)
    return path.with_name(f".{path.name}.{os.getpid()}.new")
