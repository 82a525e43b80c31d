"""Label doubts in the window: looking, deciding by mouse and keys, undoing, and training again."""

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from tests.gui import synthetic
from workbench.core.corrections import Correction, read_corrections
from workbench.core.doubts import doubts_file
from workbench.core.events import Progress
from workbench.gui.pages.results.doubts import words
from workbench.gui.pages.results.doubts.document import parse_doubts
from workbench.gui.pages.results.page import ResultsPage
from workbench.project.corrections import decide


def doubt(image, label="glass", suggestion="metal", sure=0.93, twins=()):
    return {
        "image": image,
        "part": "train",
        "label": label,
        "suggestion": suggestion,
        "label_probability": 0.02,
        "suggestion_probability": sure,
        "clear": True,
        "twins": [{"image": twin, "part": "train", "label": "metal", "likeness": 0.99} for twin in twins],
    }


def document(images, leaks=0):
    classes = ["cardboard", "glass", "metal", "paper"]
    task = {"kind": "single-label", "classes": classes, "pictures": 40, "agreement": 0.725, "clear": 3, "twins": []}
    pair = {"pictures": [{"image": images[8], "part": "train"}, {"image": images[9], "part": "test"}], "likeness": 0.99}
    material = [doubt(images[0], twins=images[5:6]), *(doubt(image) for image in images[1:4])]
    season = {**task, "classes": ["summer", "winter"], "doubts": [doubt(images[4], "summer", "winter")]}
    return {
        "tasks": {"material": {**task, "doubts": material}, "season": season},
        "leaks": {"count": leaks, "pairs": [pair] * leaks},
        "left_out": {},
        "images": 40,
        "backbone": "resnet18",
        "weights": "starter",
        "seconds": 2.0,
    }


@pytest.fixture
def page(workspace, images, show, qtbot):
    synthetic.write_run(workspace.folder, images=images)
    made = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: bool(made.view.scores.cards))
    return made


@pytest.fixture
def panel(page, workspace, images, qtbot):
    path = doubts_file(workspace.folder)
    path.parent.mkdir()
    path.write_text(json.dumps(document(images, leaks=1)), encoding="utf-8")
    page.panel.doubts.click()
    qtbot.waitUntil(lambda: len(page.doubts.gallery.items()) == 4)
    return page.doubts


def decided(workspace):
    return {each.picture: each for each in read_corrections(workspace.folder).decided}


def test_looking_shows_progress_and_what_is_found(page, workspace, images, qtbot):
    page.activateWindow()
    page.panel.doubts.click()
    panel = page.doubts
    assert panel.empty.isVisible() and not panel.again.isVisible()
    panel.empty.button.click()
    (reply,) = workspace.model_answers.replies
    assert reply.argv == ["doubts", str(workspace.folder)]
    assert panel.working.isVisible() and not panel.empty.isVisible() and panel.working.cancel.hasFocus()
    reply.progressed.emit(Progress(what="computing features", done=10, total=40))
    assert panel.working.bar.value() == 10
    reply.answered.emit(document(images))
    reply.ended.emit()
    assert not panel.working.isVisible() and panel.gallery.isVisible() and panel.gallery.hasFocus()
    assert panel.gallery.items()[0].caption == "glass → metal, 93.0 %"
    assert "agrees with 72.5 % of 40 labels" in panel.summary.text() and not panel.leaks.isVisible()
    assert not panel.train.isEnabled()


def test_looking_can_be_given_up_and_can_fail(page, workspace):
    page.panel.doubts.click()
    panel = page.doubts
    panel.look()
    panel.working.cancel.click()
    assert panel.empty.isVisible() and len(workspace.model_answers.cancelled) == 1
    panel.look()
    reply = workspace.model_answers.replies[-1]
    reply.failed.emit("No label here can be doubted.", "Add pictures.")
    reply.ended.emit()
    assert panel.problem.text() == "No label here can be doubted. Add pictures." and panel.empty.isVisible()
    panel.look()
    assert not panel.problem.isVisible()
    reply = workspace.model_answers.replies[-1]
    reply.answered.emit({"tasks": 3})
    reply.ended.emit()
    assert "cannot be read" in panel.problem.text()


def test_decisions_by_mouse_are_written_and_undone(panel, workspace, images, qtbot, monkeypatch):
    checks = []
    monkeypatch.setattr(workspace, "check", lambda: checks.append(1))
    card = panel.card
    assert card.label.currentText() == "metal" and card.twins.isVisible() and "glass" in card.given.text()
    card.relabel.click()
    assert decided(workspace)[images[0]] == Correction(picture=images[0], task="material", label="metal")
    assert panel.gallery.items()[0].caption == "relabelled: metal" and panel.gallery.currentIndex().row() == 1
    assert not card.twins.isVisible() and card.undo.isEnabled()
    card.label.setCurrentText("paper")
    card.relabel.click()
    assert decided(workspace)[images[1]].label == "paper"
    card.aside.click()
    card.keep.click()
    assert decided(workspace)[images[2]].aside and decided(workspace)[images[3]].keep
    assert panel.gallery.currentIndex().row() == 3 and card.undo.isEnabled()
    assert panel.said.text().startswith("3 labels are corrected") and panel.train.isEnabled()
    card.undo.click()
    assert images[3] not in decided(workspace) and panel.gallery.items()[3].caption.startswith("glass → metal")
    assert len(checks) == 5


