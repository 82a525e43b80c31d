import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from workbench.gui.widgets.depth_scores import MOST_TASKS, Depth, Score, mean, score_words
from workbench.gui.widgets.stage_ladder import StageLadder

STAGES = [("stem", 9536), ("stage 1", 147_968), ("stage 2", 525_568)]


def depths(tasks, stages=3, first=0.3):
    return [
        Depth({task: Score(first + 0.15 * at, 0.02) for task in tasks}, 400 - 50 * at, 90 - 20 * at)
        for at in range(stages + 1)
    ]


@pytest.fixture
def ladder(qtbot):
    widget = StageLadder()
    qtbot.addWidget(widget)
    widget.set_stages(STAGES)
    widget.set_heads(["material", "season"], 5130)
    widget.resize(460, 420)
    widget.show()
    return widget


def test_scores_stand_beside_the_rungs_and_say_what_the_depth_is_worth(ladder):
    assert not ladder.scores.isVisible()
    ladder.set_depths(depths(["material", "season"]), suggestion=2)
    assert ladder.scores.isVisible() and ladder.lanes.isVisible()
    ladder.set_freeze(2)
    words = ladder._figures.text()
    assert words.startswith("From the output of stage 1: material 60 % ± 2, season 60 % ± 2.")
    assert "50 ms and 300 MB" in words
    ladder.set_freeze(0)
    assert ladder._figures.text().startswith("From the pixels alone: material 30 % ± 2")
    ladder.set_depths([])
    assert not ladder.scores.isVisible() and not ladder._figures.isVisible()


def test_costs_stand_on_the_lines_where_there_is_room_and_in_words_elsewhere(ladder):
    ladder.set_depths([Depth({"material": Score(0.5)}, 1412.0, 1500.0, 24, near_best=True)] * 4)
    ladder.resize(560, 420)
    assert ladder.costs.isVisible() and ladder.costs._texts[0] == ("1.5 s", "1,412 MB")
    assert "of 24 pictures takes 1.5 s and 1,412 MB" in ladder._figures.text()
    assert "(within noise of the best)" in ladder._figures.text()
    ladder.set_depths([Depth({"material": Score(0.5)}, 99_000.0, None)] * 4)
    assert ladder.costs._texts[0] == ("", "99,000 MB")
    ladder.resize(320, 420)
    assert not ladder.costs.isVisible() and not ladder.grab().isNull()
    ladder.resize(560, 420)
    ladder.set_depths([Depth({"material": Score(0.5)})] * 4)
    assert ladder.scores.isVisible() and not ladder.costs.isVisible()


def test_scores_go_before_lanes_where_there_is_room_for_one(ladder):
    ladder.set_depths(depths(["material", "season"]))
    ladder.resize(320, 420)
    assert ladder.scores.isVisible() and not ladder.lanes.isVisible()


def test_the_scale_ends_at_tenths_and_holds_all_scores(ladder):
    ladder.set_depths(depths(["material"]))
    assert ladder.scores.scale() == pytest.approx((0.2, 0.8))
    assert ladder.scores.place_of(0.2) < ladder.scores.place_of(0.5) < ladder.scores.place_of(0.8)
    assert ladder.scores.place_of(-3.0) == ladder.scores.place_of(0.2), "an R² below zero stays in sight"
    ladder.set_depths([Depth({"material": Score(1.0)})] * 4)
    low, high = ladder.scores.scale()
    assert low < high


def test_of_many_tasks_the_mean_is_drawn(ladder):
    tasks = [f"task {at}" for at in range(MOST_TASKS + 1)]
    ladder.set_heads(tasks, 5130)
    ladder.set_depths(depths(tasks))
    assert ladder.scores.shown == [] and "in the mean of 5 tasks" in ladder.scores.describe(1)
    assert score_words(mean([Score(0.5, 0.03), Score(0.7, 0.04)])) == "60 % ± 2"


def test_a_task_without_a_score_is_left_out(ladder):
    ladder.set_depths([Depth({"season": Score(0.5, 0.1)})] * 4)
    assert ladder.scores.shown == ["season"] and "material" not in ladder.scores.describe(2)
    ladder.set_depths([Depth({})] * 4)
    assert not ladder.scores.isVisible() and ladder.scores.describe(1) == ""


def test_the_tip_tells_of_the_depth_under_the_mouse(ladder, qtbot):
    ladder.set_depths(depths(["material", "season"]))
    place = QPoint(10, round(ladder.handle.boundary(3)))
    QApplication.sendEvent(
        ladder.scores, QHelpEvent(QEvent.Type.ToolTip, place, ladder.scores.mapToGlobal(place))
    )
    assert QToolTip.text().startswith("From the output of stage 2: material 75 %")
    QToolTip.hideText()


def test_it_is_spoken_and_drawn_in_every_look(ladder, look):
    ladder.set_depths(depths(["material", "season"]), suggestion=1)
    assert "From the output of stem" in ladder.scores.accessibleDescription()
    ladder.scores.lift("season")
    assert not ladder.grab().isNull()


def test_many_rungs_stand_closer_and_still_hold_their_names(ladder, look):
    ladder.set_stages([(f"Block {at}", 7_087_872) for at in range(25)])
    ladder.set_depths(depths(["material", "season"], 25, 0.1))
    handle = ladder.handle
    assert handle.rung_rectangle(0).height() >= handle.fontMetrics().height()
    assert handle.rung_rectangle(24).bottom() < handle.sizeHint().height() < 25 * 60
    assert not ladder.grab().isNull()
