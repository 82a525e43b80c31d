import numpy as np
import pytest

from workbench.gui.widgets.curve_data import Series
from workbench.gui.widgets.curves import CurvePlot
from workbench.gui.widgets.stacked_areas import StackedAreas, stacked


class Plot(StackedAreas, CurvePlot):
    pass


def series(x, y):
    made = Series()
    made.append(x, y)
    return made


def test_edges_are_sums_and_gaps_keep_the_last_value():
    x, (low, high) = stacked([series([1, 2, 3], [1, 2, 3]), series([2, 4], [10, 20])])
    assert x.tolist() == [1, 2, 3, 4]
    assert low.tolist() == [1, 2, 3, 3]
    assert high.tolist() == [1, 12, 13, 23]


def test_values_below_nought_take_no_room():
    _, (low, high) = stacked([series([1, 2], [-1, 2]), series([1, 2], [1, -3])])
    assert low.tolist() == [0, 2] and high.tolist() == [1, 2]


def test_many_points_are_thinned_and_the_ends_stay():
    x, edges = stacked([series(np.arange(50_000), np.ones(50_000))] * 3)
    assert len(x) <= 1000 and x[0] == 0 and x[-1] == 49_999
    assert np.allclose(edges[2], 3)


@pytest.fixture
def plot(qtbot):
    made = Plot("Task weights", "weight", "step")
    qtbot.addWidget(made)
    made.set_tasks(["first", "second"])
    made.resize(500, 300)
    made.show()
    return made


def test_areas_lie_on_each_other_in_both_themes_and_grow(plot, look):
    plot.append("second", "", [1, 2, 3], [1.0, 1.0, 1.0])
    plot.append("first", "", [1, 2, 3], [0.5, 1.0, 1.5])
    plot.redraw()
    low, high = (plot._curves[task, ""].raw for task in ("first", "second"))
    assert low.yData.tolist() == [0.5, 1.0, 1.5] and high.yData.tolist() == [1.5, 2.0, 2.5]
    assert low.zValue() > high.zValue(), "the lower covers its part of the higher"
    assert plot._range[2:] == [0.0, 3.0]
    plot.append("second", "", [4], [9.0])
    plot.redraw()
    assert plot._range[3] >= 10.5
    assert not plot.grab().isNull()


def test_the_read_out_tells_the_values_themselves(plot):
    plot.append("first", "", [1, 2], [0.5, 1.25])
    plot.append("second", "", [1, 2], [-0.25, 2.0])
    plot.redraw()
    assert [(line.task, line.values.strip()) for line in plot.read(1)] == [("first", "0.5000"), ("second", "-0.2500")]
    plot.highlight("second")
    plot.redraw()
    plot.clear_curves()
    assert plot.read(1) == []
