"""A verdict from the window with a real engine child: it holds the lock, moves on, and is there at its end."""

from __future__ import annotations

from tests.engine.training.runs import project, two_tasks
from workbench.core.project import Project
from workbench.gui.pages.results.page import ResultsPage
from workbench.gui.workspace import Workspace
from workbench.project.lock import running
from workbench.project.runs import runs_dir
from workbench.project.store import ProjectFile


def test_a_verdict_is_started_watched_and_read(qtbot, tmp_path):
    asked = project(two_tasks(tmp_path, each=8), {"name": "squeezenet1_0"}, preset="probe", epochs=2)
    asked = Project.model_validate({**asked.written(), "split": {"validation": 0.3}})
    folder = ProjectFile.create(tmp_path / "project", asked).folder
    workspace = Workspace()
    page = ResultsPage(workspace)
    qtbot.addWidget(page)
    holders, shares = set(), []

    def watch(_events):
        holders.add(running(runs_dir(folder)))
        shares.append(workspace.history.trial.share if workspace.history.trial else 0.0)

    workspace.run_advanced.connect(watch)
    assert workspace.open(folder)
    qtbot.waitUntil(lambda: workspace.checking is None, timeout=30_000)
    page.show()
    page.show_verdict()
    page.verdict.setup.seeds.setValue(2)
    page.verdict.setup.start.click()
    assert workspace.run_state == "starting" and workspace.job == "verdict"
    assert not workspace.train(), "one training at a time"
    qtbot.waitUntil(lambda: workspace.run_state == "idle", timeout=90_000)
    qtbot.waitUntil(page.verdict.result.isVisible)
    assert "Verdict 001" in holders and shares == sorted(shares) and shares[-1] > 0.5
    assert not page.verdict.problem.isVisible() and len(page.verdict.result.table.bars) == 3
    assert page.verdict.finished[0].done == 6 and not workspace.runs()
    workspace.close()
