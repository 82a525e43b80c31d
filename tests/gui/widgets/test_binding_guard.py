"""PySide6 6.12.0 lowers the reference count of None at every call, which ends Python 3.11 within a minute."""

import sys

import numpy as np
from PySide6.QtWidgets import QLabel

from workbench.gui.widgets.curves import CurvePlot


def test_calls_keep_the_reference_count_of_none(qtbot):
    label = QLabel()
    qtbot.addWidget(label)
    label.setText("warm")
    before = sys.getrefcount(None)
    for number in range(200):
        label.setText(str(number))
    assert abs(sys.getrefcount(None) - before) < 50


def test_a_live_plot_survives_300_repaints(qtbot, qapp):
    plot = CurvePlot("Loss", "loss", "step")
    qtbot.addWidget(plot)
    plot.resize(500, 250)
    plot.show()
    plot.set_smoothing(0.9)
    painted = []
    paint = plot.paintEvent
    plot.paintEvent = lambda event: (painted.append(1), paint(event))[1]
    rng = np.random.default_rng(0)
    for frame in range(300):
        for task in ("material", "season"):
            x = np.arange(frame * 20, frame * 20 + 20)
            plot.append(task, "train", x, rng.random(20))
            plot.append(task, "validation", frame * 20, 0.5)
        plot.redraw()
        plot.viewport().repaint()
        qapp.processEvents()
    assert len(painted) >= 300
    assert len(plot._curves["season", "train"].series) == 6000
