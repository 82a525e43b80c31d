"""How long a frame of the map of pictures takes while it is moved and enlarged, and one of pyqtgraph's own points.

    python -m tests.benchmarks.map_frames [--points 50000] [--kinds 11]

Aim: 50,000 points at 30 frames a second, which is 33 ms a frame. Offscreen unless QT_QPA_PLATFORM says otherwise; where
it is "xcb", frames go through the X server as in a window.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from workbench.gui.theme import theme
from workbench.gui.widgets.plotting import pg
from workbench.gui.widgets.point_canvas import Mark
from workbench.gui.widgets.point_map import PointMap

SIZE = (1000, 640)
AIM_MS = 33.0
FRAMES = 60


def main(argv: list[str]) -> int:
    """Print ms a frame; 1 where the aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=50_000)
    parser.add_argument("--kinds", type=int, default=11)
    args = parser.parse_args(argv)
    app = QApplication.instance() or QApplication([])
    theme().apply(app, "light")
    random = np.random.default_rng(0)
    kinds = random.integers(0, args.kinds, args.points)
    x, y = random.normal(size=(2, args.points)) * 0.3 + random.normal(size=(2, args.kinds))[:, kinds]
    marks = [Mark(QColor.fromHsv(360 * kind // args.kinds, 200, 200)) for kind in range(args.kinds)]
    print(f"{args.points} points of {args.kinds} kinds, {SIZE[0]}×{SIZE[1]} px, platform {app.platformName()}")
    own = _own(x, y, kinds, marks)
    found = {"map, moved": own[0], "map, enlarged": own[1], "map, half picked": own[2]}
    theirs = _pyqtgraph(x, y, kinds, marks)
    for name, each in [*found.items(), ("pyqtgraph, moved", theirs)]:
        (middle, busy), late = np.median(each, axis=0), np.percentile(each[:, 0], 95)
        print(
            f"{name:<18}{middle:>6.1f} ms a frame ({busy:.1f} of the processor), 95 % within {late:.1f}; "
            f"{1000 / middle:.0f} frames a second"
        )
    ratio = np.median(theirs, axis=0) / np.median(own[0], axis=0)
    print(f"pyqtgraph takes {ratio[0]:.1f} times as long, and {ratio[1]:.1f} times the processor")
    return int(any(np.median(each[:, 0]) > AIM_MS for each in found.values()))


def _own(x: np.ndarray, y: np.ndarray, kinds: np.ndarray, marks: list[Mark]) -> list[np.ndarray]:
    plane = PointMap()
    plane.resize(*SIZE)
    plane.set_points(x, y)
    plane.set_kinds(kinds, marks)
    plane.show()
    moved = _frames(plane, lambda at: plane.move_by(7 * (-1) ** (at // 10), 3))
    plane.fit()
    enlarged = _frames(plane, lambda at: plane.zoom(1.08 if at < FRAMES // 2 else 1 / 1.08, QPointF(400, 300)))
    plane.fit()
    plane.pick(x > np.median(x))
    picked = _frames(plane, lambda at: plane.move_by(7 * (-1) ** (at // 10), 3))
    plane.close()
    return [moved, enlarged, picked]


def _pyqtgraph(x: np.ndarray, y: np.ndarray, kinds: np.ndarray, marks: list[Mark]) -> np.ndarray:
    plot = pg.PlotWidget()
    plot.resize(*SIZE)
    brushes = [pg.mkBrush(mark.colour) for mark in marks]
    plot.addItem(pg.ScatterPlotItem(x=x, y=y, size=4, pen=None, brush=[brushes[kind] for kind in kinds]))
    plot.show()
    return _frames(plot, lambda at: plot.plotItem.vb.translateBy(x=0.01 * (-1) ** (at // 10)))


def _frames(widget: QWidget, change: Callable[[int], object]) -> np.ndarray:
    """(FRAMES, 2) ms from each change until it is painted, and of the processor."""
    times = []
    for at in range(-3, FRAMES):
        begin = time.perf_counter(), time.process_time()
        change(at)
        widget.repaint()
        QApplication.processEvents()
        times.append((time.perf_counter() - begin[0], time.process_time() - begin[1]))
    return 1000 * np.array(times[3:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