def test_keys_decide_and_go_on(panel, workspace, images, qtbot):
    gallery = panel.gallery
    panel.window().activateWindow()
    gallery.setFocus()
    qtbot.keyClick(gallery, Qt.Key.Key_K)
    qtbot.keyClick(gallery, Qt.Key.Key_A)
    qtbot.keyClick(gallery, Qt.Key.Key_R)
    found = decided(workspace)
    assert [found[image].verdict for image in images[:3]] == ["kept", "aside", "relabelled"]
    qtbot.keyClick(gallery, Qt.Key.Key_Left)
    assert gallery.currentIndex().row() == 2
    qtbot.keyClick(gallery, Qt.Key.Key_U)
    assert images[2] not in decided(workspace)


def test_the_last_decision_is_undone_wherever_the_selection_is(panel, workspace, images):
    gallery = panel.gallery
    assert not panel.card.undo.isEnabled()
    for button in (panel.card.aside, panel.card.keep, panel.card.undo):
        button.click()
    assert gallery.currentIndex().row() == 1 and set(decided(workspace)) == {images[0]}
    gallery.setCurrentIndex(gallery.model().index(3, 0))
    panel.card.undo.click()
    assert gallery.currentIndex().row() == 0 and not decided(workspace) and not panel.card.undo.isEnabled()
    assert panel.said.text().startswith("Nothing is corrected yet")


def test_relabelling_to_the_given_label_keeps_it(panel, workspace, images):
    panel.card.label.setCurrentText("glass")
    panel.card.relabel.click()
    assert decided(workspace)[images[0]].keep


def test_what_was_decided_before_is_shown_and_the_first_open_one_is_current(page, workspace, images, qtbot):
    path = doubts_file(workspace.folder)
    path.parent.mkdir()
    path.write_text(json.dumps(document(images)), encoding="utf-8")
    decide(workspace.folder, Correction(picture=images[0], task="material", aside=True))
    page.panel.doubts.click()
    qtbot.waitUntil(lambda: len(page.doubts.gallery.items()) == 4)
    panel = page.doubts
    assert panel.gallery.items()[0].caption == "set aside" and panel.gallery.currentIndex().row() == 1
    panel.chooser.setCurrentIndex(1)
    panel.chooser.activated.emit(1)
    assert [item.caption for item in panel.gallery.items()] == ["summer → winter, 93.0 %"]


def test_leaks_are_shown_and_kept_together_with_one_click(panel, workspace, qtbot):
    assert panel.leaks.isVisible() and "1 pair" in panel.leaks.text()
    show, together = panel.leaks._buttons
    show.click()
    assert panel.dialog.isVisible() and len(panel.dialog._items) == 2
    panel.dialog.close()
    together.click()
    assert workspace.project.split.group == "near-duplicates" and not panel.leaks.isVisible()


def test_a_task_that_is_removed_is_no_longer_offered(panel, workspace):
    assert panel.chooser.isVisible()
    assert workspace.remove_task("material")
    assert not panel.chooser.isVisible() and [item.caption for item in panel.gallery.items()] == [
        "summer → winter, 93.0 %"
    ]
    assert workspace.remove_task("season")
    assert panel.gallery.items() == [] and not panel.card.isVisible()


def test_training_again_goes_to_the_train_page(panel, page, qtbot):
    panel.card.aside.click()
    with qtbot.waitSignal(page.page_requested) as caught:
        panel.train.click()
    assert caught.args == ["train"]


def test_a_damaged_list_and_damaged_decisions_are_said(page, workspace, qtbot):
    path = doubts_file(workspace.folder)
    path.parent.mkdir()
    path.write_text("{", encoding="utf-8")
    page.panel.doubts.click()
    qtbot.waitUntil(lambda: "cannot be read, look again" in page.doubts.problem.text())
    (workspace.folder / "labels.toml").write_text("nonsense", encoding="utf-8")
    page.doubts.shown()
    qtbot.waitUntil(lambda: "labels.toml cannot be read" in page.doubts.problem.text())


def test_without_a_run_the_page_leads_there(workspace, show):
    page = show(ResultsPage(workspace))
    assert page.empty.isVisible()
    page.show_doubts()
    assert page.doubts.isVisible() and page.doubts.empty.isVisible()
    page.panel.doubts.click()
    assert page.empty.isVisible()


def test_modes_exclude_each_other(page):
    page.panel.doubts.click()
    page.panel.verdict.click()
    assert page.verdict.isVisible() and not page.panel.doubts.isChecked()
    page.panel.doubts.click()
    assert page.doubts.isVisible() and not page.panel.verdict.isChecked()


def test_how_far_doubts_can_be_believed_is_said(images):
    material = parse_doubts(document(images)).tasks["material"]
    assert "often wrong itself" in words.summary(material)
    assert words.summary(replace(material, agreement=0.9)).endswith("and clearly doubts 3.")
    assert words.summary(replace(material, agreement=None)).startswith("3 of 40 numbers")


def test_labels_that_cannot_be_are_refused():
    assert (
        words.refusal("number", [], "", "many") == "many is no number." and words.refusal("number", [], "", "4.5") == ""
    )
    assert "c is no label" in words.refusal("multi-label", ["a", "b"], ";", "a;c")
    assert words.refusal("multi-label", ["a", "b"], ";", "a; b") == "" == words.refusal("multi-label", ["a"], "", "|")
    assert words.refusal("single-label", ["a"], "|", " ")


def test_every_look_holds(look, panel):
    assert panel.minimumSizeHint().width() <= 860 and not panel.grab().isNull()
