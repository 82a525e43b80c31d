"""Where did it look?: what is asked, what is drawn, and how one comes there from the Try and the Results page."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from tests.gui import synthetic
from workbench.core.saliency import COLOURS, METHODS, OF_ANY_NETWORK
from workbench.gui.pages.looking.dialog import Asked, LookingDialog
from workbench.gui.pages.results.page import ResultsPage
from workbench.gui.pages.try_out.page import TryPage
from workbench.gui.widgets.heat_image import heat_image
from workbench.gui.widgets.thumbnails import ThumbnailLoader

FITTING = ["hirescam", "occlusion", "integrated-gradients"]
TRUST = {
    "text": "The map can be trusted.",
    "trusted": True,
    "remains_with_random_head": 0.12,
    "deletion": 0.2,
    "deletion_random": [0.5, 0.7],
    "insertion": 0.8,
    "insertion_random": [0.4, 0.4],
}


@pytest.fixture
def dialog(workspace, images, qtbot):
    made = LookingDialog(workspace, ThumbnailLoader(workspace))
    qtbot.addWidget(made)
    made.ask(Asked("002-full", str(workspace.folder / images[0]), "material", ("glass", "metal")))
    return made


def words_after(argv, name):
    return argv[argv.index(name) + 1]


def answer(dialog, workspace, qtbot, trust=None, level=200):
    reply = workspace.model_answers.replies[-1]
    path = Path(words_after(reply.argv, "--map"))
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((12, 16), level, np.uint8)).save(path)
    document = {
        "class": "glass",
        "method": "hirescam",
        "methods": FITTING,
        "places": [2, 3],
        "map": str(path),
        "trust": trust,
    }
    with qtbot.waitSignal(dialog.shown):
        reply.answered.emit(document)
    reply.ended.emit()


def test_the_map_is_asked_for_at_once_and_drawn(dialog, workspace, images, qtbot):
    argv = workspace.model_answers.replies[-1].argv
    picture = str(workspace.folder / images[0])
    assert argv[:5] == ["explain", str(workspace.folder), picture, "--run", "002-full"]
    assert (words_after(argv, "--task"), words_after(argv, "--method")) == ("material", "auto")
    assert "--class" not in argv and "--trust" not in argv
    assert not dialog.view.has_overlay() and not dialog.check.isEnabled()
    answer(dialog, workspace, qtbot)
    assert dialog.view.has_overlay() and dialog.check.isEnabled()
    assert dialog.caption.text() == "material = glass, by HiResCAM"
    assert dialog.figures.text().startswith("The map tells 2 × 3 places apart")


def test_another_class_or_method_is_asked_anew(dialog, workspace, qtbot):
    answer(dialog, workspace, qtbot)
    dialog.classes.setCurrentIndex(dialog.classes.findData("metal"))
    assert words_after(workspace.model_answers.replies[-1].argv, "--class") == "metal"
    assert not dialog.view.has_overlay(), "the old map answers another question"
    dialog.method.setCurrentIndex(dialog.method.findData("occlusion"))
    argv = workspace.model_answers.replies[-1].argv
    assert (words_after(argv, "--method"), words_after(argv, "--class")) == ("occlusion", "metal")


def test_a_check_says_what_it_found_and_keeps_the_map(dialog, workspace, qtbot):
    answer(dialog, workspace, qtbot)
    qtbot.mouseClick(dialog.check, Qt.MouseButton.LeftButton)
    assert "--trust" in workspace.model_answers.replies[-1].argv and dialog.view.has_overlay()
    answer(dialog, workspace, qtbot, TRUST)
    assert dialog.state.text() == "The map can be trusted."
    assert "0.12" in dialog.figures.text() and "0.20, random places: 0.60" in dialog.figures.text()


def test_a_map_of_nothing_is_said_to_be_one(dialog, workspace, qtbot):
    answer(dialog, workspace, qtbot, level=0)
    assert dialog.state.text() == "Nothing in this picture speaks for this answer."
    assert not dialog.check.isEnabled()


def test_a_failure_is_said(dialog, workspace, qtbot):
    with qtbot.waitSignal(dialog.shown):
        workspace.model_answers.replies[-1].failed.emit("The run has no task material.", "Choose another.")
    assert "The run has no task material." in dialog.state.text()


def test_closing_gives_the_question_up(dialog, workspace):
    reply = workspace.model_answers.replies[-1]
    dialog.reject()
    assert reply.cancelled


def test_numbers_have_no_classes_to_choose(dialog, images, workspace):
    dialog.ask(Asked("002-full", str(workspace.folder / images[0]), "weight"))
    assert dialog.classes.isHidden() and "--class" not in workspace.model_answers.replies[-1].argv


def test_what_fits_the_network_is_offered_once_it_is_known(dialog, workspace, images, qtbot):
    def offered():
        return [dialog.method.itemData(row) for row in range(dialog.method.count())]

    assert offered() == [*OF_ANY_NETWORK]
    answer(dialog, workspace, qtbot)
    assert offered() == ["auto", *FITTING]
    dialog.method.setCurrentIndex(1)
    answer(dialog, workspace, qtbot)
    assert dialog.method.currentData() == "hirescam"
    dialog.ask(Asked("003-vit", str(workspace.folder / images[0]), "material"))
    assert offered() == [*OF_ANY_NETWORK] and dialog.method.currentData() == "auto"
    assert {*OF_ANY_NETWORK, *FITTING} < {*METHODS}


def test_every_colour_is_offered_and_every_control_has_a_name(dialog):
    assert [dialog.colours.itemData(row) for row in range(dialog.colours.count())] == [*COLOURS]
    for control in (dialog.classes, dialog.method, dialog.colours, dialog.strength, dialog.check):
        assert control.accessibleName()


def test_a_card_of_the_try_page_leads_there(workspace, images, show, qtbot):
    synthetic.write_run(workspace.folder)
    page = show(TryPage(workspace))
    qtbot.waitUntil(page.bench.isVisible)
    path = workspace.folder / images[0]
    page.ask_about([path])
    reply = workspace.model_answers.replies[-1]
    reply.answered.emit(synthetic.predict_document([path]))
    reply.ended.emit()
    task, card = next(iter(page.bench.answers.cards.items()))
    qtbot.mouseClick(card.look, Qt.MouseButton.LeftButton)
    argv = workspace.model_answers.replies[-1].argv
    assert argv[0] == "explain" and argv[2] == str(path) and words_after(argv, "--task") == task
    assert page.looking.isVisible() and page.looking.classes.count() > 2
    page.looking.close()


def test_a_click_in_the_gallery_leads_there_where_it_is_to(workspace, images, show, qtbot):
    synthetic.write_run(workspace.folder, images=images)
    page = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: bool(page.view.scores.cards))
    panel = page.view.task.view.pictures
    qtbot.mouseClick(panel.looks, Qt.MouseButton.LeftButton)
    first = panel.gallery.visualRect(panel.gallery.model().index(0, 0)).center()
    qtbot.mouseClick(panel.gallery.viewport(), Qt.MouseButton.LeftButton, pos=first)
    argv = workspace.model_answers.replies[-1].argv
    assert argv[0] == "explain" and argv[2] == panel.gallery.items()[0].path
    looking = page.findChild(LookingDialog)
    assert looking.isVisible() and not panel.dialog.isVisible()
    looking.close()


def test_a_heat_image_hides_more_where_the_map_is_stronger():
    image = heat_image(np.array([[0, 128, 255]], np.uint8), "inferno")
    assert [image.pixelColor(x, 0).alpha() for x in range(3)] == [0, 128, 255]
    assert image.pixelColor(2, 0).name() == f"#{COLOURS['inferno'][-1]}"
