"""The window's own process: what it loads, and that it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]

OPEN_AND_CLOSE = """
import sys
from pathlib import Path
from workbench.gui import main_window
made = main_window.MainWindow.__init__
def make(self, *arguments):
    made(self, *arguments)
    self.painted.connect(self.close_without_asking)
main_window.MainWindow.__init__ = make
from workbench.gui.app import open_window
code = open_window(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
print(code, *(name for name in ("torch", "torchvision", "pyqtgraph", "workbench.engine") if name in sys.modules))
"""

STAY = """
from workbench.gui import main_window
made = main_window.MainWindow.__init__
def make(self, *arguments):
    made(self, *arguments)
    self.painted.connect(lambda: print("painted", flush=True))
main_window.MainWindow.__init__ = make
from workbench.gui.app import open_window
raise SystemExit(open_window(None))
"""


@pytest.fixture
def environment(tmp_path):
    return {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(tmp_path / "c"),
        "PYTHONPATH": str(ROOT),
    }


def test_the_window_opens_without_torch_and_closes(environment, picture_project):
    for arguments in ([], [str(picture_project)]):
        done = subprocess.run(
            [sys.executable, "-c", OPEN_AND_CLOSE, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stdout.split() == ["0"], done.stdout + done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals end a process at once there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_window_and_leaves_no_process(environment, number):
    window = subprocess.Popen([sys.executable, "-c", STAY], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert window.stdout.readline().strip() == "painted"
        children = psutil.Process(window.pid).children(recursive=True)
        window.send_signal(number)
        assert window.wait(20) == 0
        _, alive = psutil.wait_procs(children, timeout=10)
        assert not alive
    finally:
        window.kill()
        window.stdout.close()
