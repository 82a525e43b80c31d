"""Own stages on the ladder: lanes beside the rungs, dragged or set by keys, and what they cost."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from workbench.gui.widgets.branches import first_own, parameters
from workbench.gui.widgets.stage_ladder import StageLadder

RESNET = [("stem", 10), ("stage 1", 100), ("stage 2", 1000), ("stage 3", 10_000), ("stage 4", 100_000)]


@pytest.fixture
def ladder(qtbot):
    widget = StageLadder()
    qtbot.addWidget(widget)
    widget.set_stages(RESNET)
    widget.set_heads(["material", "season"], 7)
    widget.resize(460, 520)
    widget.show()
    return widget


@pytest.mark.parametrize(
    ("frozen", "own", "training", "total"),
    [
        (0, {}, 111_110, 111_110),
        (2, {"a": 0, "b": 0}, 111_000, 111_110),
        (2, {"a": 1, "b": 0}, 211_000, 211_110),
        (2, {"a": 1, "b": 1}, 11_000 + 200_000, 311_110),  # stage 4 itself stands still: nobody shares it
        (3, {"a": 4, "b": 0}, 110_000 * 2, 111_110 + 111_100),  # the copy of a frozen stage does not train either
        (5, {"a": 5}, 0, 222_220),
    ],
)
def test_copies_and_what_nobody_shares_count(frozen, own, training, total):
    assert parameters([size for _, size in RESNET], frozen, own) == (training, total)


def test_the_first_own_stage_is_never_frozen():
    assert [first_own(5, 3, own) for own in range(6)] == [5, 4, 3, 3, 3, 3]


def test_no_task_leaves_the_trunk_at_first(ladder):
    assert ladder.own() == {"material": 0, "season": 0}
    assert ladder.lanes.isVisible() and ladder.legend.isVisible()
    assert "costs memory and time" in ladder._own_label.text()


def test_a_knob_is_dragged_over_the_stages(ladder):
    told = []
    ladder.own_changed.connect(lambda task, stages: told.append((task, stages)))
    knob = ladder.lanes.handles["season"]
    QTest.mousePress(knob, Qt.MouseButton.LeftButton, pos=knob.knob_centre().toPoint())
    for depth in (4, 3, 2):
        QTest.mouseMove(knob, QPoint(13, round(ladder.lanes.boundary(depth))))
    QTest.mouseRelease(knob, Qt.MouseButton.LeftButton, pos=QPoint(13, round(ladder.lanes.boundary(2))))
    assert told == [("season", 1), ("season", 2), ("season", 3)]
    assert ladder.own() == {"material": 0, "season": 3}
    assert ladder.trainable() == (111_110 + 111_000 + 7, 111_110 + 111_000 + 7)
    QTest.mouseMove(knob, QPoint(13, 4))
    assert ladder.own()["season"] == 3  # the button is up


def test_keys_move_a_knob_and_the_program_s_own_setting_is_not_told(ladder):
    told = []
    ladder.own_changed.connect(lambda task, stages: told.append(stages))
    ladder.set_own({"material": 2})
    knob = ladder.lanes.handles["material"]
    assert (knob.value(), told) == (2, [])
    for key, own in ((Qt.Key.Key_Up, 3), (Qt.Key.Key_Down, 2), (Qt.Key.Key_End, 5), (Qt.Key.Key_Home, 0)):
        QTest.keyClick(knob, key)
        assert ladder.own()["material"] == own
    assert told == [3, 2, 5, 0]


def test_a_knob_says_what_it_means(ladder):
    knob = ladder.lanes.handles["material"]
    assert knob.accessibleName() == "Own stages of material"
    interface = QAccessible.queryAccessibleInterface(knob)
    assert interface.role() == QAccessible.Role.Slider
    assert knob.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert knob.accessibleDescription() == "material shares all stages and has only its head of its own."
    ladder.set_own({"material": 2})
    assert knob.accessibleDescription() == "material has its own copy of stage 3, stage 4."
    assert interface.valueInterface().currentValue() == 2
    ladder.set_freeze(4)
    assert knob.accessibleDescription() == (
        "material has its own copy of stage 4; the frozen stages before it are the same for all."
    )
    ladder.set_freeze("all")
    assert knob.accessibleDescription() == "material shares all stages: those that are frozen are the same for all."


def test_without_room_or_with_many_tasks_words_take_the_lanes_place(ladder):
    names = [f"task {number}" for number in range(9)]
    ladder.set_heads(names, 7)
    ladder.set_own({"task 3": 2})
    assert not ladder.lanes.isVisible() and not ladder.legend.isVisible()
    assert "Own last stages: task 3 2." in ladder._own_label.text()
    ladder.set_heads(names[:2], 7)
    assert ladder.lanes.isVisible()
    ladder.resize(200, 520)
    assert not ladder.lanes.isVisible() and "All tasks share all stages" in ladder._own_label.text()


def test_another_backbone_has_fewer_stages(ladder):
    ladder.set_own({"material": 4})
    ladder.set_stages(RESNET[:3])
    assert ladder.own()["material"] == 3 and ladder.lanes.handles["material"].maximum() == 3
    ladder.set_stages([])
    assert ladder.own()["material"] == 0 and not ladder.lanes.isVisible()


def test_eight_lanes_can_be_told_apart(qtbot, look):
    ladder = StageLadder()
    qtbot.addWidget(ladder)
    ladder.set_stages(RESNET)
    ladder.set_heads([f"a task with a rather long name {number}" for number in range(8)], 7)
    ladder.set_own({f"a task with a rather long name {number}": number % 5 for number in range(8)})
    ladder.resize(760, 700)
    ladder.show()
    places = [handle.geometry() for handle in ladder.lanes.handles.values()]
    assert len(places) == 8 and all(one.right() < other.left() for one, other in pairwise(places))
    assert places[-1].right() <= ladder.lanes.width()
    assert not ladder.grab().isNull()


def test_hovering_a_name_lifts_its_lane(ladder):
    ladder.legend.hovered.emit("season")
    assert ladder.lanes._lifted == "season" and not ladder.grab().isNull()
