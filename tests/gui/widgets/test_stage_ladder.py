import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from workbench.gui.widgets.stage_ladder import StageLadder

RESNET = [("stem", 9536), ("stage 1", 147_968), ("stage 2", 525_568), ("stage 3", 2_099_712), ("stage 4", 8_393_728)]


@pytest.fixture
def ladder(qtbot):
    widget = StageLadder()
    qtbot.addWidget(widget)
    widget.set_stages(RESNET)
    widget.set_heads(["material", "season"], 5130)
    widget.resize(300, 420)
    widget.show()
    return widget


def test_the_handle_is_dragged_over_the_stages(ladder):
    told = []
    ladder.freeze_changed.connect(told.append)
    handle = ladder.handle
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=handle.knob_centre().toPoint())
    for stage in (0, 1, 2):
        QTest.mouseMove(handle, handle.rung_rectangle(stage).bottomLeft() + QPoint(40, 2))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(40, handle.rung_rectangle(2).bottom() + 2))
    assert told == [1, 2, 3]
    assert ladder.freeze() == 3
    QTest.mouseMove(handle, QPoint(40, 4))
    assert ladder.freeze() == 3  # the button is up


def test_keys_move_the_handle_and_the_program_s_own_setting_is_not_told(ladder):
    told = []
    ladder.freeze_changed.connect(told.append)
    ladder.set_freeze(2)
    assert (ladder.freeze(), told) == (2, [])
    for key, depth in (
        (Qt.Key.Key_Down, 3),
        (Qt.Key.Key_Up, 2),
        (Qt.Key.Key_End, 5),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_PageDown, 3),
    ):
        QTest.keyClick(ladder.handle, key)
        assert ladder.freeze() == depth
    assert told == [3, 2, 5, 0, 3]
    QTest.keyClick(ladder.handle, Qt.Key.Key_End)
    QTest.keyClick(ladder.handle, Qt.Key.Key_Down)
    assert ladder.freeze() == 5


def test_it_says_how_much_trains(ladder):
    ladder.set_freeze(3)
    total = sum(size for _, size in RESNET) + 5130
    assert ladder.trainable() == (2_099_712 + 8_393_728 + 5130, total)
    assert ladder.summary() == "trains 10.5 M of 11.2 M parameters"
    ladder.set_freeze("all")
    assert ladder.trainable() == (5130, total)
    assert "whole backbone is frozen" in ladder.summary()
    assert ladder.handle.accessibleName() == "Freeze depth"
    assert "5 of 5 stages are frozen" in ladder.handle.accessibleDescription()
    assert QAccessible.queryAccessibleInterface(ladder.handle).role() == QAccessible.Role.Slider


def test_another_backbone_keeps_the_depth_that_fits(ladder):
    ladder.set_freeze(5)
    ladder.set_stages(RESNET[:3])
    assert ladder.freeze() == 3
    ladder.set_stages([])
    assert ladder.summary() == "The stages of the chosen backbone appear here."


def test_fourteen_stages_scroll_where_there_is_no_room_and_rows_hold_their_text(qtbot, look):
    ladder = StageLadder()
    qtbot.addWidget(ladder)
    ladder.set_stages([(f"block {index}", 7_087_872) for index in range(14)])
    ladder.resize(320, 360)
    ladder.show()
    handle = ladder.handle
    assert handle.height() >= handle.sizeHint().height() > 360
    assert handle.rung_rectangle(0).height() >= max(32, handle.fontMetrics().height() + 8)
    assert handle.rung_rectangle(13).bottom() < handle.height()
    assert handle.visibleRegion().boundingRect().width() == handle.width()  # nothing hides under the scroll bar
    assert not ladder.grab().isNull()


def test_the_wheel_scrolls_and_does_not_freeze(ladder):
    from tests.gui.test_theme import wheel

    ladder.handle.setFocus()
    assert not wheel(ladder.handle).isAccepted()
    assert ladder.freeze() == 0


def test_a_long_name_in_the_legend_gives_way(ladder):
    ladder.set_heads(["a task of a name that is longer than any ladder is wide, and goes on", "season"], 5130)
    assert ladder.minimumSizeHint().width() <= 300
