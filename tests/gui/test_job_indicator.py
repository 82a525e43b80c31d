"""The running job in the top bar."""

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from tests.gui.frame import QuietWorkspace
from workbench.gui.icons import SIZE, icon, set_icon
from workbench.gui.job_indicator import JobIndicator
from workbench.gui.theme import theme


@pytest.fixture
def actions(qapp):
    made = {name: QAction(name) for name in ("pause", "stop")}
    for name, action in made.items():
        set_icon(action, name)
    yield made
    theme().apply(QApplication.instance(), "light")


@pytest.fixture
def indicator(qtbot, actions):
    workspace = QuietWorkspace()
    made = JobIndicator(workspace, actions["pause"], actions["stop"])
    qtbot.addWidget(made)
    yield made
    workspace.close()


def drawing(shown):
    return shown.pixmap(SIZE, SIZE).toImage()


def test_pause_and_stop_wear_their_own_icons_in_both_themes(indicator):
    for choice in ("light", "dark"):
        theme().apply(QApplication.instance(), choice)
        assert drawing(indicator.pause.icon()) == drawing(icon("pause", "text", SIZE))
        assert drawing(indicator.stop.icon()) == drawing(icon("stop", "text", SIZE))


def test_a_button_follows_the_text_of_its_action(indicator, actions):
    actions["pause"].setText("Go on")
    assert indicator.pause.accessibleName() == indicator.pause.toolTip() == "Go on"
