"""The map of pictures on the Results page: reading, drawing, colouring, picking into the gallery."""

import json

import numpy as np
import pytest
from PySide6.QtCore import Qt

from tests.gui import synthetic
from tests.gui.maps import keep_map, map_document
from workbench.core.events import Progress
from workbench.core.picture_map import map_file
from workbench.gui.pages.results.map.colouring import NAMED, choices, kinds
from workbench.gui.pages.results.map.document import parse_map
from workbench.gui.pages.results.page import ResultsPage


@pytest.fixture
def run_dir(workspace, images):
    return synthetic.write_run(workspace.folder, images=images)


@pytest.fixture
def page(workspace, run_dir, show, qtbot):
    made = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: bool(made.view.scores.cards))
    return made


@pytest.fixture
def panel(page, workspace, run_dir, images, qtbot):
    keep_map(run_dir, workspace.folder, map_document(images))
    page.view.map.click()
    qtbot.waitUntil(lambda: page.beside.map.plane.isVisible())
    return page.beside.map


def choose(box, data):
    box.setCurrentIndex(next(row for row in range(box.count()) if box.itemData(row) == data))
    box.activated.emit(box.currentIndex())


def test_a_map_is_drawn_at_once_with_progress_and_can_be_stopped(page, workspace, images, qtbot):
    page.view.map.click()
    panel = page.beside.map
    qtbot.waitUntil(lambda: bool(workspace.model_answers.replies))
    (reply,) = workspace.model_answers.replies
    assert reply.argv == ["map", str(workspace.folder), "--run", "001-balanced", "--method", "pca"]
    assert not panel.plane.isVisible()
    reply.progressed.emit(Progress(what="computing features", done=10, total=40))
    assert panel.working.isVisible() and panel.working.bar.value() == 10 and not panel.empty.isVisible()
    panel.working.cancel.click()
    assert reply.cancelled and panel.empty.isVisible()
    panel.draw()
    reply = workspace.model_answers.replies[-1]
    reply.answered.emit(map_document(images))
    reply.ended.emit()
    assert not panel.empty.isVisible()
    qtbot.waitUntil(lambda: panel.plane.isVisible())
    assert not panel.working.isVisible() and "40 pictures" in panel.said.text()
    assert "43.0 %" in panel.said.text()


def test_a_map_that_was_stopped_or_failed_is_drawn_again_only_when_asked(page, workspace, qtbot):
    page.view.map.click()
    panel = page.beside.map
    qtbot.waitUntil(lambda: panel.working.isVisible())
    panel.working.cancel.click()
    with qtbot.waitSignal(panel._reading.loaded):
        panel.show_run("001-balanced", workspace.folder / "runs" / "001-balanced")
    assert panel.empty.isVisible() and len(workspace.model_answers.replies) == 1
    panel.empty.button.click()
    reply = workspace.model_answers.replies[-1]
    reply.failed.emit("The run has kept no model.", "Train again.")
    reply.ended.emit()
    with qtbot.waitSignal(panel._reading.loaded):
        panel.show_run("001-balanced", workspace.folder / "runs" / "001-balanced")
    assert panel.problem.isVisible() and len(workspace.model_answers.replies) == 2


def test_what_takes_minutes_or_disturbs_training_is_not_drawn_unasked(page, workspace, qtbot, monkeypatch):
    monkeypatch.setattr(workspace, "run_state", "running")
    page.view.map.click()
    panel = page.beside.map
    with qtbot.waitSignal(panel._reading.loaded):
        panel.show_run("001-balanced", workspace.folder / "runs" / "001-balanced")
    assert not workspace.model_answers.replies, (panel.isVisible(), panel._asking.open)
    assert panel.empty.isVisible()
    monkeypatch.undo()
    with qtbot.waitSignal(panel._reading.loaded):
        choose(panel.method, "tsne")
    assert panel.empty.isVisible() and not workspace.model_answers.replies


def test_failures_and_damaged_maps_are_said(page, workspace, run_dir, qtbot):
    path = map_file(run_dir, "pca")
    path.parent.mkdir()
    path.write_text(json.dumps({"images": []}), encoding="utf-8")
    page.view.map.click()
    panel = page.beside.map
    qtbot.waitUntil(lambda: "cannot be read, draw it again" in panel.problem.text())
    panel.draw()
    assert not panel.problem.isVisible()
    reply = workspace.model_answers.replies[-1]
    reply.failed.emit("A map needs 5 pictures, and there are 2.", "Draw all parts, or add pictures.")
    reply.ended.emit()
    assert panel.problem.text().startswith("A map needs 5 pictures") and panel.empty.isVisible()


def test_a_map_that_no_longer_holds_says_so(page, workspace, run_dir, images, qtbot):
    keep_map(run_dir, workspace.folder, map_document(images))
    (workspace.folder / images[3]).write_bytes(b"another picture")
    page.view.map.click()
    qtbot.waitUntil(lambda: page.beside.map.old.isVisible())
    assert page.beside.map.plane.isVisible()
    page.beside.map.old._buttons[0].click()
    assert workspace.model_answers.replies[-1].argv[0] == "map"


