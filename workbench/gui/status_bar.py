"""The line below every page: the machine, the pictures, and the promise."""

from __future__ import annotations

import os
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from workbench.core.errors import RunError
from workbench.core.resolved import load_resolved
from workbench.gui.icons import pixmap
from workbench.gui.numbers import count
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.label import Label
from workbench.gui.workspace import Workspace
from workbench.project.runs import run_names, runs_dir

SAID_MS = 6000
_ABOUT_CARD = "This machine has a graphics card"
"""How the check report begins the sentence about a card that cannot be used."""


class StatusBar(QWidget):
    """Shows what is, and for some seconds what was just done."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.setAccessibleName(self.tr("Status"))
        self.machine = ElidedLabel("", "caption", "secondary", parent=self)
        self.warning_icon = QLabel(self)
        self.middle = ElidedLabel("", "caption", "secondary", parent=self)
        self.promise = Label(self.tr("Nothing leaves this computer"), "caption", "secondary", parent=self)
        self.promise.setToolTip(self.tr("Pictures, labels and models stay here; only weights are ever downloaded."))
        self._said = QTimer(self, singleShot=True, interval=SAID_MS)
        self._said.timeout.connect(self._show_facts)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        layout.setSpacing(GRID)
        layout.addWidget(self.warning_icon)
        layout.addWidget(self.machine, 3)
        layout.addWidget(self.middle, 4)
        layout.addWidget(self.promise)
        workspace.said.connect(self.say)
        for changed in (
            workspace.opened,
            workspace.project_changed,
            workspace.report_changed,
            workspace.run_state_changed,
        ):
            changed.connect(self.refresh)
        theme().changed.connect(self.refresh)
        self.refresh()

    def say(self, text: str) -> None:
        """Show what was done, for some seconds."""
        self.middle.setText(text)
        self._said.start()

    def refresh(self, *_: object) -> None:
        """Show the machine and the pictures as they are known now."""
        problem = device_problem(self._workspace.report)
        self.warning_icon.setVisible(bool(problem))
        self.warning_icon.setPixmap(pixmap("warning", "caution", 16, self.devicePixelRatioF()))
        self.machine.setText(problem or self._machine())
        self.machine.set_tone("caution" if problem else "secondary")
        if not self._said.isActive():
            self._show_facts()

    def _show_facts(self) -> None:
        project, report = self._workspace.project, self._workspace.report
        if project is None:
            self.middle.setText("")
            return
        facts = []
        pictures = report.get("pictures") if report else None
        if pictures is not None:
            facts.append(self.tr("{0} pictures").format(count(pictures)))
        tasks = len(project.tasks)
        facts.append(self.tr("1 task") if tasks == 1 else self.tr("{0} tasks").format(tasks))
        self.middle.setText(" · ".join(facts))

    def _machine(self) -> str:
        """The device and precision of this session's or the latest run; until there is one, the cores."""
        started = self._workspace.history.started
        if started is not None:
            return f"{_device(started.device)} · {started.precision}"
        folder = self._workspace.folder
        if folder is None:
            return _device("cpu")
        for run in reversed(run_names(folder)):
            try:
                resolved = load_resolved(runs_dir(folder) / run)
            except RunError:
                continue
            return f"{_device(resolved.device)} · {resolved.precision}"
        return _device("cpu")


def device_problem(report: dict[str, Any] | None) -> str:
    """The sentence of a check report about a graphics card that cannot be used; empty where there is none."""
    for problem in report.get("problems", []) if report else []:
        if problem["text"].startswith(_ABOUT_CARD):
            return f"{problem['text']} {problem['fix']}".strip()
    return ""


def _device(name: str) -> str:
    return f"CPU {os.cpu_count() or 1} cores" if name == "cpu" else name.upper()
