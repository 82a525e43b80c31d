"""Filters of the gallery: they combine over fields and tasks, and each can be taken away."""

import json

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.gui import synthetic
from tests.gui.kinds_of_tasks import evaluate_document, write_masks
from workbench.gui.pages.results.document import parse
from workbench.gui.pages.results.page import ResultsPage
from workbench.gui.pages.results.picture_filters import PictureFilters
from workbench.gui.pages.results.scored.fields import Choice, Condition


@pytest.fixture
def page(workspace, images, show, qtbot):
    run_dir = synthetic.write_run(workspace.folder, images=images)
    document = synthetic.read_json(run_dir / "results" / "metrics.json")
    seen = document["tasks"]["material"]
    doubt = {"part": "validation", "label": "a", "suggestion": "b", "suggestion_probability": 0.9, "clear": True}
    doubts = [{"image": seen["images"][0]["image"], **doubt, "twins": []}]
    task = {"kind": "single-label", "classes": [], "pictures": 40, "agreement": 0.9, "clear": 1, "doubts": doubts}
    found = {"tasks": {"material": task}, "left_out": {}, "leaks": {"count": 0, "pairs": []}, "backbone": "x"}
    (workspace.folder / "doubts").mkdir()
    (workspace.folder / "doubts" / "doubts.json").write_text(json.dumps(found), encoding="utf-8")
    made = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: bool(made.view.scores.cards))
    return made


def chosen(box, value):
    box.setCurrentIndex(box.findData(value))


def test_filters_combine_are_counted_and_are_taken_away_by_their_chips(page):
    pictures = page.view.task.view.pictures
    result = page._details.evaluation.tasks["material"]
    chosen(pictures.order, "all")
    pictures.filter.click()
    form, chips = pictures.bar.form, pictures.bar.chips
    chosen(form.controls["finding"], "wrong")
    said = result.classes[int(result.prediction[result.wrong][0])]
    chosen(form.controls["said"], said)
    expected = np.flatnonzero(result.wrong & (result.prediction == result.classes.index(said)))
    assert sorted(pictures.rows) == expected.tolist()
    assert pictures.title.text() == f"{len(expected)} of 40"
    assert [chip.text() for chip in chips.chips] == ["Finding: wrong", f"Said: {said}", "Show all"]
    QTest.keyClick(chips.chips[0], Qt.Key.Key_Delete)
    assert sorted(pictures.rows) == np.flatnonzero(result.prediction == result.classes.index(said)).tolist()
    assert form.controls["finding"].currentIndex() == 0, "the form says what is asked for"
    QTest.keyClick(chips.chips[0], Qt.Key.Key_Space)
    assert len(pictures.rows) == 40 and not chips.isVisible()


def test_a_range_of_confidence_and_a_cell_of_the_matrix_combine(page):
    pictures = page.view.task.view.pictures
    result = page._details.evaluation.tasks["material"]
    pictures.filter.click()
    sure = pictures.bar.form.controls["sure"]
    middle = float(np.median(result.confidence))
    sure.low.setValue(100 * middle)
    name = result.classes[0]
    page.view.task.view.matrix.cell_selected.emit(name, name)
    inside = result.in_cell(0, 0)
    expected = inside[result.confidence[inside] >= round(100 * middle, 1) / 100 - 1e-6]
    assert pictures.rows.tolist() == expected.tolist() and f"{len(expected)} of {len(inside)}" in pictures.title.text()
    sure.low.setValue(0)
    assert pictures.rows.tolist() == inside.tolist()


def test_a_filter_on_another_task_outlasts_a_change_of_task(page):
    pictures = page.view.task.view.pictures
    tasks = page._details.evaluation.tasks
    pictures.filter.click()
    form = pictures.bar.form
    chosen(form.task, "season")
    chosen(form.controls["finding"], "wrong")
    wrong = {tasks["season"].images[row] for row in np.flatnonzero(tasks["season"].wrong)}
    chosen(pictures.order, "all")
    assert {tasks["material"].images[row] for row in pictures.rows} == wrong
    assert pictures.bar.chips.chips[0].text() == "season, Finding: wrong"
    page.view.choose_task("season")
    assert pictures.bar.chips.chips[0].text() == "Finding: wrong" and len(pictures.rows) == len(wrong)


def test_the_form_lies_over_the_pictures_and_closes_with_escape(page, qtbot):
    pictures = page.view.task.view.pictures
    room = pictures.gallery.height()
    qtbot.mouseClick(pictures.filter, Qt.MouseButton.LeftButton)
    sheet = pictures.bar.sheet
    assert sheet.isVisible() and pictures.gallery.height() == room and sheet.width() >= pictures.width()
    assert sheet.height() == sheet.form.height() + 16
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible() and not pictures.filter.isChecked()
    pictures.filter.click()
    pictures.filter.click()
    assert not sheet.isVisible()


def test_what_is_right_is_found_even_where_the_order_holds_only_what_is_wrong(page):
    pictures = page.view.task.view.pictures
    result = page._details.evaluation.tasks["material"]
    assert pictures.order.currentData() == "worst"
    page.view.task.filters.put(Condition("material", "finding", "right"))
    assert len(pictures.rows) == (~result.wrong).sum()
    page.view.task.filters.put(Condition("material", "finding", "doubted"))
    assert pictures.rows.tolist() == [0]


def test_at_random_is_another_order_each_time(page):
    pictures = page.view.task.view.pictures
    drawn = []
    for order in ("random", "all", "random"):
        chosen(pictures.order, order)
        drawn.append(pictures.rows.tolist())
    assert sorted(drawn[0]) == sorted(drawn[2]) == list(range(40)) and drawn[0] != drawn[2]


def test_a_picture_offers_what_can_be_done_with_it_in_its_menu(page, qtbot):
    pictures = page.view.task.view.pictures
    with qtbot.waitSignal(pictures.gallery.customContextMenuRequested):
        pictures.gallery.customContextMenuRequested.emit(QPoint(40, 40))
    menu = pictures.findChild(QMenu)
    entries = {action.text(): action for action in menu.actions()}
    assert list(entries) == [action.words for action in pictures.dialog.offered()]
    entries["Copy path"].trigger()
    assert QApplication.clipboard().text() == pictures.gallery.items()[0].path
    with qtbot.waitSignal(page.view.looking_wanted) as caught:
        entries["Where did it look?"].trigger()
    assert caught.args[1] == pictures.gallery.items()[0].path
    menu.hide()


def test_every_field_of_every_kind_can_be_asked(workspace, images):
    tasks = parse(evaluate_document(images, write_masks(workspace.folder, images))).tasks
    filters = PictureFilters()
    filters.set_results(tasks)
    for name, result in tasks.items():
        for field in filters.fields(name):
            choice = isinstance(field, Choice)
            values = [value for value, _ in field.options] if choice else [(field.low, field.high)]
            found = [result.passes(field.key, value) for value in values]
            assert all(each.shape == (40,) and each.dtype == np.bool_ for each in found)
            whole = np.stack(found).any(axis=0)
            assert whole.all() if not choice or field.key == "finding" else whole.any(), (name, field.key)
    filters.put(Condition("white_cells", "true", (0.0, 5.0)), Condition("present", "true", "RBC"))
    filters.set_results({"present": tasks["present"]})
    assert [each.key for each in filters.conditions] == ["true"], "what nobody can answer is asked no more"
