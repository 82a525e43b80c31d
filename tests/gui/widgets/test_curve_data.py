import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.gui.widgets.curve_data import Series, round_down, round_up, smoothed, thinned

finite = st.floats(-1e6, 1e6)


@given(st.lists(finite, min_size=1, max_size=900), st.floats(0.0, 0.99), finite)
def test_smoothing_is_the_moving_average(values, keep, start):
    expected, last = [], start
    for value in values:
        last = keep * last + (1 - keep) * value
        expected.append(last)
    np.testing.assert_allclose(smoothed(np.array(values), keep, start), expected, rtol=1e-6, atol=1e-6)


@given(st.lists(finite, min_size=1, max_size=6000))
def test_thinning_keeps_the_outline_and_the_ends(values):
    y = np.array(values)
    x = np.arange(y.size, dtype=float)
    thin_x, thin_y = thinned(x, y, 200)
    assert thin_x.size <= 200 + 2 * (y.size // 100 + 1)
    assert thin_y.max() == y.max() and thin_y.min() == y.min()
    assert (np.diff(thin_x) >= 0).all()
    np.testing.assert_array_equal(y[thin_x.astype(int)], thin_y)


def test_a_million_points_become_about_two_thousand():
    y = np.random.default_rng(0).standard_normal(1_000_000)
    assert thinned(np.arange(1e6), y)[0].size < 4000


@given(st.lists(st.lists(finite, max_size=400), max_size=6), st.floats(0.1, 0.95))
def test_appending_in_pieces_equals_replacing_at_once(pieces, keep):
    grown, whole = Series(), Series()
    for series in (grown, whole):
        series.set_smoothing(keep)
    flat = [value for piece in pieces for value in piece]
    position = 0
    for piece in pieces:
        grown.append(np.arange(position, position + len(piece)), piece)
        position += len(piece)
    whole.replace(np.arange(len(flat)), flat)
    np.testing.assert_array_equal(grown.y, whole.y)
    np.testing.assert_allclose(grown.smooth, whole.smooth, rtol=1e-6, atol=1e-5)


def test_what_is_no_number_is_left_out_and_versions_tell_of_changes():
    series = Series()
    series.append([0, 1, 2], [1.0, float("nan"), 3.0])
    assert series.y.tolist() == [1.0, 3.0]
    before = series.version
    series.append(3, float("inf"))
    assert (len(series), series.version) == (2, before)
    series.append(3, 4)
    assert series.version == before + 1
    with pytest.raises(ValueError, match="positions"):
        series.append([1, 2], [1])


def test_the_nearest_point():
    series = Series()
    assert series.nearest(1.0) is None
    series.append([0, 1, 4], [9, 8, 7])
    assert [series.nearest(x) for x in (-5, 0.4, 0.6, 2.4, 2.6, 99)] == [0, 0, 1, 1, 2, 2]


@given(st.floats(1e-6, 1e9))
def test_rounding_up_is_close_and_never_below(value):
    limit = round_up(value)
    assert value * (1 - 1e-8) <= limit <= value * 1.51
    assert round_down(-value) == -limit
    assert round_down(value) == 0.0
