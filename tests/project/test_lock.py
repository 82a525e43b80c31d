import subprocess
import sys

import pytest

from workbench.core.errors import RequestError
from workbench.project.lock import run_lock, running

HOLDER = """
import sys
from pathlib import Path
from workbench.project.lock import run_lock
with run_lock(Path(sys.argv[1]), "007-other"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline().strip() == b"held"
    yield process
    process.kill()
    process.communicate()


def test_another_process_is_refused_and_named(tmp_path, holder):
    assert running(tmp_path) == "007-other"
    with pytest.raises(RequestError, match="007-other of this project is training"), run_lock(tmp_path, "008"):
        pass


def test_a_killed_holder_lets_go(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert running(tmp_path) is None
    with run_lock(tmp_path, "008-mine"):
        assert running(tmp_path) == "008-mine"
    assert running(tmp_path) is None


def test_reading_needs_no_lock_file(tmp_path):
    assert running(tmp_path / "nowhere") is None
    (tmp_path / ".lock").write_text("torn {")
    assert running(tmp_path) is None


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "runs").write_text("a file, where a folder should be")
    with pytest.raises(RequestError, match="runs cannot be written"), run_lock(tmp_path / "runs", "001"):
        pass
