"""What scrolls sideways: as high as what it holds, and no reason for a page to be wider."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from workbench.gui.pages.sideways import Sideways


@pytest.fixture
def page(qtbot):
    made = QWidget()
    made.inside = QLabel("wide " * 60)
    made.room = Sideways(made.inside)
    layout = QVBoxLayout(made)
    layout.addWidget(made.room)
    layout.addStretch(1)
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def test_it_scrolls_where_there_is_no_room_and_the_keys_reach_it(page, qtbot):
    room, bar = page.room, page.room.horizontalScrollBar()
    assert page.minimumSizeHint().width() < 400 and bar.maximum() > 0
    assert room.height() >= page.inside.sizeHint().height() + bar.sizeHint().height()
    assert room.focusPolicy() == Qt.FocusPolicy.TabFocus
    qtbot.keyClick(room, Qt.Key.Key_Right)
    assert bar.value() > 0


def test_with_room_enough_it_is_what_it_holds(page, qtbot):
    page.inside.setText("short")
    qtbot.waitUntil(lambda: page.room.horizontalScrollBar().maximum() == 0)
    assert page.room.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert page.room.sizeHint().height() == page.inside.sizeHint().height()
    assert not page.inside.autoFillBackground()
