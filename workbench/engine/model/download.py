"""Fetching weights into torchvision's own place: resumed, verified, and never half there.

The transfer runs in a thread, so that Cancel is obeyed at once however long the server keeps silent.
"""

from __future__ import annotations

import hashlib
import re
import struct
import time
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from workbench.core import weights_cache
from workbench.core.backbone_facts import WeightsFacts
from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.events import Event, Notice, Progress
from workbench.core.file_lock import Locked, locked_file
from workbench.core.weights_cache import PART
from workbench.engine.model.network_errors import reason
from workbench.engine.model.transfer import Transfer

_POLL_S = 0.1
_SAY_S = 0.5
_RATE_S = 5.0
"""The rate is that of so many last seconds."""
_MB = 1_000_000
_HASHED = re.compile(r"-([0-9a-f]{8,64})\.[^.]*$")


def download(url: str, folder: Path, control: Control, *, name: str = "") -> Generator[Event, None, Path | None]:
    """Fetch `url` into `folder`, unless it is there; yields Progress in MB and returns the file's path.

    A file name that holds the first digits of its sha256 (`resnet18-f37072fd.pth`) is held to it, and so is a file
    whose sha256 the server tells. What has arrived stays in a `.part` file beside it and the next call goes on from
    there; while another process fetches the same file, this one waits for it. Returns None when the run was told to
    end.

    Args:
        name: of the file in the folder, where it is not that of the URL.

    Raises:
        RunError: it could not be fetched; one sentence says why.
    """
    job = _Job(url, folder / (name or urlsplit(url).path.rpartition("/")[2]), control)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (yield from job.alone())
    except OSError as error:
        raise job.failure(reason(error)) from error


def fetch_version(version: WeightsFacts, control: Control) -> Generator[Event, None, Path | None]:
    """The file of a version of weights, from the hub's cache where it lies there, else from the folder of downloads.

    Raises:
        RunError: it could not be fetched.
    """
    here = weights_cache.located(version)
    if here is not None and here.parent != weights_cache.folder():
        return here
    name = weights_cache.file_name(version)
    return (yield from download(weights_cache.address(version), weights_cache.folder(), control, name=name))


def damaged(version: WeightsFacts) -> Path | None:
    """The file that the folder of downloads keeps of a version, where it is not what its name says."""
    path = weights_cache.located(version)
    ours = path is not None and path.parent == weights_cache.folder()
    return path if ours and path is not None and not is_intact(path, path.name) else None


def sha256_of(path: Path) -> str:
    """The file's sha256 in hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_intact(path: Path, name: str, sha256: str = "") -> bool:
    """Whether a file is what its name, or the sha256 that is known of it, says; without any, whether it looks right."""
    told = _HASHED.search(name)
    wanted = sha256 or (told[1] if told else "")
    if wanted:
        return sha256_of(path).startswith(wanted)
    return not name.endswith(".safetensors") or _begins_as_safetensors(path)


@dataclass(frozen=True)
class _Job:
    """One file that is wanted."""

    url: str
    target: Path
    control: Control

    @property
    def name(self) -> str:
        return self.target.name

    @property
    def part(self) -> Path:
        return self.target.with_name(self.name + PART)

    def alone(self) -> Generator[Event, None, Path | None]:
        """Fetch the file while nobody else does; wait for whoever does, and take what they have brought."""
        waited = told = False
        while not self.control.ending:
            if self.target.is_file():
                if is_intact(self.target, self.name):
                    return self.target
                if not told:
                    yield Notice(level="warning", text=f"{self.target} is not what its name says; it is fetched anew.")
                told = True
            try:
                with locked_file(weights_cache.lock(self.target)):
                    return (yield from self._fetch(second=False))
            except Locked:
                if not waited:
                    yield Progress(what=f"Waiting for another process that downloads {self.name}", done=0, total=0)
                waited = True
                time.sleep(_POLL_S)
        return None

    def _fetch(self, second: bool) -> Generator[Event, None, Path | None]:
        transfer = Transfer(self.url, self.part, checked=_HASHED.search(self.name) is not None)
        transfer.start()
        try:
            arrived = yield from _watch(transfer, self.name, self.control)
        finally:
            transfer.cancel()
            transfer.join(_POLL_S)  # it may hang in a silent connection; what it still writes is checked at the end
        if not arrived:
            return None
        if transfer.error is not None:
            raise self.failure(reason(transfer.error)) from transfer.error
        if is_intact(self.part, self.name, transfer.sha256):
            transfer.part.keep_as(self.target)
            return self.target
        transfer.part.start_over()
        if second or not transfer.resumed:
            raise self.failure("what arrived is not that file, so it was removed")
        yield Notice(level="info", text=f"What there was of {self.name} was of another file; it is fetched anew.")
        return (yield from self._fetch(second=True))

    def failure(self, why: str) -> RunError:
        """That it could not be fetched."""
        return RunError(
            f"{self.name} could not be downloaded from {urlsplit(self.url).hostname}: {why}; nothing is lost.",
            f"Try again later, or fetch {self.url} on another machine and put it into {self.target.parent} "
            f"as {self.name}.",
        )


def _watch(transfer: Transfer, name: str, control: Control) -> Generator[Event, None, bool]:
    """Report until the transfer ended by itself (True) or the run was told to end (False)."""
    pace, said, attempt, due = _Pace(), -1, 0, 0.0
    while transfer.is_alive():
        if control.ending:
            return False
        now, done = time.monotonic(), transfer.done // _MB
        pace.note(now, transfer.done)
        waiting = transfer.waiting
        if waiting is not None and waiting.attempt != attempt:
            attempt = waiting.attempt
            yield Progress(what=f"Waiting to try {name} again", done=0, total=0)
            seconds = max(1, round(waiting.until - now))
            yield Notice(level="info", text=f"{name}: {waiting.reason}; attempt {attempt} follows in {seconds} s.")
        elif waiting is None and (done != said or now >= due):
            said, due, attempt = done, now + _SAY_S, 0
            yield pace.progress(f"Downloading {name}, MB", transfer.done, transfer.total)
        transfer.join(_POLL_S)
    return True


class _Pace:
    """How fast it goes, from the last seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, now: float, done: int) -> None:
        """`done` bytes are there at a time."""
        if self._seen and done < self._seen[-1][1]:  # it was started over
            self._seen.clear()
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[0][0] > _RATE_S:
            self._seen.popleft()

    def progress(self, what: str, done: int, total: int) -> Progress:
        """How far it is, in MB, with the rate and the time left."""
        (first, before), (last, after) = self._seen[0], self._seen[-1]
        rate = (after - before) / (last - first) if last - first >= 2 * _POLL_S else 0.0
        return Progress(
            what=what,
            done=done // _MB,
            total=-(-total // _MB),
            bytes_per_s=rate or None,
            remaining_s=(total - done) / rate if rate and total else None,
        )


def _begins_as_safetensors(path: Path) -> bool:
    """The length of a header, and a header in JSON that is all there."""
    with open(path, "rb") as file:
        start = file.read(9)
    return len(start) == 9 and start.endswith(b"{") and struct.unpack("<Q", start[:8])[0] < path.stat().st_size
