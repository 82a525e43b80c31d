from unittest.mock import MagicMock

import pytest

from tests.gui.frame import QuietWorkspace
from workbench.core.events import RunEnded, RunFailed, RunPaused, TaskPaused
from workbench.core.project import Task
from workbench.gui.workspace import Workspace
from workbench.project.store import ProjectFile


@pytest.fixture
def workspace(qtbot):
    workspace = Workspace()
    yield workspace
    workspace.close()


def wait_for_report(workspace, qtbot):
    qtbot.waitUntil(lambda: workspace.report is not None or workspace.check_failure is not None, timeout=20000)


def test_opening_a_project_reads_its_data(workspace, qtbot, picture_project):
    with qtbot.waitSignal(workspace.opened):
        assert workspace.open(picture_project)
    assert workspace.checking is not None
    wait_for_report(workspace, qtbot)
    assert workspace.report["tasks"]["colour"]["count"] == 12
    assert workspace.checking is None


def test_what_cannot_be_opened_is_said_and_nothing_changes(workspace, qtbot, picture_project, tmp_path):
    workspace.open(picture_project)
    with qtbot.waitSignal(workspace.failed) as caught:
        assert not workspace.open(tmp_path / "nothing")
    assert "holds no project" in caught.args[0]
    assert workspace.folder == picture_project


def test_changes_are_saved_checked_and_taken_back(workspace, qtbot, picture_project):
    workspace.open(picture_project)
    assert workspace.set_values("recipe", epochs=3)
    assert ProjectFile.read(picture_project).project.recipe.epochs == 3
    assert workspace.set_task_values("colour", head="mlp", name="tint")
    assert workspace.project.tasks[0].name == "tint"
    workspace.undo()
    workspace.undo()
    assert not workspace.can_undo
    assert ProjectFile.read(picture_project).project.written() == workspace.project.written()
    assert workspace.project.tasks[0].head == "linear"


def test_a_value_that_is_not_allowed_is_refused(workspace, qtbot, picture_project):
    workspace.open(picture_project)
    with qtbot.waitSignal(workspace.failed) as caught:
        assert not workspace.set_values("recipe", epochs=0)
    assert "recipe.epochs = 0" in caught.args[0]
    assert workspace.project.recipe.epochs == 10


def test_a_value_can_follow_the_preset_again(workspace, picture_project):
    workspace.open(picture_project)
    workspace.set_values("recipe", epochs=3)
    workspace.unset_value("recipe", "epochs")
    assert "epochs" not in workspace.project.written().get("recipe", {})


def test_tasks_are_added_under_free_names_and_removed(workspace, qtbot, picture_project):
    workspace.open(picture_project)
    source = workspace.project.tasks[0].source
    workspace.add_tasks([Task(name="colour", source=source), Task(name="colour", source=source)])
    assert [task.name for task in workspace.project.tasks] == ["colour", "colour 2", "colour 3"]
    wait_for_report(workspace, qtbot)
    workspace.remove_task("colour 2")
    assert [task.name for task in workspace.project.tasks] == ["colour", "colour 3"]
    qtbot.waitUntil(
        lambda: workspace.report is not None and set(workspace.report["tasks"]) == {"colour", "colour 3"}, timeout=20000
    )


def test_without_a_task_nothing_is_trained(workspace, qtbot, tmp_path):
    assert workspace.create(tmp_path / "new")
    with qtbot.waitSignal(workspace.failed) as caught:
        assert not workspace.train()
    assert "no task" in caught.args[0]
    assert workspace.run_state == "idle"


def test_no_other_project_is_opened_or_made_while_one_trains(qapp, picture_project, tmp_path, qtbot):
    workspace = QuietWorkspace()
    assert workspace.open(picture_project)
    workspace.set_run_state("running")
    for act in (workspace.open, workspace.create):
        with qtbot.waitSignal(workspace.failed) as caught:
            assert not act(tmp_path / "other")
        assert caught.args[0] == "A run is training."
    assert workspace.folder == picture_project and not (tmp_path / "other").exists()
    workspace.close()


def test_a_pause_may_free_the_memory(qapp):
    workspace = QuietWorkspace()
    workspace._run = MagicMock()
    workspace.set_run_state("running")
    workspace.pause(release=True)
    workspace._run.command.assert_called_with("pause", memory="release")
    workspace.pause()
    workspace._run.command.assert_called_with("pause")
    workspace.close()


def test_a_pause_that_a_terminal_told_is_known(qapp):
    workspace = QuietWorkspace()
    workspace._run = MagicMock()
    workspace.set_run_state("running")
    workspace._on_drained([RunPaused(paused=True, step=3)])
    assert workspace.run_state == "paused"
    workspace._on_drained([RunPaused(paused=False, step=3)])
    assert workspace.run_state == "running"
    workspace.set_run_state("stopping")
    workspace._on_drained([RunPaused(paused=True, step=4)])
    assert workspace.run_state == "stopping"
    workspace.close()


def test_a_run_whose_resumption_is_refused_keeps_its_name_so_that_it_can_be_tried_again(
    qapp, picture_project, monkeypatch
):
    monkeypatch.setattr("workbench.gui.workspace.RunThread", MagicMock())
    workspace = QuietWorkspace()
    workspace.open(picture_project)
    workspace._spare = MagicMock()
    assert workspace.resume("001-probe")
    refused = RunFailed(error="The pictures are gone.", advice="", traceback="")
    workspace._on_drained([refused, RunEnded(status="failed", best=None, elapsed_s=0.0)])
    workspace._on_run_finished()
    assert workspace.run_name == "001-probe" and workspace.history.failure == refused
    workspace.close()


def test_single_tasks_are_paused_in_the_running_job_alone(qapp):
    workspace = QuietWorkspace()
    workspace.pause_task("a")
    assert not workspace.paused_tasks, "nothing trains"
    workspace._run = MagicMock()
    workspace.set_run_state("running")
    changes = []
    workspace.paused_tasks_changed.connect(lambda: changes.append(workspace.paused_tasks))
    workspace.pause_task("a")
    workspace._run.command.assert_called_with("pause", "a")
    workspace._on_drained([TaskPaused(task="a", paused=True, step=3), TaskPaused(task="b", paused=True, step=3)])
    workspace.resume_task("a")
    workspace._run.command.assert_called_with("resume", "a")
    assert changes == [{"a"}, {"a", "b"}, {"b"}]
    workspace._on_run_finished()
    assert not workspace.paused_tasks
    workspace.close()
