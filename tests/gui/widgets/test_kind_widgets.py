"""Widgets that show numbers, labels and masks, alone."""

import time

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage
from PySide6.QtTest import QTest

from workbench.gui.theme import font
from workbench.gui.widgets.interval_bar import IntervalBar
from workbench.gui.widgets.mask_image import (
    EXTRA,
    MISSED,
    UNKNOWN,
    class_colour,
    class_values,
    coloured,
    differences,
    enlarged,
    read_mask,
    to_classes,
)
from workbench.gui.widgets.overlay_view import OverlayView
from workbench.gui.widgets.pixel_grid import PixelGrid
from workbench.gui.widgets.point_cloud import stamped
from workbench.gui.widgets.precision_recall_plot import PrecisionRecallPlot
from workbench.gui.widgets.probability_bars import ProbabilityBars
from workbench.gui.widgets.residual_histogram import ResidualHistogram, edges
from workbench.gui.widgets.scatter_plot import ScatterPlot, band

WORDS = ("{0} missed", "{0} too much", "another class")


def test_masks_keep_the_values_of_their_file(tmp_path):
    values = np.array([[0, 1, 7], [255, 7, 0]], np.uint8)
    for name, mode in (("grey.png", "L"), ("palette.png", "P")):
        image = Image.fromarray(values).convert("L")
        if mode == "P":
            image = Image.frombytes("P", (3, 2), values.tobytes())
            image.putpalette([index for index in range(256) for _ in range(3)][::-1])
        image.save(tmp_path / name)
        assert read_mask(str(tmp_path / name)).tolist() == values.tolist()
    Image.fromarray(values > 3).save(tmp_path / "bits.png")
    assert read_mask(str(tmp_path / "bits.png")).tolist() == [[0, 0, 255], [255, 255, 0]]


def test_values_become_classes_and_what_is_unknown_is_left_out():
    mask = np.array([[0, 255], [128, 255]], np.uint8)
    assert to_classes(mask, [0, 255]).tolist() == [[0, 1], [UNKNOWN, 1]]
    assert class_values(["a", "b"], [4, 9], mask) == [4, 9], "what is told counts"
    assert class_values(["0", "255"], [], mask) == [0, 255]
    assert class_values(["a", "b", "c"], [], mask) == [0, 128, 255], "as many values as classes"
    assert class_values(["a", "b"], [], np.array([[255]], np.uint8)) == [0, 255]
    assert class_values(["a", "b", "c"], [], np.array([[1]], np.uint8)) == [0, 1, 2]


def test_the_first_of_two_classes_leaves_the_picture_as_it_is(dressed):
    assert class_colour(0, 2) is None and class_colour(0, 3) is not None
    layer = coloured(np.array([[0, 1], [UNKNOWN, 1]], np.uint8), ["inside", "wall"])
    assert [name for name, _ in layer.legend] == ["wall"]
    alphas = [[layer.image.pixelColor(x, y).alpha() for x in range(2)] for y in range(2)]
    assert alphas == [[0, 255], [0, 255]]


def test_differences_tell_missed_from_too_much():
    true = np.array([[0, 1, 1, UNKNOWN]], np.uint8)
    said = np.array([[1, 0, 1, 1]], np.uint8)
    layer = differences(true, said, ["inside", "wall"], WORDS)
    assert layer.image.pixelColor(0, 0) == QColor(EXTRA) and layer.image.pixelColor(1, 0) == QColor(MISSED)
    assert layer.image.pixelColor(2, 0).alpha() == 0 == layer.image.pixelColor(3, 0).alpha()
    assert [name for name, _ in layer.legend] == ["wall missed", "wall too much"]
    three = differences(true, said, ["a", "b", "c"], WORDS)
    assert three.image.pixelColor(0, 0) == QColor(MISSED) and len(three.legend) == 1
    with pytest.raises(ValueError, match="different sizes"):
        differences(true, said.T, ["a", "b"], WORDS)
    assert enlarged(said, (2, 8)).tolist() == [[1, 1, 0, 0, 1, 1, 1, 1]] * 2


def test_an_overlay_covers_its_picture_whatever_its_size(qtbot):
    view = OverlayView()
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    picture, over = QImage(60, 40, QImage.Format.Format_RGB32), QImage(6, 4, QImage.Format.Format_ARGB32)
    picture.fill(QColor("white"))
    over.fill(QColor("black"))
    view.set_image(picture)
    view.set_overlay(over)
    assert view._over.sceneBoundingRect() == view._item.sceneBoundingRect()
    view.set_opacity(1.0)
    assert view.viewport().grab().toImage().pixelColor(150, 100).lightness() < 20
    view.set_opacity(0.0)
    assert view.viewport().grab().toImage().pixelColor(150, 100).lightness() > 230
    with qtbot.waitSignal(view.pointed) as caught:
        QTest.mouseMove(view.viewport(), view.mapFromScene(QPointF(45, 20)))
    assert caught.args == pytest.approx([0.75, 0.5], abs=0.05)
    view.set_overlay(None)
    assert not view.has_overlay()


def test_fifty_thousand_points_stay_fluid(qtbot):
    plot = ScatterPlot("a", "true", "said", "nothing")
    qtbot.addWidget(plot)
    plot.resize(600, 400)
    plot.show()
    rng = np.random.default_rng(0)
    x = rng.normal(50, 15, 50_000)
    plot.set_points(x, x + rng.normal(0, 5, len(x)), np.full(len(x), 8.0), lambda row: (str(row), [("true", "1")]))
    plot.grab()
    started = time.perf_counter()
    for step in range(20):
        plot.show_point(plot._under(QPointF(200 + 5 * step, 200)))
        plot.viewport().grab()
    assert (time.perf_counter() - started) / 20 < 0.1
    plot.set_doubt("bars")
    assert not plot.grab().isNull()


