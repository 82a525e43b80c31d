"""The end of a run is told on the desktop, and only where the user wants it."""

import threading
from unittest.mock import MagicMock

import pytest
from PySide6.QtWidgets import QSystemTrayIcon

from tests.gui.frame import QuietWorkspace
from workbench.core.events import RunEnded
from workbench.core.project import Project
from workbench.gui import notifier
from workbench.gui.main_window import MainWindow
from workbench.gui.preferences import Preferences
from workbench.project.store import ProjectFile


@pytest.fixture
def preferences(tmp_path):
    return Preferences(tmp_path / "settings.ini")


@pytest.fixture
def window(qtbot, tmp_path, preferences):
    window = MainWindow(QuietWorkspace(), preferences)
    qtbot.addWidget(window)
    window.show()
    window.projects.open(ProjectFile.create(tmp_path / "waste", Project(name="Waste")).folder)
    yield window
    window.close_without_asking()


def end(window, status="finished"):
    window.workspace._on_drained([RunEnded(run="003-balanced", status=status, best=None, elapsed_s=72.0)])


def test_nothing_is_told_unless_it_is_wanted(window, monkeypatch):
    told = []
    monkeypatch.setattr(window.notifier, "tell", lambda *words: told.append(words))
    assert not window.actions_["notify"].isChecked()
    end(window)
    assert not told
    window.actions_["notify"].trigger()
    end(window)
    end(window, "failed")
    assert told == [("Waste", "Run 003 has finished after 1:12."), ("Waste", "Run 003 has failed after 1:12.")]


def test_the_wish_is_kept_and_the_same_everywhere(window, preferences):
    window.pages.show_page("train")
    switch = window.pages.page("train").controls.notify
    switch.click()
    assert preferences.notify and window.actions_["notify"].isChecked()
    window.actions_["notify"].trigger()
    assert not preferences.notify and not switch.isChecked()


def test_the_systems_own_program_is_asked_where_there_is_no_tray(window, monkeypatch):
    told, done = [], threading.Event()
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)
    monkeypatch.setattr(notifier, "notify", lambda *words: (told.append(words), done.set()))
    window.notifier.tell("Waste", "Run 003 has finished.")
    assert done.wait(5) and told == [("Waste", "Run 003 has finished.")]


def test_the_tray_tells_and_goes_again(window, monkeypatch):
    tray = MagicMock(spec=QSystemTrayIcon)
    monkeypatch.setattr(notifier, "QSystemTrayIcon", MagicMock(spec=QSystemTrayIcon, return_value=tray))
    window.notifier.tell("Waste", "Run 003 has finished.")
    assert tray.showMessage.call_args.args[:2] == ("Waste", "Run 003 has finished.")
    window.notifier.to_front()
    tray.hide.assert_called_once_with()
    assert window.isVisible()
