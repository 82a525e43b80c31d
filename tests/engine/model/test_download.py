"""Downloads from a server of our own, which breaks off, lies and refuses."""

from __future__ import annotations

import errno
import multiprocessing
import os
import shutil
import threading
import time
from collections.abc import Iterator
from multiprocessing.queues import Queue
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.engine.model.test_weights import outcome
from tests.file_server import CONTENT, NAME, SHA256, FileServer, fetch_in_process, serving
from workbench.core.backbone_facts import WeightsFacts
from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.events import Notice, Progress
from workbench.core.file_lock import Locked, locked_file
from workbench.engine.model import part_file, transfer
from workbench.engine.model.download import download, fetch_version


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "_WAITS_S", (0.01, 0.02))


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving() as server:
        yield server


def fetch(server: FileServer, folder: Path) -> tuple[list[Any], Path]:
    events, path = outcome(download(server.url, folder, Control()))
    assert path is not None
    assert path.read_bytes() == CONTENT
    assert [each.name for each in folder.iterdir()] == [NAME]
    return events, path


def failure(server: FileServer, folder: Path) -> str:
    with pytest.raises(RunError) as caught:
        outcome(download(server.url, folder, Control()))
    assert "nothing is lost" in caught.value.text and f"put it into {folder} as {NAME}." in caught.value.fix
    assert caught.value.text.startswith(f"{NAME} could not be downloaded from 127.0.0.1: ")
    assert not (folder / NAME).exists() and not (folder / f"{NAME}.lock").exists()
    return caught.value.text


def test_a_file_arrives_whole_under_its_name_alone(server: FileServer, tmp_path: Path) -> None:
    events, path = fetch(server, tmp_path / "new folder")
    assert path.name == NAME
    assert all(NAME in event.what and event.done <= (event.total or 3) for event in events)


def test_the_bar_tells_how_far_it_is_how_fast_it_goes_and_how_long_it_takes(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "_CHUNK", 1 << 16)
    monkeypatch.setattr(transfer.Transfer, "_copy", _slowly(transfer.Transfer._copy))
    events, _ = fetch(server, tmp_path)
    told = [event for event in events if isinstance(event, Progress) and event.bytes_per_s]
    assert told and told[-1].total == 4 and all(event.bytes_per_s > 0 and event.remaining_s >= 0 for event in told)


def _slowly(copy: Any) -> Any:
    def slow(self: Any, answer: Any, file: Any) -> None:
        class Slow:
            def write(self, chunk: bytes) -> None:
                time.sleep(0.015)
                file.write(chunk)

        copy(self, answer, Slow())

    return slow


def test_what_is_there_is_not_fetched_again_unless_it_is_damaged(server: FileServer, tmp_path: Path) -> None:
    fetch(server, tmp_path)
    fetch(server, tmp_path)
    assert len(server.asked) == 1
    (tmp_path / NAME).write_bytes(CONTENT[:5000])
    events, _ = fetch(server, tmp_path)
    said = [event.text for event in events if isinstance(event, Notice)]
    assert said == [f"{tmp_path / NAME} is not what its name says; it is fetched anew."]


def test_a_connection_that_breaks_is_taken_up_where_it_broke(server: FileServer, tmp_path: Path) -> None:
    server.breaks = [1_000_000, 500_000]
    fetch(server, tmp_path)
    assert server.ranges_asked == ["", "bytes=1000000-", "bytes=1500000-"]


def test_a_later_call_goes_on_where_the_last_one_stopped(server: FileServer, tmp_path: Path) -> None:
    server.breaks = [1_000_000, 0, 0, 0]
    assert "the connection broke off" in failure(server, tmp_path)
    assert (tmp_path / f"{NAME}.part").stat().st_size == 1_000_000
    fetch(server, tmp_path)
    assert server.ranges_asked[-1] == "bytes=1000000-"


def test_the_mark_of_its_version_goes_along_so_that_two_versions_are_never_mixed(
    server: FileServer, tmp_path: Path
) -> None:
    server.etag, server.content = '"old"', bytes(len(CONTENT))
    server.breaks = [1_000_000, 0, 0, 0]
    failure(server, tmp_path)
    server.etag, server.content = '"new"', CONTENT
    fetch(server, tmp_path)
    assert server.asked[-1][1:] == ("bytes=1000000-", '"old"')
    assert server.sent == 1_000_000 + len(CONTENT)


