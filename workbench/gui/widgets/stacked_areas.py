"""Curves drawn on top of each other as areas, so that the height of the whole is their sum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Slot

from workbench.gui.colours import mix
from workbench.gui.theme import theme
from workbench.gui.widgets.curve_data import Series, round_up
from workbench.gui.widgets.curve_items import Curve
from workbench.gui.widgets.curves import CurvePlot
from workbench.gui.widgets.plotting import pg

Values = NDArray[np.float64]
_MOST = 1000  # points on an edge: one a pixel is enough
_FILL, _BEHIND = 0.6, 0.18  # strength of an area, and of one behind a lifted one

_Plot = CurvePlot if TYPE_CHECKING else object


class StackedAreas(_Plot):
    """Makes a `CurvePlot` stack its curves in the tasks' order, the first at the bottom; mix it in before the plot.

    A value below nought, which some methods give, takes no room; the read-out tells it as it is.
    """

    @Slot()
    def redraw(self) -> None:
        """Stack anew where a curve has changed."""
        if any(curve.drawn != curve.series.version for curve in self._curves.values()):
            curves = self._in_order()
            x, edges = stacked([curve.series for curve in curves])
            # The highest edge is painted first and reaches down to nought; each lower one covers its part.
            for place, (curve, edge) in enumerate(zip(curves, edges, strict=True)):
                curve.raw.setData(x, edge, fillLevel=0.0)
                curve.raw.setZValue(len(curves) - place)
                curve.drawn = curve.series.version
            self._y_limits = (0.0, round_up(float(edges[-1].max(initial=0.0))) or 1.0)
        super().redraw()

    def _in_order(self) -> list[Curve]:
        places = {task: place for place, task in enumerate(self._tasks)}
        return [self._curves[key] for key in sorted(self._curves, key=lambda key: places.get(key[0], len(places)))]

    def _dress(self, task: str, curve: Curve) -> None:
        super()._dress(task, curve)
        behind = self._lifted is not None and self._lifted != task
        style = self._style(task)
        strength = _BEHIND if behind else _FILL
        curve.raw.setBrush(pg.mkBrush(mix(theme().colours().surface, style.colour, strength)))
        curve.raw.setPen(pg.mkPen(mix(theme().colours().surface, style.colour, 0.5 if behind else 1.0), width=1))


def stacked(series: Sequence[Series]) -> tuple[Values, list[Values]]:
    """The upper edges (N,) of areas stacked on each other, at common places (N,).

    Between its points a curve keeps its last value, before its first it is nought; so is what lies below nought.
    """
    places = np.unique(np.concatenate([each.x for each in series]))
    if len(places) > _MOST:
        places = places[np.unique(np.linspace(0, len(places) - 1, _MOST).round().astype(np.int64))]
    edges, floor = [], np.zeros(len(places))
    for each in series:
        known = np.concatenate([[0.0], each.y])
        floor = floor + known[np.searchsorted(each.x, places, side="right")].clip(min=0.0)
        edges.append(floor)
    return places, edges
