import pytest

from workbench.gui.widgets.histogram import Histogram

NUMBERS = {
    "minimum": 2.0, "maximum": 31.0, "mean": 11.2, "deviation": 4.0,
    "histogram": [[2.0, 11.0, 200], [11.0, 20.0, 100], [20.0, 31.0, 0]],
}  # fmt: skip


@pytest.fixture
def histogram(qtbot):
    widget = Histogram()
    qtbot.addWidget(widget)
    widget.resize(300, widget.sizeHint().height())
    return widget


def test_bars_are_as_high_as_their_counts_and_lie_side_by_side(histogram):
    histogram.set_numbers(NUMBERS)
    first, second, empty = (histogram.bar(index) for index in range(3))
    assert first.height() == 2 * second.height() and empty.height() == 0
    assert first.left() == 0 and first.right() < second.left() <= empty.left()
    assert histogram.describe(0) == "2 to 11: 200 pictures"
    assert histogram._at(first.center().x()) == 0 and histogram._at(second.center().x()) == 1


def test_it_is_told_in_words(histogram):
    assert histogram.accessibleDescription() == "No numbers yet"
    histogram.set_numbers(NUMBERS)
    assert histogram.accessibleDescription() == (
        "Numbers from 2 to 31, mean 11.2; most pictures, 200, between 2 and 11"
    )
    histogram.set_numbers(None)
    assert histogram.accessibleDescription() == "No numbers yet"


@pytest.mark.parametrize(
    "numbers",
    [
        NUMBERS,
        {"minimum": 5.0, "maximum": 5.0, "mean": 5.0, "deviation": 0.0, "histogram": [[5.0, 5.0, 12]]},
        {"minimum": -1e9, "maximum": 1e-9, "mean": -3.0, "histogram": [[-1e9, 0.0, 3], [0.0, 1e-9, 1]]},
    ],
)
def test_any_numbers_can_be_drawn(histogram, look, numbers):
    histogram.set_numbers(numbers)
    for width in (160, 300, 900):
        histogram.resize(width, histogram.sizeHint().height())
        assert not histogram.grab().isNull()
        assert all(0 <= histogram.bar(at).left() <= width for at in range(len(histogram.bins)))