def test_a_part_of_another_file_is_noticed_at_the_end_and_fetched_anew(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(bytes(1_000_000))
    events, _ = fetch(server, tmp_path)
    assert [event.text for event in events if isinstance(event, Notice)] == [
        f"What there was of {NAME} was of another file; it is fetched anew."
    ]


def test_a_server_that_cannot_go_on_sends_all_of_it_again(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(b"something else")
    server.ranges = False
    fetch(server, tmp_path)
    assert server.sent == len(CONTENT)


def test_a_part_that_is_too_long_is_started_over(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(bytes(len(CONTENT)))
    fetch(server, tmp_path)
    assert server.ranges_asked[-1] == ""


def test_something_else_under_that_name_is_refused_and_removed(server: FileServer, tmp_path: Path) -> None:
    server.content = b"<html>Please log in</html>" * 50
    assert "what arrived is not that file, so it was removed" in failure(server, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("told", [-1, len(CONTENT) // 2])
def test_a_file_that_is_cut_off_without_a_word_is_refused(server: FileServer, tmp_path: Path, told: int) -> None:
    server.told_length, server.content = told, CONTENT[: len(CONTENT) // 2]
    assert "what arrived is not that file" in failure(server, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_truncated_file_is_asked_for_the_rest_and_given_up_when_there_is_none(
    server: FileServer, tmp_path: Path
) -> None:
    server.told_length, server.content = len(CONTENT), CONTENT[:2_000_000]
    assert "the connection broke off" in failure(server, tmp_path)
    server.told_length, server.content = None, CONTENT
    fetch(server, tmp_path)


def test_the_sha256_that_a_hub_tells_is_held_against_the_file(server: FileServer, tmp_path: Path) -> None:
    def get() -> Path | None:
        return outcome(download(f"{server.root}/a/model.safetensors", tmp_path, Control(), name="a.bin"))[1]

    server.statuses, server.headers = [302], {"Location": server.url, "X-Linked-Etag": f'"{"0" * 64}"'}
    with pytest.raises(RunError, match="not that file"):
        get()
    server.statuses, server.headers = [302], {"Location": server.url, "X-Linked-Etag": f'"{SHA256}"'}
    assert get() == tmp_path / "a.bin"
    assert [each.name for each in tmp_path.iterdir()] == ["a.bin"]


@pytest.mark.parametrize(
    ("status", "words"), [(404, "the server answered 404 Not Found"), (403, "the server answered 403 Forbidden")]
)
def test_a_file_that_is_not_given_is_said_to_be_so_at_once(
    server: FileServer, tmp_path: Path, status: int, words: str
) -> None:
    server.statuses = [status] * 9
    assert words in failure(server, tmp_path)
    assert len(server.asked) == 1


def test_a_busy_server_is_tried_again_after_a_while(server: FileServer, tmp_path: Path) -> None:
    server.statuses, server.headers = [503, 429], {"Retry-After": "1"}
    events, _ = fetch(server, tmp_path)
    told = [event.text for event in events if isinstance(event, Notice)]
    assert told == [
        f"{NAME}: the server answered 503 Service Unavailable and asks to wait 1 s; attempt 2 follows in 1 s.",
        f"{NAME}: the server answered 429 Too Many Requests and asks to wait 1 s; attempt 3 follows in 1 s.",
    ]


def test_a_server_that_asks_for_an_hour_is_not_waited_for(server: FileServer, tmp_path: Path) -> None:
    server.statuses, server.headers = [503] * 9, {"Retry-After": "3600"}
    assert "asks to wait 3,600 s" in failure(server, tmp_path)
    assert len(server.asked) == 1


def test_a_server_that_stays_busy_is_given_up(server: FileServer, tmp_path: Path) -> None:
    server.statuses = [503] * 9
    assert "503 Service Unavailable" in failure(server, tmp_path)
    assert len(server.asked) == 3


def test_a_server_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    server = FileServer()
    server.server_close()
    assert "the server refused the connection" in failure(server, tmp_path)


def test_a_silent_server_is_given_up(server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "_SILENCE_S", 0.1)
    server.silent.set()
    assert "did not answer in time" in failure(server, tmp_path)
    assert len(server.asked) == 3


def test_a_full_disk_is_told_before_anything_is_written(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    assert "the disk is full: 3.1 MB are to come, and 1.0 MB are free" in failure(server, tmp_path)
    assert list(tmp_path.iterdir()) == [] and len(server.asked) == 1


def test_a_disk_that_fills_up_on_the_way_ends_it_and_what_arrived_stays(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Any, answer: Any, file: Any) -> None:
        file.write(answer.read(1_000_000))
        self.done += 1_000_000
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(transfer.Transfer, "_copy", full)
        assert "the disk is full" in failure(server, tmp_path)
    fetch(server, tmp_path)
    assert server.ranges_asked == ["", "bytes=1000000-"]


def test_a_folder_that_cannot_be_written_is_said_to_be_so(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunError, match="could not be downloaded from 127"):
        outcome(download(server.url, tmp_path / "file", Control()))


def test_cancel_is_obeyed_while_the_server_keeps_silent(server: FileServer, tmp_path: Path) -> None:
    server.silent.set()
    control = Control()
    job = download(server.url, tmp_path, control)
    assert isinstance(next(job), Progress)
    control.cancel()
    began = time.monotonic()
    assert outcome(job)[1] is None
    assert time.monotonic() - began < 2 and not (tmp_path / NAME).exists()


def test_a_cancelled_download_goes_on_the_next_time(server: FileServer, tmp_path: Path) -> None:
    control = Control()
    server.breaks, server.statuses, server.headers = [1_000_000], [200, 503], {"Retry-After": "60"}
    for event in download(server.url, tmp_path, control):
        if isinstance(event, Notice):
            control.cancel()
    assert [each.name for each in tmp_path.iterdir()] == [f"{NAME}.part"]
    fetch(server, tmp_path)
    assert server.ranges_asked[-1] == "bytes=1000000-"


def test_a_proxy_of_the_environment_is_obeyed(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.root)
    monkeypatch.delenv("no_proxy", raising=False)
    outcome(download(f"http://weights.invalid/{NAME}", tmp_path, Control()))
    assert server.asked[0][0] == f"http://weights.invalid/{NAME}"


def test_two_processes_at_once_fetch_a_file_once(server: FileServer, tmp_path: Path) -> None:
    server.silent.set()  # both are there before the first byte
    spawn = multiprocessing.get_context("spawn")
    found: Queue[str] = spawn.Queue()
    both = [spawn.Process(target=fetch_in_process, args=(server.url, tmp_path, found)) for _ in range(2)]
    for process in both:
        process.start()
    threading.Timer(1.0, lambda: (server.silent.clear(), server.go_on.set())).start()
    assert [found.get(timeout=60) for _ in both] == [str(tmp_path / NAME)] * 2
    for process in both:
        process.join()
        assert process.exitcode == 0
    assert server.sent == len(CONTENT)
    assert [each.name for each in tmp_path.iterdir()] == [NAME]


def test_whoever_comes_second_waits_says_so_and_can_be_told_to_end(server: FileServer, tmp_path: Path) -> None:
    control = Control()
    with locked_file(tmp_path / f"{NAME}.lock"):
        job = download(server.url, tmp_path, control)
        told = next(job)
        assert isinstance(told, Progress) and told.what.startswith("Waiting for another process")
        with pytest.raises(Locked), locked_file(tmp_path / f"{NAME}.lock"):
            pass
        control.cancel()
        assert outcome(job)[1] is None
    assert server.asked == []


def test_a_versions_file_comes_from_the_hubs_cache_where_it_is_there(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_ENDPOINT", server.root)
    version = WeightsFacts(
        name="a1", input_size=224, download_mb=3, licence="", hub_id="timm/net.a1", file="model.safetensors"
    )
    server.content = (8).to_bytes(8, "little") + b'{"a":{}}' + bytes(100)
    _, fetched = outcome(fetch_version(version, Control()))
    assert fetched == tmp_path / "torch/hub/checkpoints/timm--net.a1.safetensors"
    assert server.asked[0][0] == "/timm/net.a1/resolve/main/model.safetensors"
    fetched.unlink()
    kept = tmp_path / "hub/models--timm--net.a1"
    (kept / "snapshots/abc").mkdir(parents=True)
    (kept / "refs").mkdir()
    (kept / "refs/main").write_text("abc")
    (kept / "snapshots/abc/model.safetensors").write_bytes(server.content)
    assert outcome(fetch_version(version, Control())) == ([], kept / "snapshots/abc/model.safetensors")
    assert len(server.asked) == 1


def test_a_mark_is_kept_beside_the_part_and_goes_with_it(tmp_path: Path) -> None:
    part = part_file.PartFile(tmp_path / "a.part")
    part.path.write_bytes(b"abc")
    part.note('"v1"')
    assert (part.size, part.mark) == (3, '"v1"')
    part.start_over()
    assert (part.size, part.mark) == (0, "") and list(tmp_path.iterdir()) == []
