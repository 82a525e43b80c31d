"""Python's garbage is collected between events, never while something is painted.

Python collects cycles whenever it has made enough objects, and that may be in the midst of a paint event. Where a plot
or a dialog that was let go of is among them, its scene and pixmaps go while Qt paints another, and the program crashes.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 1000


class Tidying(QObject):
    """Collects garbage on the window's thread as often as Python would, as long as it has been begun."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.tidy)

    def begin(self) -> None:
        """From now on Python collects nothing by itself."""
        gc.disable()
        self._timer.start()

    def end(self) -> None:
        """Python collects by itself again."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def tidy(self) -> None:
        """Collect the oldest generation that is due, and those younger with it."""
        counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [generation for generation, (count, most) in enumerate(counts) if count > most]
        if due:
            gc.collect(due[-1])
