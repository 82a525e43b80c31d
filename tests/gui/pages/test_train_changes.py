"""The Train page while a run is changed, and what is offered when it has ended."""

import pytest
from PySide6.QtCore import Qt

from tests.gui import synthetic
from workbench.core.events import Changed
from workbench.gui.pages.train.change_words import change_words, setting_words
from workbench.gui.pages.train.curves import marks
from workbench.gui.pages.train.page import TrainPage


@pytest.fixture
def page(workspace, show):
    return show(TrainPage(workspace))


@pytest.fixture
def running(page, workspace, monkeypatch):
    """The page with a run under way whose settings are known."""
    monkeypatch.setattr(workspace, "trained_project", lambda: synthetic.project().effective())
    workspace.be("starting")
    assert not page.columns.change.isVisible()
    workspace.feed(list(synthetic.run_events(upto=5)))
    workspace.be("running")
    return page.columns.change


def set_value(card, key, value):
    """Edit a row as a user does."""
    card.form.row(key).editor.set_value(value)
    card.form.changed.emit(key, value)


def test_settings_of_the_running_run_can_be_changed(running, workspace, qtbot):
    assert running.isVisible() and not running.form.isVisible()
    qtbot.mouseClick(running.unfold, Qt.MouseButton.LeftButton)
    assert running.form.isVisible() and not running.apply.isEnabled()
    tasks = [task.name for task in synthetic.project().tasks]
    expected = ["recipe.learning_rate", "recipe.augment", "backbone.freeze", *(f"tasks.{t}.weight" for t in tasks)]
    assert running.form.keys() == expected
    set_value(running, "recipe.learning_rate", 1e-4)
    set_value(running, f"tasks.{tasks[0]}.weight", 2.0)
    qtbot.mouseClick(running.apply, Qt.MouseButton.LeftButton)
    assert workspace.asked[-1] == ("change", "recipe.learning_rate=0.0001", f"tasks.{tasks[0]}.weight=2.0")
    assert running.hint.text().startswith("Told.")


def test_what_cannot_be_is_not_told(running):
    running.unfold.setChecked(True)
    set_value(running, "backbone.freeze", 900)
    assert not running.apply.isEnabled() and "900" in running.hint.text()
    set_value(running, "backbone.freeze", "all")
    assert running.apply.isEnabled()


def test_it_is_there_only_while_a_run_trains(page, running, workspace):
    workspace.be("stopping")
    assert running.isVisible() and not running.isEnabled()
    workspace.be("idle")
    assert not running.isVisible()
    workspace.be("starting")
    assert running.form is None and not running.isVisible()


def test_changes_are_marked_and_told(page, running, workspace):
    event = Changed(settings={"recipe.learning_rate": ("auto", 1e-4), "tasks.a b.weight": (1.0, 2.5)}, epoch=4, step=60)
    words = "Learning rate auto → 0.0001, Weight of a b 1 → 2.5"
    assert change_words(event.settings) == words and setting_words("backbone.freeze") == "Freeze depth"
    before = len(page.plots.loss._phases)
    workspace.feed([event])
    assert marks(workspace.history).changes == [(60, words)]
    (x, _, line), *more = page.plots.loss._phases[before:]
    assert x == 60 and not more and line.toolTip() == words
    model = page.notices.model
    assert model.index(model.rowCount() - 1).data().endswith(f"From epoch 4 on: {words}")


def test_a_run_that_has_ended_can_go_on_or_be_begun_from(page, workspace, qtbot):
    workspace.be("starting")
    workspace.feed(list(synthetic.run_events()))
    workspace.be("idle")
    go_on = page.outcome.go_on
    assert go_on.isVisible()
    go_on.epochs.setValue(7)
    qtbot.mouseClick(go_on.more, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(go_on.anew, Qt.MouseButton.LeftButton)
    assert workspace.asked == [("longer", workspace.run_name, "7"), ("from", workspace.run_name)]


def test_a_run_with_nothing_to_train_is_only_begun_from(page, workspace, monkeypatch):
    monkeypatch.setattr(workspace, "trains", lambda run: False)
    workspace.be("starting")
    workspace.feed(list(synthetic.run_events()))
    workspace.be("idle")
    go_on = page.outcome.go_on
    assert go_on.anew.isVisible() and not go_on.more.isVisible() and not go_on.epochs.isVisible()


def test_one_that_was_interrupted_is_to_be_resumed_first(page, workspace):
    workspace.be("starting")
    workspace.feed(list(synthetic.run_events(end="interrupted")))
    workspace.be("idle")
    assert not page.outcome.go_on.isVisible()
