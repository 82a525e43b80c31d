"""Fetching weights into torchvision's own place: resumed, verified, and never half there.

The transfer runs in a thread, so that Cancel is obeyed at once however long the server keeps silent.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

import torch

from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.events import Event, Progress
from workbench.engine.model.transfer import Transfer, reason

_POLL_S = 0.1
_MB = 1_000_000


def checkpoints_folder() -> Path:
    """Where torchvision keeps downloaded weights; the variable TORCH_HOME moves it."""
    return Path(torch.hub.get_dir()) / "checkpoints"


def download(url: str, folder: Path, control: Control) -> Generator[Event, None, Path | None]:
    """Fetch `url` into `folder`, unless it is there; yields Progress in MB and returns the file's path.

    The file name holds the first digits of its sha256 (`resnet18-f37072fd.pth`), and nothing else gets that
    name. What has arrived stays in a `.part` file beside it and the next call goes on from there. Returns
    None when the run was told to end.

    Raises:
        RunError: it could not be fetched; one sentence says why.
    """
    name = urlsplit(url).path.rpartition("/")[2]
    target, part = folder / name, folder / f"{name}.part"
    if target.is_file() and _is_intact(target, name):
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _failure(url, reason(error)) from error
    transfer = Transfer(url, part)
    transfer.start()
    try:
        arrived = yield from _watch(transfer, name, control)
    finally:
        transfer.cancel()
    if not arrived:
        return None
    if transfer.error is not None:
        raise _failure(url, reason(transfer.error)) from transfer.error
    _keep(part, target, url)
    return target


def sha256_of(path: Path) -> str:
    """The file's sha256 in hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _watch(transfer: Transfer, name: str, control: Control) -> Generator[Event, None, bool]:
    """Report until the transfer ended by itself (True) or the run was told to end (False)."""
    said = -1
    while transfer.is_alive():
        if control.ending:
            return False
        done = transfer.done // _MB
        if done != said:
            said = done
            yield Progress(what=f"Downloading {name}, MB", done=done, total=-(-transfer.total // _MB))
        transfer.join(_POLL_S)
    return True


def _keep(part: Path, target: Path, url: str) -> None:
    """Give the finished file its name, if it is what its name says.

    Raises:
        RunError: it is something else, or cannot be renamed.
    """
    if not _is_intact(part, target.name):
        part.unlink()
        raise _failure(url, "what arrived is not that file, so it was removed")
    try:
        os.replace(part, target)
    except OSError as error:
        raise _failure(url, reason(error)) from error


def _is_intact(path: Path, name: str) -> bool:
    found = re.search(r"-([0-9a-f]{8,64})\.[^.]*$", name)
    return found is None or sha256_of(path).startswith(found[1])


def _failure(url: str, why: str) -> RunError:
    name, host = urlsplit(url).path.rpartition("/")[2], urlsplit(url).hostname
    return RunError(
        f"{name} could not be downloaded from {host}: {why}; nothing is lost.",
        f"Try again later, or fetch {url} on another machine and set the weights to file:PATH.",
    )