def test_a_picture_that_changes_meanwhile_is_noticed_and_what_is_picked_stays(panel, page, workspace, images, qtbot):
    panel.plane.pick(np.arange(40) < 3)
    (workspace.folder / images[3]).write_bytes(b"another picture")
    page.view.map.click()
    assert not panel.old.isVisible()
    page.view.map.click()
    qtbot.waitUntil(lambda: panel.old.isVisible())
    assert panel.plane.picked.tolist() == [0, 1, 2]


def test_picked_points_lie_in_the_gallery_and_open(panel, page, workspace, images, qtbot):
    assert panel.picked.text() == "None picked" and not panel.gallery.items()
    panel.plane.pick(np.arange(40) < 3)
    assert panel.picked.text() == "3 picked" and len(panel.gallery.items()) == 3
    assert panel.gallery.items()[0].path == str(workspace.folder / images[0])
    panel.gallery.setCurrentIndex(panel.gallery.model().index(1, 0))
    qtbot.keyClick(panel.gallery, Qt.Key.Key_Return)
    assert panel.dialog.isVisible() and panel.dialog.item().path.endswith(images[1])
    panel.dialog.neighbours.click()
    assert workspace.model_answers.replies[-1].argv[0] == "neighbours" and page.pictures.neighbours.isVisible()
    page.pictures.neighbours.close()
    panel.dialog.look.click()
    assert workspace.model_answers.replies[-1].argv[0] == "explain" and page.pictures.looking.isVisible()
    page.pictures.looking.close()
    panel.dialog.close()


def test_pointing_tells_the_file_the_labels_and_the_part(panel, images):
    panel.plane.show_point(4)
    told = panel.card.text()
    assert told.startswith(images[4].rpartition("/")[2]) and "material: " in told
    assert told in panel.plane.accessibleDescription()
    panel.plane.show_point(-1)
    assert panel.card.text() == ""


def test_kinds_and_parts_can_be_hidden(panel):
    choose(panel.colour, ("part", ""))
    assert panel.legend.names() == ["Training", "Validation"]
    shown = (panel.plane._kinds >= 0).sum()
    panel.legend._buttons[0].click()
    left = (panel.plane._kinds >= 0).sum()
    assert 0 < left < shown == 40
    choose(panel.colour, ("label", "material"))
    choose(panel.part, "validation")
    assert (panel.plane._kinds >= 0).sum() == left


def test_methods_that_are_not_installed_are_greyed_with_the_way_to_get_them(
    workspace, run_dir, show, qtbot, monkeypatch
):
    monkeypatch.setattr("workbench.core.picture_map.find_spec", lambda name: None)
    page = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: bool(page.view.scores.cards))
    page.view.map.click()
    box = page.beside.map.method
    assert [box.model().item(row).isEnabled() for row in range(3)] == [True, False, False]
    assert box.itemText(2) == "UMAP: needs umap-learn"
    assert 'pip install "finetune-workbench[umap]"' in box.itemData(2, Qt.ItemDataRole.ToolTipRole)


def test_the_map_and_the_curves_exclude_each_other(panel, page):
    page.view.curves.click()
    assert not page.view.map.isChecked()
    page.view.map.click()
    assert panel.plane.isVisible() and not page.view.curves.isChecked()
    page.view.map.click()
    assert page.view.task.isVisible()


def test_of_many_classes_the_largest_are_named(images):
    many = [images[at % 40] for at in range(900)]
    found = parse_map(map_document(many, classes=100))
    told = kinds(found, "label", "material")
    counts = np.bincount(told.of, minlength=len(told.names))
    assert len(told.names) == NAMED + 1 and told.names[-1] == "90 others" and counts.sum() == 900
    labels = found.tasks["material"].label
    assert counts[:NAMED].min() >= max(labels.count(name) for name in set(labels) - set(told.names))
    assert len({mark.colour.name() for mark in told.marks}) == NAMED + 1


def test_every_way_to_colour_gives_each_point_a_kind(images):
    document = map_document(images)
    numbers = [None if at % 5 == 0 else f"{at / 7:.6g}" for at in range(40)]
    document["tasks"]["weight"] = {"kind": "number", "classes": [], "label": numbers, "answer": ["3.5"] * 40}
    document["labelled"]["weight"] = [text is not None for text in numbers]
    found = parse_map(document)
    for way, task, _ in choices(found):
        told = kinds(found, way, task)
        assert len(told.of) == 40 and told.of.min() >= 0 and told.of.max() < len(told.names) == len(told.marks)
    assert kinds(found, "label", "weight").names[-1] == "no label"
    steps = np.bincount(kinds(found, "label", "weight").of)[:-1]
    assert len(steps) == 5 and steps.max() - steps.min() <= 2
    right = kinds(found, "right", "season")
    season = found.tasks["season"]
    wrong = sum(label is not None and label != said for label, said in zip(season.label, season.answer, strict=True))
    assert right.names == ["right", "wrong", "no label"] and (right.of == 1).sum() == wrong


def test_every_look_holds(look, panel):
    panel.plane.pick(np.arange(40) < 5)
    panel.plane.show_point(2)
    assert panel.minimumSizeHint().width() <= 860 and not panel.grab().isNull()
