from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from workbench.gui.colours import DARK
from workbench.gui.theme import theme
from workbench.gui.widgets.curves import CurvePlot
from workbench.gui.widgets.task_legend import TaskLegend

TASKS = ["material", "season"]


@pytest.fixture
def plot(qtbot):
    widget = CurvePlot("Loss", "loss", "epoch")
    qtbot.addWidget(widget)
    widget.set_tasks(TASKS)
    widget.resize(600, 300)
    widget.show()
    return widget


def fill(plot):
    x = np.linspace(0, 4, 400)
    for task, height in (("material", 2.0), ("season", 1.0)):
        plot.append(task, "train", x, height * np.exp(-x))
        plot.append(task, "validation", [1, 2, 3, 4], height * np.exp(-np.array([1, 2, 3, 4])) + 0.1)
    plot.redraw()


def test_each_curve_is_set_once_however_many_points_came(plot, qtbot, monkeypatch):
    fill(plot)
    calls = []
    raw = plot._curves["material", "train"].raw
    monkeypatch.setattr(raw, "setData", lambda *args: calls.append(len(args[0])))
    for step in range(50):
        plot.append("material", "train", 4 + step / 100, 0.1)
    qtbot.waitUntil(lambda: calls != [], timeout=2000)
    plot.redraw()
    assert calls == [450]


def test_the_cross_hair_reads_all_curves_at_once(plot):
    fill(plot)
    plot.show_cursor(1.0)
    text = plot.read_out_text()
    assert "epoch 1" in text
    assert "material train 0.73" in text and "validation 0.8358" in text and "season train 0.36" in text
    assert plot.accessibleDescription() == text
    plot.hide_cursor()
    assert plot.read_out_text() == ""


def test_the_mouse_and_the_arrow_keys_move_the_cross_hair(plot, qtbot):
    fill(plot)
    plot.grab()
    here = plot.plotItem.vb.mapViewToScene(QPointF(2.0, 0.5)).toPoint()
    QTest.mouseMove(plot.viewport(), here)
    qtbot.waitUntil(lambda: "epoch 2" in plot.read_out_text() or "epoch 1.99" in plot.read_out_text(), timeout=2000)
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert "epoch 2.0" in plot.read_out_text()
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.read_out_text() == ""


def test_the_range_grows_in_steps_and_never_shrinks(plot):
    seen = []
    for step in range(1, 400):
        plot.append("material", "train", step, 1.0 + step / 200)
        plot.redraw()
        seen.append(tuple(plot._range))
    assert len(set(seen)) < 25
    for before, after in pairwise(seen):
        assert after[1] >= before[1] and after[3] >= before[3]
    left, right = plot.plotItem.vb.viewRange()[0]
    assert left <= 0 and right >= 399


def test_the_ring_of_a_perfect_score_is_whole(qtbot):
    widget = CurvePlot("Accuracy", "accuracy", "epoch", "Accuracy appears here.", y_limits=(0, 1))
    qtbot.addWidget(widget)
    widget.resize(400, 220)
    widget.show()
    widget.set_tasks(TASKS)
    for _ in range(2):
        widget.redraw()
        view = widget.plotItem.vb
        top = view.mapViewToScene(QPointF(0.0, 1.0)).y() - view.sceneBoundingRect().top()
        bottom = view.sceneBoundingRect().bottom() - view.mapViewToScene(QPointF(0.0, 0.0)).y()
        assert top >= 8 and bottom >= 3
        widget.append("material", "validation", [1, 2], [0.0, 1.0])


def test_a_logarithmic_axis_leaves_out_what_it_cannot_show(plot):
    plot.append("material", "train", [0, 1, 2, 3], [10.0, 0.0, 0.1, 0.01])
    plot.set_log(True)
    plot.redraw()
    _, y = plot._curves["material", "train"].raw.getData()
    np.testing.assert_allclose(np.array(y)[[0, 2, 3]], [1, -1, -2])
    assert np.isnan(y[1])
    assert plot.plotItem.vb.viewRange()[1] == [-2, 1]
    plot.show_cursor(3)
    assert "train 0.01000" in plot.read_out_text()


