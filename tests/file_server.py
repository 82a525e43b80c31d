"""A server of our own on this computer: it breaks off, lies, keeps silent and refuses, as it is told."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.queues import Queue
from pathlib import Path

from workbench.core.control import Control
from workbench.engine.model.download import download

CONTENT = bytes(range(256)) * 12_000  # 3 MB
SHA256 = hashlib.sha256(CONTENT).hexdigest()
NAME = f"net-{SHA256[:8]}.pth"


class FileServer(ThreadingHTTPServer):
    """Answers any path with `content`.

    Attributes:
        ranges: whether it goes on from where it is asked to.
        told_length: what it says of the whole file's length, where that is a lie; -1 for nothing at all.
        etag: the mark of the file's version; a range of another one is not given (RFC 9110, 13.1.5).
        statuses: of its next answers; 200 after them.
        headers: more of each answer's.
        breaks: how many bytes its next answers bring before they break off; all there are after them.
        pauses: while set, it says nothing.
        asked: (path, Range, If-Range) of each request.
        sent: bytes of files in all.
    """

    daemon_threads = True
    request_queue_size = 32

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = CONTENT
        self.ranges = True
        self.told_length: int | None = None
        self.etag = ""
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}
        self.breaks: list[int] = []
        self.asked: list[tuple[str, str, str]] = []
        self.sent = 0
        self.silent = threading.Event()
        self.go_on = threading.Event()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self.root}/models/{NAME}"

    @property
    def ranges_asked(self) -> list[str]:
        return [wanted for _, wanted, _ in self.asked]


class _Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        server, wanted, mark = self.server, self.headers.get("Range", ""), self.headers.get("If-Range", "")
        server.asked.append((self.path, wanted, mark))
        status = server.statuses.pop(0) if server.statuses else 200
        if status != 200:
            self.send_response(status)
            self._finish({"Content-Length": "0"} | server.headers)
            return
        found = re.fullmatch(r"bytes=(\d+)-", wanted)
        same = not mark or mark == server.etag
        start = int(found[1]) if found and server.ranges and same else 0
        length = len(server.content)
        if start >= length:
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        headers = {"Content-Range": f"bytes {start}-{length - 1}/{length}"} if start else {}
        if server.told_length != -1:
            headers["Content-Length"] = str((server.told_length or length) - start)
        headers |= {"ETag": server.etag} if server.etag else {}
        self._finish(headers | server.headers)
        self._send(server.content[start:])

    def _finish(self, headers: dict[str, str]) -> None:
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, body: bytes) -> None:
        if self.server.silent.is_set():
            self.server.go_on.wait(30)
            return
        body = body[: self.server.breaks.pop(0)] if self.server.breaks else body
        self.server.sent += len(body)
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[FileServer]:
    """A server that runs meanwhile."""
    with FileServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.go_on.set()
            server.shutdown()
            thread.join()


def fetch_in_process(url: str, folder: Path, found: Queue[str]) -> None:
    """Download, and put the file's path into the queue: for a process of its own, which need not load torch."""
    job = download(url, folder, Control())
    while True:
        try:
            next(job)
        except StopIteration as end:
            found.put(str(end.value))
            return
