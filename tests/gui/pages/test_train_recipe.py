"""Phases, the search for a learning rate, and the way back, on the Train page."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui import synthetic
from workbench.core.events import Interpolation, Progress
from workbench.core.presets import fitting_preset
from workbench.gui.pages.train.page import TrainPage
from workbench.gui.pages.train.way_back import way_back_words


@pytest.fixture
def page(workspace, show):
    return show(TrainPage(workspace))


@pytest.fixture
def timeline(page):
    return page.recipe.timeline


def own(workspace):
    return workspace.project.written()["recipe"].get("phases")


def test_the_preset_is_drawn_as_phases(timeline, workspace):
    assert [(span.frozen, span.epochs) for span in timeline.strip.spans] == [(5, 40), (3, 10)]
    assert not timeline.rows and timeline.edit.isVisible() and not timeline.follow.isVisible()
    workspace.set_values("recipe", unfreeze="one-by-one")
    assert [(span.frozen, span.epochs) for span in timeline.strip.spans] == [(5, 40), (4, 5), (3, 5)]


def test_phases_become_ones_own_and_follow_the_preset_again(timeline, workspace, page):
    timeline.edit.click()
    assert own(workspace) == [{"freeze": "all", "epochs": 40}, {"freeze": 3, "epochs": 10}]
    assert len(timeline.rows) == 2 and not page.recipe.form.row("recipe.epochs").editor.isEnabled()
    timeline.rows[1].epochs.setValue(4)
    timeline.rows[1].rate.setValue(0.001)
    timeline.rows[0].trains.setCurrentIndex(1)
    timeline.rows[0].trains.activated.emit(1)
    assert own(workspace) == [
        {"freeze": 4, "epochs": 40},
        {"freeze": 3, "epochs": 4, "learning_rate": 0.001},
    ]
    assert "the last 2 of 5 stages too for up to 4 epochs." in page.controls.plan.text()
    timeline.add.click()
    assert own(workspace)[2] == {"freeze": 2, "epochs": 4}
    timeline.rows[0].remove.click()
    assert [phase["freeze"] for phase in own(workspace)] == [3, 2]
    timeline.follow.click()
    assert own(workspace) is None and not timeline.rows
    assert page.recipe.form.row("recipe.epochs").editor.isEnabled()


def test_a_click_on_the_strip_is_written(timeline, workspace):
    timeline.strip.depth_wished.emit(1, 1)
    timeline.strip.epochs_wished.emit(0, 7)
    assert own(workspace) == [{"freeze": "all", "epochs": 7}, {"freeze": 1, "epochs": 10}]
    timeline.strip.depth_wished.emit(1, 5)
    assert own(workspace)[1]["freeze"] == "all"


def document(suggestion=3.2e-4):
    rates = [1e-6 * 10 ** (at / 15) for at in range(60)]
    losses = [1.0 - 0.5 / (1 + math.exp(-at / 3 + 10)) + (max(0, at - 50) / 5) ** 2 for at in range(60)]
    return {"phase": "stages", "rates": rates, "losses": losses, "suggestion": suggestion, "in_force": 1e-3}


def test_a_rate_is_looked_for_drawn_and_taken(page, workspace, qtbot):
    finder = page.rate
    finder.find.click()
    (reply,) = workspace.model_answers.replies
    assert reply.argv == ["rate", str(workspace.folder)]
    reply.progressed.emit(Progress(what="trying learning rates", done=30, total=100))
    assert finder.doing.text() == "Trying learning rates 30 of 100" and not finder.find.isVisible()
    reply.answered.emit(document())
    reply.ended.emit()
    assert finder.find.isVisible() and finder.plot.isVisible()
    assert finder.rate == pytest.approx(3.2e-4, rel=0.1) and "a run takes 0.001 now" in finder.told.text()
    QTest.keyClick(finder.plot, Qt.Key.Key_Right)
    assert finder.told.text().startswith("You chose ")
    finder.use.click()
    assert workspace.project.recipe.learning_rate == finder.rate


def test_no_suggestion_is_said_and_a_failure_is_a_sentence(page, workspace):
    page.rate.find.click()
    workspace.model_answers.replies[0].answered.emit(document(None))
    workspace.model_answers.replies[0].ended.emit()
    assert "none is suggested" in page.rate.told.text() and not page.rate.use.isVisible()
    page.rate.find.click()
    workspace.model_answers.replies[1].failed.emit("Only heads train here.", "Freeze fewer stages.")
    workspace.model_answers.replies[1].ended.emit()
    assert page.rate.problem.text() == "Only heads train here. Freeze fewer stages."


def test_a_run_ends_the_search(page, workspace):
    page.rate.find.click()
    workspace.be("starting")
    assert workspace.model_answers.cancelled == workspace.model_answers.replies
    assert not page.rate.find.isEnabled() and page.rate.find.isVisibleTo(page.rate)
    workspace.be("idle")
    assert page.rate.find.isEnabled()


def found(kept=1.0, last=0.9):
    scores = [0.5, 0.8, 0.95, 0.9, last]
    return Interpolation(shares=[0, 0.25, 0.5, 0.75, 1], scores=scores, validation=[{}] * 5, kept=kept)


def test_the_way_back_is_one_line_with_a_plot_behind_it(page, workspace):
    events = list(synthetic.run_events(head_epochs=2, epochs=2, steps=5))
    workspace.be("running")
    workspace.feed([*events[:-1], found(), events[-1]])
    workspace.be("idle")
    way = page.outcome.way_back
    assert way.isVisible() and way.plot is None
    assert way.sentence.text() == (
        "A blend with the pretrained weights (50 % trained) scores 95.0 % in validation, the model 90.0 %."
    )
    way.fold.click()
    assert way.plot.isVisible() and way.plot.marked == 4
    way.fold.click()
    assert not way.plot.isVisible()


def test_the_way_back_in_words():
    assert way_back_words(found(last=0.97)).startswith("No point on the way back")
    assert way_back_words(found(kept=0.5)) == (
        "Kept is a blend: 50 % of the trained weights, the rest pretrained. It scores 95.0 %, the trained 90.0 %."
    )


def test_the_preset_that_fits_is_said(page):
    assert page.recipe.presets.fits.text().startswith("Fits this computer: ")
    assert [fitting_preset(False)[0], fitting_preset(True)[0], fitting_preset(True, 100)[0]] == [
        "probe",
        "full",
        "balanced",
    ]
