"""The main job in the window as a person does it: drops, a dialog, the Train button."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt

from tests.gui.frame import drop
from tests.warm import shell
from workbench.gui.main_window import MainWindow
from workbench.gui.preferences import Preferences
from workbench.gui.workspace import Workspace


def real_window(qtbot, tmp_path) -> Iterator[MainWindow]:
    """A fixture: the window with a real workspace and with settings of its own."""
    window = MainWindow(Workspace(), Preferences(tmp_path / "settings.ini"))
    window.show()
    yield window
    window.close_without_asking()
    window.deleteLater()


def drop_table(qtbot, window: MainWindow, table: Path, columns: list[str]) -> None:
    """Drop a CSV file and choose columns of it in the dialog that opens."""
    drop(window, table)
    data = window.pages.page("data")
    qtbot.waitUntil(lambda: data.adding.dialog is not None)
    dialog = data.adding.dialog
    if not dialog.columns.chosen() and not dialog.add.isEnabled():
        qtbot.waitSignal(dialog.ready, timeout=20000).wait()
    qtbot.waitUntil(lambda: dialog._table is not None, timeout=20000)
    for name in dialog._table.cells:
        dialog.columns.choose(name, name in columns)
    qtbot.waitUntil(dialog.add.isEnabled, timeout=20000)
    qtbot.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: data.adding.dialog is None)


def press_train(qtbot, window: MainWindow, timeout_ms: int) -> str:
    """Wait until the data is known, press Train, and wait for the run's end; the run's name."""
    workspace = window.workspace
    qtbot.waitUntil(lambda: workspace.checking is None, timeout=60000)
    assert workspace.report is not None and workspace.report["ok"], (workspace.report, workspace.check_failure)
    window.pages.show_page("train")
    qtbot.mouseClick(window.pages.page("train").controls.train, Qt.MouseButton.LeftButton)
    assert workspace.run_state == "starting"
    qtbot.waitUntil(lambda: workspace.run_state == "idle", timeout=timeout_ms)
    assert workspace.history.ended is not None and workspace.history.ended.status == "finished", workspace.history
    return workspace.run_name


def train_in_terminal(project_dir: Path, name: str, timeout_s: float) -> Path:
    """The same job typed in a shell; the run's folder."""
    done = shell("train", project_dir, "--name", name, timeout=timeout_s)
    assert done.returncode == 0, done.stderr
    return next((project_dir / "runs").glob(f"*-{name}"))


def losses(run_dir: Path) -> dict[str, list[float | None]]:
    """Every step's loss of every task, as the run recorded it."""
    found: dict[str, list[float | None]] = {}
    for line in (run_dir / "events.jsonl").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["event"] == "step":
            for task, values in event["losses"].items():
                found.setdefault(task, []).extend(values)
    return found
