"""One curve of a plot: its values and the graphics items that show them."""

from __future__ import annotations

from workbench.gui.colours import TaskStyle, mix
from workbench.gui.theme import theme
from workbench.gui.widgets.curve_data import Series, heights, thinned
from workbench.gui.widgets.plotting import pg

_MARKERS = 60  # markers on one curve at most
_FAINT = 0.35  # strength of raw values under a smoothed curve
_BEHIND = 0.22  # strength of the curves that are not highlighted
_RESTING = 0.6  # strength of the curves of a paused task


class Curve:
    """A training curve is a line, over its raw values if it is smoothed; a validation curve carries markers.

    Attributes:
        series: the values.
        drawn: the version of the series that is on the screen.
    """

    def __init__(self, plot: pg.PlotItem, validation: bool) -> None:
        # Antialiasing doubles the price of a noisy line (6.2 ms against 3.4 for four curves of 2,000 points), so the
        # raw training values go without; smoothed and validation curves are cheap and look better with it.
        self.series = Series()
        self.validation = validation
        self.raw = pg.PlotCurveItem(antialias=False)
        self.line = pg.PlotCurveItem(antialias=True)
        self.marks = pg.ScatterPlotItem(size=7, pxMode=True, antialias=True)
        self.items = (self.raw, self.line, self.marks)
        self.drawn = -1
        self._smoothed = False
        for item in self.items:
            plot.addItem(item, ignoreBounds=True)

    def set_smoothing(self, keep: float) -> None:
        """Smooth a training curve; validation has too few points for it."""
        if not self.validation:
            self.series.set_smoothing(keep)
            self._smoothed = keep > 0

    def dress(self, style: TaskStyle, *, lifted: bool, behind: bool, resting: bool = False) -> None:
        """Take the colour, dash and marker of a task; lifted above the others, or faded: behind a lifted one, or as
        one that is not trained now.
        """
        # Mixed with the ground, not transparent: a transparent line takes fifty times as long to draw.
        ground = theme().colours().surface
        colour = mix(ground, style.colour, _BEHIND if behind else _RESTING if resting else 1.0)
        pen = pg.mkPen(colour, width=1)
        if style.dash:
            pen.setDashPattern(style.dash)
        self.line.setPen(pen)
        self.raw.setPen(pg.mkPen(mix(ground, colour, _FAINT), width=1) if self._smoothed else pen)
        self.marks.setSymbol(style.marker)
        self.marks.setPen(None)
        self.marks.setBrush(pg.mkBrush(colour))
        for item in self.items:
            item.setZValue(10 if lifted else 5 if self.validation else 1)

    def draw(self, log: bool) -> None:
        """Show the values as they are now, with one setData for each item."""
        series = self.series
        x, y = thinned(series.x, heights(series.y, log))
        if self.validation:
            self.line.setData(x, y)
            every = max(1, -(-len(series) // _MARKERS))
            self.marks.setData(series.x[::every], heights(series.y, log)[::every])
        else:
            self.raw.setData(x, y)
            smooth = thinned(series.x, heights(series.smooth, log)) if self._smoothed else ([], [])
            self.line.setData(*smooth)
        self.drawn = series.version
