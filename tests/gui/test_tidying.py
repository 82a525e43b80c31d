"""Garbage is collected by the window's timer alone."""

import gc
import weakref

from workbench.gui.tidying import Tidying


class _Knot:
    """Something that holds on to itself."""

    def __init__(self):
        self.itself = self


def test_garbage_goes_between_events_and_not_before(qtbot):
    thresholds = gc.get_threshold()
    tidying = Tidying()
    tidying._timer.setInterval(0)
    tidying.begin()
    try:
        assert not gc.isenabled()
        knot = weakref.ref(_Knot())
        gc.set_threshold(10, 10, 10)
        kept = [[] for _ in range(100)]
        assert knot() is not None and kept, "Python would have collected it"
        qtbot.waitUntil(lambda: knot() is None)
    finally:
        gc.set_threshold(*thresholds)
        tidying.end()
    assert gc.isenabled() and not tidying._timer.isActive()
