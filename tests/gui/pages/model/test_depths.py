"""Every freeze depth tried: asked for, watched, drawn on the ladder, taken over, and forgotten with the weights."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui import advice_documents as documents
from workbench.core import catalogue, weights_cache
from workbench.core.events import Progress
from workbench.gui.pages.model.depths_document import parse_depths
from workbench.gui.pages.model.page import ModelPage


@pytest.fixture
def page(workspace, show, tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    weights_cache.folder().mkdir(parents=True)
    for name in ("mobilenet_v2", "resnet18"):
        (weights_cache.folder() / weights_cache.file_name(catalogue.get(name).versions[0])).write_bytes(b"weights")
    workspace.set_values("backbone", freeze=1)
    return show(ModelPage(workspace))


def answer(workspace, document):
    reply = workspace.model_answers.replies[-1]
    reply.answered.emit(document)
    reply.ended.emit()


def test_depths_are_tried_drawn_and_frozen(page, workspace, qtbot):
    depths, ladder = page.stages.depths, page.stages.ladder
    assert depths.ask.isVisible() and not ladder.scores.isVisible()
    qtbot.mouseClick(depths.ask, Qt.MouseButton.LeftButton)
    reply = workspace.model_answers.replies[-1]
    assert reply.argv == ["ladder", str(workspace.folder)] and not depths.ask.isVisible()
    reply.progressed.emit(Progress(what="measuring a step", done=2, total=6))
    assert depths.working.words.text() == "Measuring a step 2 of 6"
    answer(workspace, documents.ladder_document("mobilenet_v2", suggestion=3))
    assert ladder.scores.isVisible() and depths.ask.isVisible() and not depths.working.isVisible()
    assert depths.reason.text().startswith("Freeze 3 of 5 stages: ") and depths.freeze.isVisible()
    page.activateWindow()
    depths.freeze.setFocus()
    qtbot.waitUntil(depths.freeze.hasFocus)
    QTest.keyClick(depths.freeze, Qt.Key.Key_Space)
    assert workspace.project.backbone.freeze == 3 and not depths.freeze.isVisible()
    assert ladder.handle.hasFocus()
    assert "MB" in ladder._figures.text()


def test_it_can_be_stopped_and_a_failure_is_said(page, workspace):
    depths = page.stages.depths
    depths.ask.click()
    depths.working.cancel.click()
    assert workspace.model_answers.cancelled and depths.ask.isEnabled()
    depths.ask.click()
    workspace.model_answers.replies[-1].failed.emit("The weights are damaged.", "Download them again.")
    workspace.model_answers.replies[-1].ended.emit()
    assert depths.problem.isVisible() and "Download them again" in depths.problem.text()


def test_it_belongs_to_its_backbone_and_weights_and_is_kept(page, workspace, qtbot):
    document = documents.ladder_document("resnet18", suggestion=4)
    (workspace.folder / "advice").mkdir()
    (workspace.folder / "advice" / "ladder-resnet18.json").write_text(json.dumps(document), encoding="utf-8")
    depths = page.stages.depths
    assert depths.found is None
    page.edits.choose_backbone("resnet18")
    qtbot.waitUntil(lambda: depths.found is not None)
    assert page.stages.ladder.scores.isVisible() and depths.reason.isVisible()
    page.edits.choose_weights("none")
    qtbot.waitUntil(lambda: not depths._stored.busy)
    assert depths.found is None and not page.stages.ladder.scores.isVisible() and not depths.reason.isVisible()
    workspace.undo()
    qtbot.waitUntil(lambda: depths.found is not None)
    workspace.set_values("recipe", image_size=64)
    assert depths.stale.isVisible() and "64 px" in depths.stale.text()


def test_an_answer_on_other_weights_is_not_waited_for(page, workspace):
    depths = page.stages.depths
    depths.ask.click()
    page.edits.choose_weights("none")
    assert workspace.model_answers.cancelled and not depths.working.isVisible()


def test_why_it_cannot_be_tried_is_said(page, workspace):
    ask = page.stages.depths.ask
    page.edits.choose_weights("IMAGENET1K_V1")
    assert not ask.isEnabled() and "Download them first" in ask.toolTip()
    workspace.undo()
    assert ask.isEnabled()
    workspace.be("running")
    assert not ask.isEnabled() and "training" in ask.accessibleDescription()
    workspace.be("idle")
    for task in ("material", "season"):
        workspace.remove_task(task)
    assert not ask.isEnabled() and "no task" in ask.toolTip()


def test_a_preset_that_forces_the_depth_leaves_nothing_to_take_over(page, workspace):
    page.stages.depths.ask.click()
    answer(workspace, documents.ladder_document("mobilenet_v2", suggestion=2))
    workspace.set_values("recipe", preset="probe")
    assert page.stages.depths.reason.isVisible() and not page.stages.depths.freeze.isVisible()


def test_no_suggestion_is_no_mark_and_nothing_is_a_suggestion(page, workspace):
    page.stages.depths.ask.click()
    answer(workspace, documents.ladder_document("mobilenet_v2", suggestion=None))
    assert page.stages.ladder.scores.isVisible() and not page.stages.depths.reason.isVisible()
    page.stages.depths.ask.click()
    answer(workspace, documents.ladder_document("mobilenet_v2", suggestion=0))
    assert page.stages.depths.reason.text().startswith("Freeze 0 of 5")
    page.stages.depths.freeze.click()
    assert workspace.project.backbone.freeze == 0


@pytest.mark.parametrize("missing", ["backbone", "stages", "suggestion"])
def test_a_document_that_is_not_whole_is_said(page, workspace, missing):
    document = documents.ladder_document("mobilenet_v2")
    del document[missing]
    with pytest.raises(ValueError, match="try again"):
        parse_depths(document)
    page.stages.depths.ask.click()
    answer(workspace, document)
    assert page.stages.depths.problem.isVisible() and page.stages.depths.found is None
