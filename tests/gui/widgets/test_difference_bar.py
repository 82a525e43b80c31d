"""Intervals around zero: the scale, the side, and that every look paints."""

import pytest

from workbench.gui.widgets.difference_bar import DifferenceBar, DifferenceScale, Interval, limit_of, place


@pytest.mark.parametrize(
    ("ends", "limit"),
    [((-0.4, 2.2), 5.0), ((-19.0, 3.0), 20.0), ((-0.03, 0.01), 0.05), ((0.0, 0.0), 1.0), ((-1, 10), 10)],
)
def test_the_scale_is_round_and_holds_every_end(ends, limit):
    assert limit_of([Interval(0.0, ends), Interval(0.0)]) == pytest.approx(limit)


def test_an_interval_without_bounds_leaves_the_others_their_room(qtbot):
    wide, narrow = Interval(-1.5, (-3e5, 3e5)), Interval(3.0, (-4.0, 10.0))
    assert limit_of([wide, narrow], 200) == 200 and limit_of([Interval(700.0, (-1.0, 1e5))], 200) == 1000
    bar = DifferenceBar(wide, 200)
    qtbot.addWidget(bar)
    assert not bar.grab().isNull()


def test_the_side_is_that_of_the_whole_interval():
    sides = [Interval(1, (0.1, 2)).side, Interval(-1, (-2, -0.1)).side, Interval(1, (-1, 3)).side, Interval(1).side]
    assert sides == [1, -1, 0, 0]


def test_zero_is_in_the_middle_and_nothing_leaves_the_widget():
    assert place(0, 5, 200) == 100
    assert 0 < place(-5, 5, 200) < place(5, 5, 200) < 200
    assert place(50, 5, 200) == place(5, 5, 200)


def test_every_look_paints(look, qtbot):
    for interval in (Interval(1, (0.1, 2)), Interval(-1, (-2, -0.1)), Interval(0.2, (-1, 2)), Interval(1)):
        bar = DifferenceBar(interval, 2.0, strong=True)
        qtbot.addWidget(bar)
        assert not bar.grab().isNull()
    scale = DifferenceScale(2.0, "%", "better alone", "better together")
    qtbot.addWidget(scale)
    assert not scale.grab().isNull()
