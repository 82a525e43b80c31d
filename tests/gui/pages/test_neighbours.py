"""Neighbours in the window: what is asked, what is shown, and how one walks from picture to picture."""

import os

import pytest
from PySide6.QtCore import Qt

from tests.gui import synthetic
from workbench.core.events import Progress
from workbench.gui.pages.neighbours.dialog import NeighboursDialog
from workbench.gui.pages.neighbours.document import parse_neighbours, summary
from workbench.gui.pages.results.page import ResultsPage
from workbench.gui.widgets.thumbnails import ThumbnailLoader


def neighbours_document(images, label="glass"):
    """What `neighbours --json` prints of a picture with those neighbours; every second has another label."""
    return {
        "run": "001-balanced",
        "image": "new.jpg",
        "part": None if label is None else "validation",
        "tasks": {
            "material": {"kind": "single-label", "label": label, "answer": "glass"},
            "weight": {"kind": "number", "label": None, "answer": "41.5"},
        },
        "neighbours": [
            {
                "image": image,
                "distance": 0.01 * (place + 1),
                "tasks": {
                    "material": {"label": "metal" if place % 2 else "glass", "same": not place % 2},
                    "weight": {"label": f"{38 + place}", "same": None},
                },
            }
            for place, image in enumerate(images)
        ],
    }


@pytest.fixture
def dialog(workspace, images, qtbot):
    made = NeighboursDialog(workspace, ThumbnailLoader(workspace))
    qtbot.addWidget(made)
    made.ask("002-full", str(workspace.folder / images[0]), "material")
    return made


def answer(workspace, document):
    reply = workspace.model_answers.replies[-1]
    reply.answered.emit(document)
    reply.ended.emit()


def test_neighbours_are_asked_for_and_shown_with_their_labels(dialog, workspace, images):
    reply = workspace.model_answers.replies[-1]
    picture = str(workspace.folder / images[0])
    assert reply.argv == ["neighbours", str(workspace.folder), picture, "--run", "002-full"]
    panel = dialog.panel
    assert panel.working.isVisible() and not panel.gallery.isVisible()
    reply.progressed.emit(Progress(what="computing features", done=10, total=40))
    assert panel.working.bar.value() == 10
    answer(workspace, neighbours_document(images[1:5]))
    assert not panel.working.isVisible() and panel.gallery.isVisible()
    assert [(item.caption, item.right) for item in panel.gallery.items()] == [("glass", True), ("metal", False)] * 2
    assert panel.state.text() == "2 of 4 have the same label: glass." and "0.010 away" in panel.gallery.items()[0].tip
    panel.tasks.setCurrentText("weight")
    panel.tasks.activated.emit(1)
    assert panel.state.text() == "Said is 41.5, they are 38 to 41." and panel.gallery.items()[3].caption == "41"


def test_one_walks_from_picture_to_picture_and_back(dialog, workspace, images, qtbot):
    assert not dialog.back.isVisible()
    answer(workspace, neighbours_document(images[1:3]))
    dialog.panel.gallery.setCurrentIndex(dialog.panel.gallery.model().index(1, 0))
    qtbot.keyClick(dialog.panel.gallery, Qt.Key.Key_Return)
    second = os.path.abspath(workspace.folder / images[2])
    assert workspace.model_answers.replies[-1].argv[2] == second and dialog.path.text() == second
    dialog.back.click()
    assert workspace.model_answers.replies[-1].argv[2] == str(workspace.folder / images[0])
    assert not dialog.back.isVisible()


def test_it_can_be_stopped_and_closing_gives_it_up(dialog, workspace, images):
    dialog.panel.working.cancel.click()
    assert workspace.model_answers.replies[-1].cancelled and not dialog.panel.working.isVisible()
    dialog.ask("002-full", str(workspace.folder / images[3]))
    dialog.reject()
    assert workspace.model_answers.replies[-1].cancelled


def test_a_failure_is_said(dialog, workspace):
    reply = workspace.model_answers.replies[-1]
    reply.failed.emit("It cannot be read.", "Choose another picture.")
    reply.ended.emit()
    assert dialog.panel.state.text() == "It cannot be read. Choose another picture."
    dialog.panel.ask("002-full", "other.jpg")
    answer(workspace, {"tasks": 3})
    assert "cannot be read" in dialog.panel.state.text() and not dialog.panel.working.isVisible()


def test_without_a_label_the_answer_is_compared_with(images):
    found = parse_neighbours(neighbours_document(images[:3], label=None))
    assert summary(found, "material") == "2 of 3 have the model's answer as their label: glass."


def test_a_picture_of_the_results_leads_there(workspace, images, show, qtbot):
    synthetic.write_run(workspace.folder, images=images)
    page = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: bool(page.view.scores.cards) and bool(page.view.task.view.pictures.gallery.items()))
    pictures = page.view.task.view.pictures
    pictures.open_row(int(pictures.rows[0]))
    path = pictures.dialog.item().path
    pictures.dialog.neighbours.click()
    assert workspace.model_answers.replies[-1].argv[:3] == ["neighbours", str(workspace.folder), path]
    assert page.pictures.neighbours.isVisible()
    page.pictures.neighbours.close()
    pictures.dialog.close()


def test_every_look_holds(look, dialog, workspace, images):
    answer(workspace, neighbours_document(images[1:9]))
    assert dialog.minimumSizeHint().width() <= 860 and not dialog.grab().isNull()
