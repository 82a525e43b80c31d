"""Lines with their doubt: what is drawn, what is lit, and how one points at a place."""

import pytest
from PySide6.QtCore import QPointF, Qt

from workbench.gui.widgets.series_plot import Series, SeriesPlot

LINES = [
    Series("one", 0, [(1.0, 0.5, (0.4, 0.6)), (10.0, 0.7, (0.6, 0.8))]),
    Series("two", 1, [(1.0, 0.2, None), (20.0, 0.9, None)], hollow=True),
    Series("none", 2, []),
]


@pytest.fixture
def plot(qtbot):
    made = SeriesPlot("Scores", "shots", "accuracy", "Nothing yet.", logarithmic=True, words=lambda x: f"at {x:g}")
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    made.set_series(LINES, marks={1.0: "1", 10.0: "10", 20.0: "20"})
    return made


def test_lines_without_points_are_left_out_and_all_is_in_sight(plot):
    assert [each.name for each in plot.series] == ["one", "two"] and not plot.is_empty()
    assert plot.places() == [1.0, 10.0, 20.0]
    (left, right), (low, high) = plot.plotItem.vb.viewRange()
    assert left < 0 and right > 1.3 and low < 0.2 and high > 0.9


def test_keys_and_clicks_point_at_places(plot, qtbot):
    pointed = []
    plot.pointed.connect(pointed.append)
    plot.set_cursor(10.0)
    assert plot.toolTip() == "at 10" == plot.accessibleDescription()
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert pointed == [20.0, 1.0]
    where = plot.plotItem.vb.mapViewToScene(QPointF(0.1, 0.5))
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=where.toPoint())
    assert pointed[-1] == 1.0
    plot.set_cursor(None)
    assert plot.cursor_x is None


def test_one_line_is_lifted_above_the_others(plot):
    plot.light("one")
    assert [item._bars.isVisible() for item in plot._items] == [True, False]
    assert plot._items[1]._line.opts["pen"].color().alphaF() < 0.5
    plot.light("")
    assert all(item._bars.isVisible() for item in plot._items)
    plot.set_series([])
    assert plot.is_empty() and not plot._items
