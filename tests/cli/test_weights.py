"""`weights` as it is typed: what is here, downloads that go on, removal, exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.file_server import FileServer, serving
from tests.warm import Popen, program, shell
from workbench.core import catalogue, weights_cache

NAME = next(name for name, facts in catalogue.hub().items() if facts.versions and facts.versions[0].hub_id)
VERSION = catalogue.get(NAME).versions[0]
FILE = weights_cache.file_name(VERSION)
CONTENT = (8).to_bytes(8, "little") + b'{"a":{}}' + bytes(3_000_000)


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving() as server:
        server.content = CONTENT
        yield server


@pytest.fixture
def environment(tmp_path: Path, server: FileServer) -> dict[str, str]:
    places = {"TORCH_HOME": str(tmp_path / "torch"), "HF_HUB_CACHE": str(tmp_path / "hub"), "HF_ENDPOINT": server.root}
    return {**os.environ, **places}


def weights(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return shell("weights", *words, env=environment)


def test_download_list_and_remove(environment: dict[str, str], server: FileServer, tmp_path: Path) -> None:
    assert "No weights are on this computer yet" in weights(environment).stdout
    done = weights(environment, "download", f"{NAME}@{VERSION.name}")
    assert (done.returncode, done.stdout) == (0, f"Downloaded {FILE}.\n")
    assert (tmp_path / "torch/hub/checkpoints" / FILE).read_bytes() == CONTENT
    again = weights(environment, "download", NAME)
    assert (again.returncode, again.stdout) == (0, "All of it was here already.\n") and len(server.asked) == 1
    document = json.loads(weights(environment, "--json").stdout)
    (file,) = document["files"]
    assert (file["backbone"], file["version"], file["bytes"]) == (NAME, VERSION.name, len(CONTENT))
    assert file["licence"] == VERSION.licence and file["complete"] is True
    assert f"{NAME}@{VERSION.name}" in weights(environment).stdout
    assert weights(environment, "remove", FILE).stdout == f"Removed {FILE}.\n"
    assert json.loads(weights(environment, "list", "--json").stdout)["files"] == []


def test_an_interrupted_download_goes_on(environment: dict[str, str], server: FileServer, tmp_path: Path) -> None:
    server.etag = '"v1"'
    server.breaks, server.statuses, server.headers = [1_000_000], [200, 503], {"Retry-After": "60"}
    process = Popen(program("weights", "download", NAME), env=environment, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while len(server.asked) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    folder = tmp_path / "torch/hub/checkpoints"
    assert sorted(path.name for path in folder.iterdir()) == [f"{FILE}.part", f"{FILE}.part.etag"]
    assert "only its beginning" in weights(environment).stdout
    assert weights(environment, "download", NAME).returncode == 0
    assert server.ranges_asked[-1] == "bytes=1000000-" and (folder / FILE).read_bytes() == CONTENT


def test_a_damaged_file_is_replaced_and_said_to_be_downloaded(
    environment: dict[str, str], server: FileServer, tmp_path: Path
) -> None:
    path = tmp_path / "torch/hub/checkpoints" / FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(b"damaged")
    done = weights(environment, "download", NAME)
    assert done.returncode == 0 and "is not what its name says" in done.stdout
    assert done.stdout.endswith(f"Downloaded {FILE}.\n") and path.read_bytes() == CONTENT


def test_a_file_that_cannot_be_had_does_not_keep_the_others_from_coming(
    environment: dict[str, str], server: FileServer
) -> None:
    other = next(n for n, facts in catalogue.hub().items() if n != NAME and facts.versions)
    server.statuses = [404]
    done = weights(environment, "download", other, NAME)
    assert done.returncode == 1 and "404 Not Found" in done.stdout
    assert "1 of 2 files could not be downloaded." in done.stderr
    assert [file["backbone"] for file in json.loads(weights(environment, "--json").stdout)["files"]] == [NAME]
    server.statuses = [404]
    done = weights(environment, "download", other)
    assert done.returncode == 1 and "nothing is lost" in done.stderr and "files could not" not in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["download"], "Nothing is named"),
        (["download", "resnet999"], "not a known backbone"),
        (["download", "resnet18@V9"], "V9 is no source of weights for resnet18"),
        (["download", "resnet18@starter"], "nothing to be downloaded"),
        (["download", "resnet18@file:a.pt"], "nothing to be downloaded"),
        (["remove"], "Nothing is named"),
        (["remove", "nothing.pth"], "There is no file nothing.pth"),
        (["list", "resnet18"], "weights download resnet18"),
        (["fetch"], "invalid choice"),
    ],
)
def test_wrong_requests_exit_with_2(environment: dict[str, str], words: list[str], said: str) -> None:
    done = weights(environment, *words)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr and not done.stdout
