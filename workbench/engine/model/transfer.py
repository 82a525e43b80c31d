"""One file over HTTP in a thread, taken up where it broke off, and tried again where that may help.

urllib obeys `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, and the system's proxy where none of them is set.
"""

from __future__ import annotations

import re
import shutil
import threading
import time
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from workbench.core.text import megabytes
from workbench.engine.model.network_errors import NoRoom, may_pass, reason, retry_after
from workbench.engine.model.part_file import PartFile

_CHUNK = 1 << 18
_SILENCE_S = 20.0
_WAITS_S = (1.0, 3.0, 9.0)
"""Before each further attempt while attempts bring nothing; then it is given up."""


class Waiting(NamedTuple):
    """Between two attempts.

    Attributes:
        reason: why the last one failed, as a part of a sentence.
        until: when the next begins, on the clock of `time.monotonic`.
        attempt: the number of the next, from 2.
    """

    reason: str
    until: float
    attempt: int


class Transfer(threading.Thread):
    """Append `url` to a part until all of it has arrived.

    A connection that breaks after bringing something is opened again at once, from where it broke; one that brings
    nothing, or a server that is busy, is tried again after a while. After the thread has ended, `error` says what went
    wrong, or is None. `done` and `total` are bytes; `total` is 0 until it is known.

    Args:
        checked: a checksum decides in the end, so that a part may be gone on with though the server has given no mark.

    Attributes:
        resumed: something of an earlier answer was kept.
        sha256: what the server says the whole file has; "" where it says nothing.
        waiting: why and how long nothing happens; None while something does.
    """

    def __init__(self, url: str, part: Path, checked: bool = True) -> None:
        super().__init__(name="download", daemon=True)
        self.url = url
        self.part = PartFile(part)
        self.done = self.part.size
        self.total = 0
        self.resumed = False
        self.sha256 = ""
        self.error: Exception | None = None
        self.waiting: Waiting | None = None
        self._checked = checked
        self._known_server = False
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Write nothing more and end soon."""
        self._cancelled.set()

    def run(self) -> None:
        try:
            self._to_the_end()
        except Exception as error:  # noqa: BLE001  handed on: a thread has nobody to raise to
            self.error = error

    def _to_the_end(self) -> None:
        """Connect again and again.

        Raises:
            OSError, HTTPException: it is no use.
        """
        failures, furthest = 0, self.done
        while not self._cancelled.is_set():
            error = self._attempt()
            if error is None:
                return
            failures = 0 if self.done > furthest else failures + 1
            furthest = max(furthest, self.done)
            if not may_pass(error, self._known_server) or failures > len(_WAITS_S):
                raise error
            if failures:
                self._wait(error, failures)

    def _attempt(self) -> Exception | None:
        """One connection; what went wrong with it."""
        try:
            self._receive()
        except HTTPError as error:
            if error.code != 416 or not self.done:
                return error
            self._start_over()
            return ConnectionError("the part does not belong to the file")
        except (OSError, HTTPException) as error:
            return error
        return None if self.done >= self.total else ConnectionError("the connection broke off")

    def _wait(self, error: Exception, failures: int) -> None:
        seconds = max(_WAITS_S[failures - 1], retry_after(error) or 0.0)
        self.waiting = Waiting(reason(error), time.monotonic() + seconds, failures + 1)
        self._cancelled.wait(seconds)
        self.waiting = None

    def _receive(self) -> None:
        """Take in what the server sends in one answer."""
        mark = self.part.mark
        if self.done and not (mark or self._checked):
            self._start_over()
        headers = {"User-Agent": "workbench"}
        if self.done:
            headers |= {"Range": f"bytes={self.done}-"} | ({"If-Range": mark} if mark else {})
        redirects = _Redirects()
        with build_opener(redirects).open(Request(self.url, headers=headers), timeout=_SILENCE_S) as answer:
            self._known_server = True
            self.sha256 = redirects.sha256 or self.sha256
            if not _continues(answer, self.done):
                self._start_over()
            self.resumed = self.resumed or self.done > 0
            self.total = self.done + int(answer.headers.get("Content-Length") or 0)
            self._require_room()
            self.part.note(_mark(answer.headers))
            with open(self.part.path, "ab") as file:
                self._copy(answer, file)

    def _require_room(self) -> None:
        free, needed = shutil.disk_usage(self.part.path.parent).free, self.total - self.done
        if needed > free:
            raise NoRoom(f"the disk is full: {megabytes(needed)} are to come, and {megabytes(free)} are free")

    def _copy(self, answer: HTTPResponse, file: IO[bytes]) -> None:
        while chunk := answer.read1(_CHUNK):
            if self._cancelled.is_set():
                return
            file.write(chunk)
            self.done += len(chunk)

    def _start_over(self) -> None:
        self.part.start_over()
        self.done = 0


class _Redirects(HTTPRedirectHandler):
    """Follows them, and keeps what huggingface.co says of a large file before it sends one elsewhere for it."""

    def __init__(self) -> None:
        self.sha256 = ""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        linked: Any = headers.get("X-Linked-Etag") or ""
        if re.fullmatch(r'"?[0-9a-f]{64}"?', linked):
            self.sha256 = linked.strip('"')
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _continues(answer: HTTPResponse, position: int) -> bool:
    """Whether the server goes on from `position` rather than sending everything again."""
    found = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range") or "")
    return answer.status == 206 and found is not None and int(found[1]) == position


def _mark(headers: HTTPMessage) -> str:
    """What tells this version of the file from others; a weak ETag does not."""
    etag = str(headers.get("ETag") or "")
    return etag if etag and not etag.startswith("W/") else str(headers.get("Last-Modified") or "")