def test_smoothing_draws_the_average_and_leaves_validation_alone(plot):
    fill(plot)
    plot.set_smoothing(0.9)
    plot.redraw()
    curve = plot._curves["material", "train"]
    assert len(curve.line.getData()[0]) == 400
    assert curve.raw.opts["pen"].color().lightness() > curve.line.opts["pen"].color().lightness() + 60
    assert curve.raw.opts["pen"].color().alpha() == 255  # transparent lines are fifty times as slow
    assert curve.series.smooth[200] > curve.series.y[200]
    validation = plot._curves["material", "validation"].series
    np.testing.assert_array_equal(validation.smooth, validation.y)
    plot.set_smoothing(0)
    plot.redraw()
    assert curve.line.getData()[0] is None or len(curve.line.getData()[0]) == 0


def test_best_is_ringed_on_every_validation_curve_and_phases_are_labelled(plot):
    fill(plot)
    plot.set_best(3)
    plot.mark_phase(2, "fine-tuning")
    plot.redraw()
    points = plot._ring.getData()
    np.testing.assert_allclose(points[0], [3, 3])
    np.testing.assert_allclose(points[1], [2 * np.exp(-3) + 0.1, np.exp(-3) + 0.1])
    assert plot._phases[0][2].label.format == "fine-tuning"
    plot.set_best(None)
    plot.redraw()
    assert len(plot._ring.getData()[0]) == 0


def test_a_resumed_run_replaces_what_became_void(plot):
    fill(plot)
    plot.set_series("material", "train", [0, 1], [2.0, 1.0])
    plot.redraw()
    assert len(plot._curves["material", "train"].raw.getData()[0]) == 2
    plot.clear_curves()
    assert plot._curves == {} and plot.read(1.0) == []


def test_tasks_differ_by_colour_dash_and_marker_and_the_lifted_one_stands_out(plot):
    fill(plot)
    first, second = (plot._curves[task, "validation"] for task in TASKS)
    assert first.line.opts["pen"].color() != second.line.opts["pen"].color()
    assert first.line.opts["pen"].dashPattern() != second.line.opts["pen"].dashPattern()
    assert first.marks.opts["symbol"] != second.marks.opts["symbol"]
    colours = [curve.line.opts["pen"].color().name() for curve in (first, second)]
    plot.highlight("season")
    assert first.line.opts["pen"].color().lightness() > 200
    assert second.line.opts["pen"].color().name() == colours[1]
    assert second.line.zValue() > first.line.zValue()
    plot.highlight(None)
    assert first.line.opts["pen"].color().name() == colours[0]


def test_the_theme_is_followed(plot, dressed):
    fill(plot)
    theme().apply(dressed, "dark")
    assert plot.grab().toImage().pixelColor(12, 12).name().upper() == DARK.surface


def test_an_empty_plot_says_what_will_appear(qtbot, look):
    widget = CurvePlot("Accuracy", "accuracy", "epoch", "Accuracy appears here.", y_limits=(0, 1))
    qtbot.addWidget(widget)
    widget.resize(400, 200)
    widget.show()
    widget.redraw()
    assert widget.accessibleDescription() == "Accuracy appears here."
    ground = QColor(theme().colours().surface)
    image = widget.grab().toImage()
    band = range(image.height() // 3, 2 * image.height() // 3)
    assert any(abs(image.pixelColor(x, y).lightness() - ground.lightness()) > 60 for x in range(150, 350) for y in band)


def test_the_legend_lifts_the_task_under_the_mouse(qtbot):
    legend = TaskLegend()
    qtbot.addWidget(legend)
    legend.set_tasks(TASKS)
    legend.set_tasks([*TASKS, "gender"])
    legend.resize(500, 60)
    legend.show()
    told = []
    legend.hovered.connect(told.append)
    entries = [child for child in legend.children() if hasattr(child, "lit") and child.isVisible()]
    assert [entry.text() for entry in entries][-3:] == [*TASKS, "gender"]
    legend.activateWindow()
    entries[-1].setFocus()
    qtbot.waitUntil(lambda: told == ["gender"], timeout=2000)
    entries[-1].clearFocus()
    qtbot.waitUntil(lambda: told == ["gender", ""], timeout=2000)


def test_the_menu_of_the_plotting_library_is_not_shown(plot):
    plot.grab()
    assert not plot.plotItem.ctrlMenu.isVisible()
