"""Points drawn by kind, moved, enlarged, pointed at, stepped through and picked with a lasso."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPolygonF
from PySide6.QtTest import QTest

from workbench.gui.widgets.point_canvas import Mark, point_canvas
from workbench.gui.widgets.point_map import PointMap

RED, BLUE = Mark(QColor(200, 0, 0)), Mark(QColor(0, 0, 200), "s")


@pytest.fixture
def plane(qtbot):
    made = PointMap()
    qtbot.addWidget(made)
    made.resize(300, 200)
    x, y = np.meshgrid(np.arange(5.0), np.arange(3.0))  # row after row, from below
    made.set_points(x.ravel(), y.ravel())
    made.set_kinds(np.arange(15) % 2, [RED, BLUE])
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.mark.parametrize("radius", [2.0, 5.0])
def test_points_are_drawn_in_the_colour_of_their_kind_the_last_on_top(radius):
    x, y, kinds = np.array([20.0, 60.0, 60.0, 400.0, 90.0, 1e18]), np.full(6, 30.0), np.array([0, 1, 0, 0, -1, 0])
    image = point_canvas(x, y, kinds, [RED, BLUE], (100, 60), radius)
    assert (image.width(), image.height()) == (100, 60)
    assert image.pixelColor(20, 30) == RED.colour and image.pixelColor(60, 30) == BLUE.colour
    assert image.pixelColor(90, 30).alpha() == 0 and image.pixelColor(20 + int(radius) + 2, 30).alpha() == 0
    assert image.pixelColor(99, 59).alpha() == 0


def test_dense_and_sparse_drawing_agree_on_where_discs_are():
    random = np.random.default_rng(0)
    x, y = random.uniform(-5, 105, (2, 300))
    kinds = random.integers(0, 2, 300)
    marks = [RED, Mark(BLUE.colour)]
    small, large = (point_canvas(x, y, kinds, marks, (100, 100), radius) for radius in (3.4, 3.5))
    differing = sum(
        small.pixelColor(i, j).alpha() != large.pixelColor(i, j).alpha() for i in range(100) for j in range(100)
    )
    assert differing < 0.15 * 100 * 100


def test_every_point_is_in_sight_and_found_where_it_is(plane):
    for index in range(15):
        at = plane.place_of(index)
        assert plane.rect().contains(at.toPoint()) and plane.nearest(at) == index
    assert plane.nearest(QPointF(1, 1)) == -1


def test_moving_and_enlarging_keep_what_is_under_the_pointer(plane, qtbot):
    before = plane.place_of(7)
    plane.zoom(2.0, before)
    assert (plane.place_of(7) - before).manhattanLength() < 1e-6
    wide = plane.place_of(8).x() - plane.place_of(7).x()
    plane.fit()
    assert wide == pytest.approx(2 * (plane.place_of(8).x() - plane.place_of(7).x()))
    start = plane.place_of(7)
    qtbot.mousePress(plane, Qt.MouseButton.LeftButton, pos=start.toPoint())
    qtbot.mouseMove(plane, (start + QPointF(30, -20)).toPoint())
    qtbot.mouseRelease(plane, Qt.MouseButton.LeftButton, pos=(start + QPointF(30, -20)).toPoint())
    assert (plane.place_of(7) - start - QPointF(30, -20)).manhattanLength() < 1.5


def lasso_around(plane, indices, modifier=Qt.KeyboardModifier.NoModifier):
    places = [plane.place_of(index) for index in indices]
    box = QPolygonF(places).boundingRect().adjusted(-9, -9, 9, 9)
    corners = [box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft()]
    QTest.mousePress(plane, Qt.MouseButton.LeftButton, modifier, corners[0].toPoint())
    for corner in corners[1:]:
        QTest.mouseMove(plane, corner.toPoint())
    QTest.mouseRelease(plane, Qt.MouseButton.LeftButton, modifier, corners[-1].toPoint())


def test_a_lasso_picks_and_shift_adds_and_escape_lets_go(plane, qtbot):
    plane.set_lasso(True)
    with qtbot.waitSignal(plane.picked_changed):
        lasso_around(plane, [0, 6])
    assert plane.picked.tolist() == [0, 1, 5, 6]
    lasso_around(plane, [14, 14], Qt.KeyboardModifier.ShiftModifier)
    assert plane.picked.tolist() == [0, 1, 5, 6, 14]
    plane.set_kinds(np.where(np.arange(15) == 6, -1, 0), [RED])
    assert plane.picked.tolist() == [0, 1, 5, 14], "what is hidden is not picked"
    qtbot.keyClick(plane, Qt.Key.Key_Escape)
    assert not len(plane.picked)


def test_keys_go_from_point_to_point_open_and_pick(plane, qtbot):
    qtbot.keyClick(plane, Qt.Key.Key_Right)
    assert plane.current == 7, "the one in the middle"
    qtbot.keyClick(plane, Qt.Key.Key_Right)
    qtbot.keyClick(plane, Qt.Key.Key_Up)
    assert plane.current == 13
    with qtbot.waitSignal(plane.point_chosen) as chosen:
        qtbot.keyClick(plane, Qt.Key.Key_Return)
    assert chosen.args == [13]
    qtbot.keyClick(plane, Qt.Key.Key_Space)
    assert plane.picked.tolist() == [13]
    qtbot.keyClick(plane, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(plane.picked) == 15


def test_pointing_tells_and_a_click_opens(plane, qtbot):
    at = plane.place_of(3).toPoint()
    with qtbot.waitSignal(plane.point_shown) as shown:
        qtbot.mouseMove(plane, at)
    assert shown.args == [3]
    with qtbot.waitSignal(plane.point_chosen) as chosen:
        qtbot.mouseClick(plane, Qt.MouseButton.LeftButton, pos=at)
    assert chosen.args == [3]


def test_one_point_and_none_are_no_trouble(plane):
    plane.set_points(np.array([2.0]), np.array([3.0]))
    assert plane.nearest(QPointF(plane.rect().center())) == 0
    plane.set_points(np.zeros(0), np.zeros(0))
    assert plane.nearest(QPointF(5, 5)) == -1 and not plane.grab().isNull()