def test_points_that_are_not_numbers_are_left_out(qtbot):
    plot = ScatterPlot("a", "true", "said", "nothing to see", level=True)
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    plot.show()
    nothing = np.full(3, np.nan)
    plot.set_points(nothing, nothing, nothing, lambda row: ("", []))
    assert plot.is_empty() and plot.accessibleDescription() == "nothing to see"
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.current == -1 and not plot.grab().isNull()
    one = np.array([2.0, np.nan, 2.0])
    plot.set_points(one, one, nothing, lambda row: ("", []))
    QTest.keyClick(plot, Qt.Key.Key_End)
    assert plot.current == 2


def test_points_on_each_other_are_stronger_and_one_alone_is_seen():
    x = np.array([20.0, 20.0, 60.0])
    image = stamped(x, np.full(3, 20.0), (40, 80), 3.0, QColor("black"))
    assert image.pixelColor(20, 20).alpha() > image.pixelColor(60, 20).alpha() > 150
    assert image.pixelColor(40, 20).alpha() == 0
    crowd = np.concatenate([np.full(5000, 20.0), [60.0]])
    image = stamped(crowd, np.full(len(crowd), 20.0), (40, 80), 1.5, QColor("black"))
    assert image.pixelColor(60, 20).alpha() >= 80


def test_the_band_follows_the_mean_doubt():
    at, half = band(np.arange(100.0), np.where(np.arange(100) < 50, 1.0, 3.0))
    assert (np.diff(at) > 0).all() and half[0] == 1 and half[-1] == 3
    assert len(band(np.zeros(0), np.zeros(0))[0]) == 0


def test_a_histogram_has_an_edge_at_nought_and_tells_its_bars(qtbot):
    values = np.random.default_rng(1).normal(0, 2, 500)
    assert np.abs(edges(values)).min() < 1e-9 and len(edges(values)) <= 43
    plot = ResidualHistogram("Residuals", "said − true", "pictures", "nothing")
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    plot.show()
    plot.set_values(np.append(values, np.nan))
    assert plot.counts.sum() == 500 and plot.accessibleDescription() == "500 values"
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert str(plot.counts[plot.current]) in plot.accessibleDescription()
    plot.set_values(np.zeros(3))
    assert plot.counts.sum() == 3
    plot.set_values(np.zeros(0))
    assert plot.is_empty() and not plot.grab().isNull()


def test_curves_with_nothing_to_divide_by_have_gaps(qtbot):
    plot = PrecisionRecallPlot()
    qtbot.addWidget(plot)
    plot.show()
    thresholds = np.array([0.0, 0.5, 1.0])
    plot.set_curves([("RBC", thresholds, np.array([0.4, 0.8, np.nan]), np.array([1.0, 0.7, 0.0]))])
    assert plot.accessibleDescription() == "RBC: precision 80 %, recall 70 %"
    plot.set_threshold(1.0)
    assert "Choose a label" in plot.accessibleDescription(), "there is no precision at 1"
    plot.set_curves([("RBC", np.array([0.2, 0.6]), np.array([0.5, 1.0]), np.array([1.0, 0.5]))])
    plot.set_threshold(0.3)
    assert plot.accessibleDescription() == "RBC: precision 100 %, recall 50 %", "what 0.6 says is said from above 0.2"
    plot.set_threshold(0.61)
    assert "Choose a label" in plot.accessibleDescription(), "nothing is said above the highest probability"
    plot.set_curves([("none", np.zeros(0), np.zeros(0), np.zeros(0))])
    assert not plot.grab().isNull()


def test_an_interval_beyond_its_scale_stays_in_sight(qtbot):
    bar = IntervalBar()
    qtbot.addWidget(bar)
    bar.resize(200, bar.sizeHint().height())
    bar.set_answer(90.0, (80.0, 120.0), (0.0, 60.0), ("0", "60"))
    assert 0 <= bar.place_of(0) < bar.place_of(60) < bar.place_of(90) < bar.place_of(120) <= 200
    bar.set_answer(5.0, None, (5.0, 5.0), ("5", "5"))
    assert not bar.grab().isNull() and "from 5 to 5" in bar.accessibleDescription()


def test_labels_beyond_those_shown_tell_their_greatest(qtbot):
    bars = ProbabilityBars(mark=0.5)
    qtbot.addWidget(bars)
    bars.set_probabilities({f"label {index}": index / 100 for index in range(100)}, most=20)
    assert len(bars.rows()) == 21 and bars.rows()[-1] == ("80 others, up to", 0.79)
    bars.resize(300, bars.sizeHint().height())
    assert not bars.grab().isNull()


def test_names_beside_bars_take_the_room_that_they_need(qtbot):
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.set_probabilities({"metal": 0.9, "cardboard": 0.1})
    needed = QFontMetrics(font("body", bold=True)).horizontalAdvance("cardboard")
    numbers = bars.columns()[1]
    for width, room in ((1000, (1000 - numbers) * 2 // 5), (needed + numbers + 60, needed + 8), (numbers + 50, 48)):
        bars.resize(width, 60)
        assert bars.columns()[0] == room


def test_pixels_are_told_in_short_and_in_words(qtbot, look):
    grid = PixelGrid()
    qtbot.addWidget(grid)
    grid.resize(300, 300)
    grid.show()
    grid.set_matrix(["inside", "wall"], np.array([[3_000_000, 41_000], [0, 512]]))
    assert grid._written(0, 0) == "3.0 M" and grid._written(0, 1) == "41 k" and grid._written(1, 1) == "512"
    assert grid.describe((0, 1)) == "true inside, said wall: 41,000 pixels (1.3 %)"
    assert not grid.grab().isNull()
