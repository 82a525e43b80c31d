import json
import subprocess
import sys

from workbench.cli.streams import obey
from workbench.core.control import Control

STRAY = """
import ctypes, os, sys
from workbench.cli.streams import claim_stdout
out = claim_stdout()
print("from Python")
os.write(1, b"from a descriptor\\n")
ctypes.CDLL(None).puts(b"from C")
subprocess_code = os.system("echo from a child")
out.write('{"ours": 1}\\n')
out.flush()
"""


def test_whatever_else_prints_goes_to_standard_error():
    done = subprocess.run([sys.executable, "-c", STRAY], capture_output=True, text=True, timeout=30)
    assert json.loads(done.stdout) == {"ours": 1}
    for source in ("Python", "a descriptor", "C", "a child"):
        assert f"from {source}\n" in done.stderr


CLOSED = """
import os, sys
from workbench.cli.streams import claim_stdout, open_missing
open_missing()
file = open(sys.argv[1], "w")
assert file.fileno() > 2
out = claim_stdout()
out.write("nobody reads this")
out.flush()
print("nor this")
assert sys.stdin.read() == ""
file.write("whole")
"""


def test_closed_standard_streams_are_never_taken_by_our_own_files(tmp_path):
    file = tmp_path / "file"
    command = 'exec "$0" -c "$1" "$2" <&- >&- 2>&-'
    assert subprocess.run(["sh", "-c", command, sys.executable, CLOSED, str(file)], timeout=30).returncode == 0
    assert file.read_text() == "whole"


def test_a_pause_may_release_memory(capsys):
    control = Control()
    obey(control, {"command": "pause", "memory": "release"})
    assert control.paused and control.release_requested
    obey(control, {"command": "pause", "memory": "keep"})
    assert control.paused and not control.release_requested
    obey(control, {"command": "pause", "memory": "release"})
    obey(control, {"command": "resume"})
    assert not control.paused and not control.release_requested
    obey(control, {"command": "pause", "memory": "some"})
    obey(control, {"command": "stop", "memory": "release"})
    assert not control.paused and not control.ending
    assert capsys.readouterr().err.count("Not a command") == 2


def test_pause_and_resume_are_for_one_task_where_they_name_it(capsys):
    control = Control()
    obey(control, {"command": "pause", "task": "Größe"})
    assert control.paused_tasks == {"Größe"} and not control.paused
    obey(control, {"command": "pause"})
    assert control.paused
    obey(control, {"command": "resume", "task": "Größe"})
    assert not control.paused_tasks and control.paused
    obey(control, {"command": "resume"})
    assert not control.paused
    for wrong in ({"command": "stop", "task": "a"}, {"command": "pause", "task": 3}, {"command": "jump"}, {}):
        obey(control, wrong)
        assert "Not a command" in capsys.readouterr().err
    assert not control.ending and not control.paused_tasks
