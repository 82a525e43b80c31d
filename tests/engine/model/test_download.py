"""Downloads from a server of our own, which breaks off, lies and refuses."""

from __future__ import annotations

import hashlib
import re
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.engine.model.test_weights import outcome
from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.events import Progress
from workbench.engine.model import transfer
from workbench.engine.model.download import checkpoints_folder, download

CONTENT = bytes(range(256)) * 12_000  # 3 MB
NAME = f"net-{hashlib.sha256(CONTENT).hexdigest()[:8]}.pth"


class Server(ThreadingHTTPServer):
    """What it sends, how many bytes each answer brings before it breaks off, and what it was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.ranges = True
        self.status = 200
        self.breaks: list[int] = []
        self.asked: list[str] = []
        self.silent = threading.Event()
        self.go_on = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/models/{NAME}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.server.asked.append(wanted)
        if self.server.status != 200:
            self.send_error(self.server.status)
            return
        found = re.fullmatch(r"bytes=(\d+)-", wanted)
        start = int(found[1]) if found and self.server.ranges else 0
        if start >= len(self.server.content):
            self.send_error(416)
            return
        body = self.server.content[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header(
                "Content-Range", f"bytes {start}-{len(self.server.content) - 1}/{len(self.server.content)}"
            )
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self._send(body)

    def _send(self, body: bytes) -> None:
        if self.server.silent.is_set():
            self.server.go_on.wait(30)
            return
        length = self.server.breaks.pop(0) if self.server.breaks else len(body)
        self.wfile.write(body[:length])

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.go_on.set()
        server.shutdown()
        thread.join()


def fetch(server: Server, folder: Path) -> tuple[list[Progress], Path]:
    events, path = outcome(download(server.url, folder, Control()))
    assert path is not None
    return [event for event in events if isinstance(event, Progress)], path


def failure(server: Server, folder: Path) -> str:
    with pytest.raises(RunError) as caught:
        outcome(download(server.url, folder, Control()))
    assert "nothing is lost" in caught.value.text and "file:PATH" in caught.value.fix
    assert caught.value.text.startswith(f"{NAME} could not be downloaded from 127.0.0.1: ")
    assert not (folder / NAME).exists()
    return caught.value.text


def test_a_file_arrives_whole_under_its_name_alone(server: Server, tmp_path: Path) -> None:
    events, path = fetch(server, tmp_path / "new folder")
    assert path.name == NAME and path.read_bytes() == CONTENT
    assert [each.name for each in path.parent.iterdir()] == [NAME]
    assert all(NAME in event.what and event.done <= (event.total or 3) for event in events)


def test_what_is_there_is_not_fetched_again_unless_it_is_damaged(server: Server, tmp_path: Path) -> None:
    fetch(server, tmp_path)
    fetch(server, tmp_path)
    assert len(server.asked) == 1
    (tmp_path / NAME).write_bytes(CONTENT[:5000])
    _, path = fetch(server, tmp_path)
    assert path.read_bytes() == CONTENT


def test_a_connection_that_breaks_is_taken_up_where_it_broke(server: Server, tmp_path: Path) -> None:
    server.breaks = [1_000_000, 500_000]
    _, path = fetch(server, tmp_path)
    assert path.read_bytes() == CONTENT
    assert server.asked == ["", "bytes=1000000-", "bytes=1500000-"]


def test_a_later_run_goes_on_where_the_last_one_stopped(server: Server, tmp_path: Path) -> None:
    server.breaks = [1_000_000, 0]
    assert "the connection broke off" in failure(server, tmp_path)
    assert (tmp_path / f"{NAME}.part").stat().st_size == 1_000_000
    _, path = fetch(server, tmp_path)
    assert path.read_bytes() == CONTENT and server.asked[-1] == "bytes=1000000-"


def test_a_server_that_cannot_go_on_sends_all_of_it_again(server: Server, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(b"something else")
    server.ranges = False
    _, path = fetch(server, tmp_path)
    assert path.read_bytes() == CONTENT


def test_a_part_that_is_too_long_is_started_over(server: Server, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(bytes(len(CONTENT)))
    _, path = fetch(server, tmp_path)
    assert path.read_bytes() == CONTENT and server.asked[-1] == ""


def test_something_else_under_that_name_is_refused_and_removed(server: Server, tmp_path: Path) -> None:
    server.content = b"<html>Please log in</html>" * 50
    assert "what arrived is not that file" in failure(server, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_said_to_be_so(server: Server, tmp_path: Path) -> None:
    server.status = 404
    assert "the server answered 404 Not Found" in failure(server, tmp_path)


def test_a_server_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    server = Server()
    server.server_close()
    assert "the server refused the connection" in failure(server, tmp_path)


def test_a_silent_server_is_given_up(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "_SILENCE_S", 0.1)
    server.silent.set()
    assert "did not answer in time" in failure(server, tmp_path)


def test_a_full_disk_is_said_to_be_so(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    assert "the disk is full" in failure(server, tmp_path)


def test_cancel_is_obeyed_while_the_server_keeps_silent(server: Server, tmp_path: Path) -> None:
    server.silent.set()
    control = Control()
    job = download(server.url, tmp_path, control)
    assert isinstance(next(job), Progress)
    control.cancel()
    assert outcome(job)[1] is None
    assert not (tmp_path / NAME).exists()


def test_the_place_is_torchvisions_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    assert checkpoints_folder() == tmp_path / "hub" / "checkpoints"
