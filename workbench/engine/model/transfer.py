"""One file over HTTP in a thread, taken up where it broke off."""

from __future__ import annotations

import errno
import os
import re
import shutil
import socket
import threading
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

_CHUNK = 1 << 18
_SILENCE_S = 20.0


class Transfer(threading.Thread):
    """Append `url` to the file `part` until all of it has arrived.

    A connection that breaks after bringing something is opened again, from where it broke. After the thread
    has ended, `error` says what went wrong, or is None. `done` and `total` are bytes; `total` is 0 until it
    is known.
    """

    def __init__(self, url: str, part: Path) -> None:
        super().__init__(name="download", daemon=True)
        self.url = url
        self.part = part
        self.done = part.stat().st_size if part.is_file() else 0
        self.total = 0
        self.error: Exception | None = None
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Write nothing more and end soon."""
        self._cancelled.set()

    def run(self) -> None:
        try:
            while not self._cancelled.is_set() and not self._attempt():
                pass
        except Exception as error:  # noqa: BLE001  handed on: a thread has nobody to raise to
            self.error = error

    def _attempt(self) -> bool:
        """One connection; whether everything is there now.

        Raises:
            OSError, HTTPException: it broke without bringing anything.
        """
        before = self.done
        try:
            self._receive()
        except HTTPError as error:
            if error.code != 416 or not before:
                raise
            self._start_over()
            return False
        except (ConnectionError, TimeoutError, HTTPException):
            if self.done == before:
                raise
            return False
        if self.done >= self.total:
            return True
        if self.done == before and not self._cancelled.is_set():
            raise ConnectionError("the connection broke off")
        return False

    def _receive(self) -> None:
        """Take in what the server sends in one answer."""
        headers = {"User-Agent": "workbench"} | ({"Range": f"bytes={self.done}-"} if self.done else {})
        with urlopen(Request(self.url, headers=headers), timeout=_SILENCE_S) as answer:
            if not _continues(answer, self.done):
                self._start_over()
            self.total = self.done + int(answer.headers.get("Content-Length") or 0)
            if self.total - self.done > shutil.disk_usage(self.part.parent).free:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            with open(self.part, "ab") as file:
                self._copy(answer, file)

    def _copy(self, answer: HTTPResponse, file: IO[bytes]) -> None:
        while chunk := answer.read1(_CHUNK):
            if self._cancelled.is_set():
                return
            file.write(chunk)
            self.done += len(chunk)

    def _start_over(self) -> None:
        self.part.unlink(missing_ok=True)
        self.done = 0


def reason(error: Exception) -> str:
    """Why a transfer failed, as a part of a sentence."""
    cause = error.reason if isinstance(error, URLError) and not isinstance(error, HTTPError) else error
    if isinstance(cause, HTTPError):
        return f"the server answered {cause.code} {cause.reason}".strip()
    if isinstance(cause, TimeoutError):
        return "the server did not answer in time"
    if isinstance(cause, socket.gaierror):
        return "the server's name could not be found, so there may be no network"
    if isinstance(cause, ConnectionRefusedError):
        return "the server refused the connection"
    if isinstance(cause, ConnectionError | HTTPException):
        return "the connection broke off"
    if isinstance(cause, OSError) and cause.errno == errno.ENOSPC:
        return "the disk is full"
    if isinstance(cause, OSError) and cause.strerror:
        return f"{cause.strerror[0].lower()}{cause.strerror[1:]}"
    return str(cause) or type(cause).__name__


def _continues(answer: HTTPResponse, position: int) -> bool:
    """Whether the server goes on from `position` rather than sending everything again."""
    found = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range") or "")
    return answer.status == 206 and found is not None and int(found[1]) == position
