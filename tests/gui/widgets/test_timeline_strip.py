"""The strip of phases: what it draws, says, and is asked for with the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from workbench.gui.theme import theme
from workbench.gui.widgets.timeline_strip import Span, TimelineStrip

STAGES = ["stem", "stage 1", "stage 2", "stage 3"]


@pytest.fixture
def strip(qtbot):
    made = TimelineStrip()
    qtbot.addWidget(made)
    made.set_timeline([Span(4, 40), Span(2, 10)], STAGES)
    made.resize(300, made.sizeHint().height())
    with qtbot.waitExposed(made):
        made.show()
    return made


def middle(strip, phase, stage):
    return strip.cell(phase, stage).center().toPoint()


def test_what_trains_is_drawn_in_the_accent(strip, look):
    image = strip.grab().toImage()
    accent = theme().colours().colour("accent").name()
    painted = [
        [image.pixelColor(middle(strip, phase, stage)).name() == accent for stage in range(5)] for phase in range(2)
    ]
    assert painted == [[False, False, False, False, True], [False, False, True, True, True]]


def test_it_is_said_in_words(strip):
    assert strip.accessibleDescription() == (
        "Phase 1: heads, 40 epochs; Phase 2: heads and the last 2 of 4 stages, 10 epochs"
    )


def test_longer_phases_are_wider_and_none_vanishes(strip):
    strip.set_timeline([Span(4, 1000), Span(2, 1)], STAGES)
    wide, narrow = strip.cell(0, 0), strip.cell(1, 0)
    assert wide.width() > 5 * narrow.width() > 50 and narrow.right() <= strip.width() + 1


@pytest.mark.parametrize("stage", [0, 3, 4])
def test_a_click_wishes_for_the_stages_from_there_on(strip, qtbot, stage):
    with qtbot.waitSignal(strip.depth_wished) as told:
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=middle(strip, 1, stage))
    assert told.args == [1, stage]


def test_a_pulled_end_wishes_for_epochs(strip, qtbot):
    end = QPoint(round(strip.cell(0, 0).right()), 10)
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=end)
    with qtbot.waitSignal(strip.epochs_wished) as told:
        QTest.mouseMove(strip, QPoint(round(end.x() / 2), 10))
    assert told.args[0] == 0 and 18 <= told.args[1] <= 22
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(round(end.x() / 2), 10))
