import pytest
from PySide6.QtWidgets import QMessageBox

from tests.gui.frame import QuietWorkspace
from workbench.core.project import Project, Task
from workbench.gui.main_window import MainWindow
from workbench.gui.preferences import Preferences
from workbench.project.queue import add_run
from workbench.project.store import ProjectFile


@pytest.fixture
def window(qtbot, tmp_path, qapp):
    window = MainWindow(QuietWorkspace(), Preferences(tmp_path / "settings.ini"))
    qtbot.addWidget(window)
    window.show()
    window.projects.open(ProjectFile.create(tmp_path / "p", Project(name="p")).folder)
    yield window
    window.close_without_asking()


def press(window, role):
    box = window.closing.question
    next(button for button in box.buttons() if box.buttonRole(button) == role).click()


def test_nothing_is_asked_while_nothing_trains(window):
    assert window.close()
    assert not window.isVisible()


@pytest.mark.parametrize(
    ("role", "act"),
    [(QMessageBox.ButtonRole.AcceptRole, "stop"), (QMessageBox.ButtonRole.DestructiveRole, "cancel")],
)
def test_a_run_is_ended_as_wished_before_the_window_closes(window, qtbot, role, act):
    window.workspace.set_run_state("running")
    assert not window.close()
    press(window, role)
    assert window.workspace.asked[-1] == act
    assert window.isVisible()
    window.workspace.set_run_state("idle")
    qtbot.waitUntil(lambda: not window.isVisible())


def test_the_window_can_stay_open(window):
    window.workspace.set_run_state("running")
    assert not window.close()
    press(window, QMessageBox.ButtonRole.RejectRole)
    assert window.isVisible() and "stop" not in window.workspace.asked and "cancel" not in window.workspace.asked
    window.workspace.set_run_state("idle")


def test_the_question_is_put_once(window):
    window.workspace.set_run_state("running")
    window.close()
    question = window.closing.question
    window.close()
    assert window.closing.question is question
    press(window, QMessageBox.ButtonRole.RejectRole)
    window.workspace.set_run_state("idle")


def test_the_place_of_the_window_is_remembered(window, tmp_path):
    window.resize(900, 600)
    window.close()
    assert not window._preferences.geometry.isEmpty()


def test_what_waits_in_the_queue_is_said_to_stay(window):
    task = Task(name="colour", source=str(window.workspace.folder))
    add_run(window.workspace.folder, Project(tasks=[task]))
    window.workspace.queue.look()
    window.workspace.set_run_state("running")
    window.close()
    assert "1 run waits in the queue" in window.closing.question.informativeText()
    press(window, QMessageBox.ButtonRole.RejectRole)
    window.workspace.set_run_state("idle")
