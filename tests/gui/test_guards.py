"""The guard over all GUI tests itself: what it is for must make a test fail."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROBES = {
    "window": "w = QLabel('x'); w.show(); kept.append(w)",
    "timer": "t = QTimer(); t.start(10_000); kept.append(t)",
    "warning": "qWarning('a warning of Qt')",
    "thread": "t = Busy(); t.start(); kept.append(t)",
}
HEAD = """
from PySide6.QtCore import QThread, QTimer, qWarning
from PySide6.QtWidgets import QLabel
kept = []
class Busy(QThread):
    def run(self):
        QThread.msleep(3000)
def test_clean(qtbot):
    pass
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What pytest says of a file in which every test but one leaves something behind."""
    file = tmp_path_factory.mktemp("guarded") / "test_probes.py"
    tests = [f"def test_{name}(qtbot):\n    {body}\n" for name, body in PROBES.items()]
    file.write_text(HEAD + "\n".join(tests), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.gui.conftest", "-c", str(file.parent / "none.ini"), "-q"]
    (file.parent / "none.ini").write_text("[pytest]\nqt_api = pyside6\n", encoding="utf-8")
    root = Path(__file__).parents[2]
    return subprocess.run([*command, str(file)], cwd=root, capture_output=True, text=True, timeout=100).stdout


@pytest.mark.parametrize("what", PROBES)
def test_what_is_left_behind_fails_the_test(report, what):
    said = re.search(rf"ERROR at teardown of test_{what} .*?AssertionError: left behind: (\w+)", report, re.DOTALL)
    assert said is not None and said[1] == what


def test_a_clean_test_passes(report):
    assert "5 passed, 4 errors" in report
