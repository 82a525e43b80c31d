"""What the Results page shows of each kind of task, used with the mouse and the keys."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui import kinds_of_tasks as kinds
from tests.gui.test_names_and_words import _name, controls
from workbench.gui.pages.results.other_pictures import OtherPictures
from workbench.gui.pages.results.page import ResultsPage


@pytest.fixture
def page(workspace, images, show, qtbot):
    kinds.write_run(workspace.folder, images)
    made = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: bool(made.view.scores.cards))
    return made


def chosen(page, task):
    page.view.choose_task(task)
    return page.view.task.view


def shown(view):
    return [Path(item.path).name for item in view.pictures.gallery.items()]


def test_each_task_is_shown_in_the_way_of_its_kind(page):
    views = {task: type(chosen(page, task)).__name__ for task in kinds.KINDS}
    expected = {"white_cells": "NumberView", "present": "LabelsView", "cell_wall": "MaskView", "material": "ClassView"}
    assert views == expected
    cards = page.view.scores.cards
    assert "mean error on 40 pictures" in cards["white_cells"].accessibleDescription()
    assert "always saying the mean: 14.3" in cards["white_cells"].accessibleDescription()
    assert "R²" not in cards["white_cells"].toolTip() and "Mean absolute error" in cards["white_cells"].toolTip()
    assert "average precision" in cards["present"].accessibleDescription()
    assert "mean overlap" in cards["cell_wall"].accessibleDescription()
    facts = [label.text() for label in page.view.task.facts._labels if not label.isHidden()]
    assert "Macro F1" in facts[1]


def test_a_point_tells_of_its_picture_and_opens_it(page, qtbot):
    view = chosen(page, "white_cells")
    plot, result = view.scatter, view._result
    far = int(np.argmax(result.target))
    where = plot.place_of(far).toPoint()
    QTest.mouseMove(plot.viewport(), where)
    qtbot.waitUntil(lambda: plot.current >= 0)
    told = plot.told()
    name = result.images[plot.current].rpartition("/")[2]
    assert name in told and f"said {result.said(plot.current)}" in told
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=where)
    dialog = view.pictures.dialog
    assert dialog.isVisible() and dialog.item().path.endswith(name)
    assert len(dialog._items) == 40, "the others can be reached from it"
    dialog.close()


def test_the_keys_walk_over_the_points(page, qtbot):
    view = chosen(page, "white_cells")
    view.residuals.setFocus()
    QTest.keyClick(view.residuals, Qt.Key.Key_End)
    assert view._result.target[view.residuals.current] == np.nanmax(view._result.target)
    QTest.keyClick(view.residuals, Qt.Key.Key_Home)
    assert view._result.target[view.residuals.current] == np.nanmin(view._result.target)
    assert "true" in view.residuals.accessibleDescription()
    QTest.keyClick(view.residuals, Qt.Key.Key_Right)
    with qtbot.waitSignal(view.residuals.point_chosen) as caught:
        QTest.keyClick(view.residuals, Qt.Key.Key_Return)
    assert caught.args == [view.residuals.current]
    view.pictures.dialog.close()
    QTest.keyClick(view.residuals, Qt.Key.Key_Escape)
    assert view.residuals.current == -1 and view.residuals.accessibleDescription() == "40 points"


def test_the_interval_and_the_residuals_can_be_drawn_otherwise(page):
    view = chosen(page, "white_cells")
    assert view.doubt.currentData() == "bars" and not view.scatter._band.isVisible()
    view.doubt.setCurrentIndex(view.doubt.findData("band"))
    assert view.scatter._band.isVisible() and view.residuals._band.isVisible()
    view.doubt.setCurrentIndex(view.doubt.findData("none"))
    assert not view.scatter._band.isVisible() and view.scatter._cloud._reach is None
    view.below.setCurrentIndex(view.below.findData("histogram"))
    assert view.histogram.isVisible() and view.histogram.counts.sum() == 40
    QTest.keyClick(view.histogram, Qt.Key.Key_Right)
    assert "pictures" in view.histogram.accessibleDescription()


def test_a_point_that_the_gallery_does_not_show_opens_alone(page):
    view = chosen(page, "white_cells")
    view.pictures.show_rows(np.array([1, 2]), "two")
    view.pictures.open_row(7)
    assert [Path(item.path).name for item in view.pictures.dialog._items] == ["picture 007.jpg"]
    view.pictures.dialog.close()


def test_a_label_shows_its_curve_and_its_wrong_pictures(page):
    view = chosen(page, "present")
    result = view._result
    assert len(shown(view)) == (result.target ^ result.said).any(axis=1).sum()
    assert not view.which.isVisible()
    row = view.labels.view.rowViewportPosition(1)
    at = view.labels.view.visualRect(view.labels.view.model().index(1, 0)).center()
    assert row >= 0
    QTest.mouseClick(view.labels.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    label = result.classes.index("RBC")
    assert view.which.isVisible() and not view.pictures.order.isVisible()
    assert len(shown(view)) == len(result.of_label(label, "wrong"))
    for key in ("missed", "false alarm", "has"):
        view.which.setCurrentIndex(view.which.findData(key))
        assert len(shown(view)) == len(result.of_label(label, key))
        assert str(len(result.of_label(label, key))) in view.which.currentText()
    view.pictures.clear_filter.click()
    assert len(shown(view)) == (result.target ^ result.said).any(axis=1).sum() and view.pictures.order.isVisible()
    assert view.threshold.plot.is_empty()


def test_the_threshold_says_what_would_be_said(page):
    view = chosen(page, "present")
    view.labels.choose(2)
    panel, result = view.threshold, view._result
    panel.slider.setFocus()
    QTest.keyClick(panel.slider, Qt.Key.Key_Home)
    assert panel.value.text() == "0.00" and "said of 40 pictures" in panel.words.text()
    panel.slider.setValue(80)
    at = result.at(2, 0.8)
    assert f"said of {at.said} pictures, {at.precision * 100:.0f} % of them rightly" in panel.words.text()
    assert f"found {at.recall * 100:.0f} % of {at.true}" in panel.words.text()
    panel.plot.setFocus()
    QTest.keyClick(panel.plot, Qt.Key.Key_Right)
    assert panel.slider.value() == 79, "to the right recall grows"
    left = panel.plot.plotItem.vb.sceneBoundingRect().topLeft().toPoint()
    QTest.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=left)
    assert panel.slider.value() > 79, "a click takes the threshold of the nearest point"


def test_several_labels_have_a_curve_each_and_many_can_be_searched(page, workspace, images):
    from workbench.gui.pages.results.document import parse

    names = [f"label {index}" for index in range(300)]
    task = kinds.labels_task(images, names)
    view = chosen(page, "present")
    assert not view.labels.search.isVisible()
    result = parse({"run": "a", "part": "test", "tasks": {"present": task}}).tasks["present"]
    view.set_result(result, workspace.folder, 0)
    assert view.labels.search.isVisible()
    QTest.keyClicks(view.labels.search, "label 29")
    assert view.labels.view.model().rowCount() == 11
    view.labels.view.selectAll()
    assert len(view.threshold.plot._items) == 7, "as many as can be told apart"
    assert len(view.threshold.legend.names()) == 7
    view.labels.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    counts = [int(view.labels.view.model().index(row, 1).data()) for row in range(11)]
    assert counts == sorted(counts, reverse=True)


def test_a_mask_is_asked_of_the_model_and_laid_over_its_picture(page, workspace, qtbot, tmp_path):
    view = chosen(page, "cell_wall")
    assert view.classes.model.rowCount() == 2
    view.pictures.open_row(3)
    dialog, reply = view.dialog, workspace.model_answers.replies[-1]
    picture = dialog.item().path
    assert reply.argv[:5] == ["predict", str(workspace.folder), picture, "--run", "001-balanced"]
    assert reply.argv[5] == "--out"
    assert dialog.state.text() == "The model draws its mask…" and not dialog.view.has_overlay()
    QTest.keyClick(dialog, Qt.Key.Key_T)
    qtbot.waitUntil(dialog.view.has_overlay)
    assert dialog.layers.current() == "true" and dialog.legend.names() == ["wall"]
    reply.answered.emit(kinds.predict_document([Path(picture)], Path(reply.argv[6])))
    reply.ended.emit()
    QTest.keyClick(dialog, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: dialog.legend.names() == ["wall missed", "wall too much"])
    QTest.keyClick(dialog, Qt.Key.Key_S)
    assert dialog.legend.names() == ["wall"]
    QTest.keyClick(dialog, Qt.Key.Key_P)
    assert not dialog.view.has_overlay()
    before = dialog.opacity.value()
    QTest.keyClick(dialog, Qt.Key.Key_BracketRight)
    assert dialog.opacity.value() == before + 10
    assert dialog.view._over.opacity() == pytest.approx((before + 10) / 100)
    assert dialog.layers.button("said").accessibleName() == "What lies over the picture: Said"
    dialog.layers.button("said").click()
    assert dialog.view.has_overlay()
    dialog.view.pointed.emit(0.0, 0.0)
    assert dialog.state.text() == "true inside, said inside"
    dialog.view.pointed.emit(-1.0, -1.0)
    QTest.keyClick(dialog, Qt.Key.Key_PageDown)
    assert len(workspace.model_answers.replies) == 2, "the next picture is asked about"
    QTest.keyClick(dialog, Qt.Key.Key_PageUp)
    assert len(workspace.model_answers.replies) == 2, "what was asked before is known"
    qtbot.waitUntil(dialog.view.has_overlay)
    dialog.close()


def test_a_mask_that_does_not_come_is_said(page, workspace, qtbot):
    view = chosen(page, "cell_wall")
    view.pictures.open_row(0)
    reply = workspace.model_answers.replies[-1]
    reply.failed.emit("The run has kept no model.", "Train again.")
    reply.ended.emit()
    assert view.dialog.state.text() == "The run has kept no model. Train again."
    QTest.keyClick(view.dialog, Qt.Key.Key_T)
    qtbot.waitUntil(view.dialog.view.has_overlay)
    assert view.dialog.state.text().startswith("Point at")
    view.dialog.close()


def test_a_true_mask_that_cannot_be_read_is_said(page, workspace, qtbot):
    view = chosen(page, "cell_wall")
    for mask in (workspace.folder / "masks").iterdir():
        mask.write_bytes(b"nothing")
    view.pictures.open_row(0)
    QTest.keyClick(view.dialog, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: "cannot be read" in view.dialog.state.text())
    view.dialog.close()


def test_pixels_are_counted_in_a_matrix_without_pictures_behind(page, qtbot):
    view = chosen(page, "cell_wall")
    view.tabs.setCurrentIndex(1)
    grid = view.matrix.grid
    assert view.matrix.written.currentData() == "rows" and "pixels" in grid.describe((0, 1))
    with qtbot.assertNotEmitted(view.matrix.cell_selected):
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.cell_rectangle(0, 1).center())
        QTest.keyClick(grid, Qt.Key.Key_Return)
    assert grid.current() == (0, 1)


def test_runs_of_several_kinds_are_compared_the_right_way_round(page, workspace, images, qtbot):
    document = kinds.write_run(workspace.folder, images, run="002-full")
    metrics = document["tasks"]["white_cells"]["metrics"]
    metrics["mae"] *= 2
    metrics["r2"] = 0.5
    from workbench.core.events import to_json

    (workspace.folder / "runs/002-full/results/metrics.json").write_text(to_json(document), encoding="utf-8")
    page.list.refresh()
    qtbot.waitUntil(lambda: page.list.names == ["002-full", "001-balanced"])
    model = page.comparison.table.model
    column = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(model.columnCount())].index("white_cells")
    strong = [model._rows[row][column].strong for row in range(2)]
    assert strong == [False, True], "of errors the least is the best"
    assert "Mean error" in model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    told = page.panel.model.data(page.panel.model.index(1), Qt.ItemDataRole.ToolTipRole)
    assert "white_cells off by" in told and "cell_wall" in told


@pytest.mark.parametrize("task", ["white_cells", "present", "cell_wall"])
def test_a_view_paints_in_every_look(page, look, task):
    chosen(page, task)
    assert not page.grab().isNull()


def test_masks_of_other_sizes_and_values_are_understood(page, workspace, qtbot, tmp_path):
    view = chosen(page, "cell_wall")
    view.pictures.open_row(2)
    said = tmp_path / "said.png"
    Image.fromarray(np.full((24, 32), 255, np.uint8)).save(said)
    view.show_said(view.dialog.item().path, str(said))
    QTest.keyClick(view.dialog, Qt.Key.Key_D)
    qtbot.waitUntil(view.dialog.view.has_overlay)
    assert view.dialog.legend.names() == ["wall missed", "wall too much"]
    view.dialog.close()


@pytest.mark.parametrize("task", ["white_cells", "present", "cell_wall"])
def test_every_control_of_a_view_has_a_name(page, task):
    view = chosen(page, task)
    assert len(controls(view)) >= 3
    assert [type(each).__name__ for each in controls(view) if not _name(each)] == []
    assert all(_name(each) for each in controls(view.pictures.dialog))


def test_other_pictures_of_a_mask_need_both_folders(qtbot):
    dialog = OtherPictures(kinds.KINDS)
    qtbot.addWidget(dialog)
    row = dialog.rows["cell_wall"]
    row.choose(Path("/data/images"))
    assert dialog.words() == [] and not dialog.go.isEnabled()
    row.choose_masks(Path("/data/masks"))
    assert dialog.words() == ["--data", "cell_wall=/data/images", "--masks", "cell_wall=/data/masks"]
    assert dialog.go.isEnabled() and dialog.rows["white_cells"].folder.isHidden()
    dialog.rows["present"].choose(Path("/data/labels.csv"), ["image", "present"])
    assert "present=/data/labels.csv:present" in dialog.words()
