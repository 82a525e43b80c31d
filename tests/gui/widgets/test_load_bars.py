from PySide6.QtGui import QColor, QImage

from workbench.gui.theme import theme
from workbench.gui.widgets.load_bars import SHOWN, LoadBar, LoadTrace, Taken, all_colour, own_colour
from workbench.gui.widgets.shares_bar import Share, SharesBar


def drawn(widget, qtbot, width=118, height=20):
    qtbot.addWidget(widget)
    widget.resize(width, height)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    widget.render(image)
    return image


def test_a_bar_shows_all_that_is_taken_and_the_own_part_of_it(qtbot, look):
    bar = LoadBar()
    bar.take(Taken(0.5, 0.25))
    image = drawn(bar, qtbot, 100)
    track = theme().colours().colour("track")
    assert [image.pixelColor(x, 10) for x in (10, 40, 80)] == [own_colour(), all_colour(), track]
    bar.clear()
    assert drawn(bar, qtbot, 100).pixelColor(10, 10) == track


def test_a_trace_keeps_the_last_samples_with_the_newest_at_the_right(qtbot):
    trace = LoadTrace()
    drawn(trace, qtbot)  # nothing yet
    for _ in range(2 * SHOWN):
        trace.take(Taken(0.0))
    for _ in range(SHOWN // 2):
        trace.take(Taken(1.0, 0.5))
    assert len(trace.samples) == SHOWN
    image = drawn(trace, qtbot)
    track = theme().colours().colour("track")
    assert [image.pixelColor(x, 4) for x in (20, 100)] == [track, all_colour()]
    assert [image.pixelColor(x, 15) for x in (20, 100)] == [track, own_colour()]
    trace.take(Taken(None))
    drawn(trace, qtbot)
    trace.clear()
    assert drawn(trace, qtbot).pixelColor(100, 15) == track


def test_pieces_lie_side_by_side_and_tell_what_they_are(qtbot):
    bar = SharesBar("Where the time goes")
    red, blue = QColor("#ff0000"), QColor("#0000ff")
    bar.set_shares([Share("Waiting", 0.25, red, "for pictures"), Share("Forward", 0.75, blue)])
    image = drawn(bar, qtbot, 100)
    assert image.pixelColor(10, 10) == red and image.pixelColor(60, 10) == blue
    assert bar.share_at(24).name == "Waiting" and bar.share_at(26).name == "Forward" and bar.share_at(101) is None
    assert bar.accessibleName() == "Where the time goes"
    assert bar.accessibleDescription() == "Waiting 25 %, Forward 75 %"
    bar.set_shares([])
    assert bar.share_at(10) is None and drawn(bar, qtbot, 100).pixelColor(10, 10) == theme().colours().colour("track")
