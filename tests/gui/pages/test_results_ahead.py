"""One step ahead on the Results page: asked for, watched, given up, failed, and read from disk."""

import json

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui import synthetic
from tests.gui.test_names_and_words import _name, controls
from workbench.core.events import Progress
from workbench.gui.pages.results.page import ResultsPage


def affinity_document(tasks=synthetic.TASKS, run="001-balanced", batches=20):
    """What `affinity --json` prints: the first task helps the others, which harm it."""
    values = np.full((len(tasks), len(tasks)), 0.004)
    values[1:, 0] = -0.003
    np.fill_diagonal(values, 0.0098)
    errors = np.full_like(values, 0.0004)
    return {
        "run": run,
        "tasks": list(tasks),
        "batches": batches,
        "matrix": values.tolist(),
        "standard_error": errors.tolist(),
    }


def store(run_dir, document):
    (run_dir / "results" / "affinity.json").write_text(json.dumps(document), encoding="utf-8")


@pytest.fixture
def opened(show, qtbot):
    """Opens the page on the newest run of a workspace and shows its curves."""

    def opening(workspace, **size):
        page = show(ResultsPage(workspace), **size)
        qtbot.waitUntil(lambda: bool(page.list.runs))
        page.view.curves.click()
        qtbot.waitUntil(lambda: page.beside.curves is not None and page.beside.curves.isVisible())
        return page, page.beside.curves.ahead

    return opening


@pytest.fixture
def run_dir(workspace, images):
    return synthetic.write_run(workspace.folder, images=images)


def test_a_step_is_asked_for_watched_and_told(run_dir, workspace, opened, qtbot):
    _, card = opened(workspace)
    assert not card.map.isVisible() and "does not promise" in card._caption.text()
    card.activateWindow()
    card.ask.setFocus()
    qtbot.waitUntil(card.ask.hasFocus)
    QTest.keyClick(card.ask, Qt.Key.Key_Space)
    reply = workspace.model_answers.replies[-1]
    assert reply.argv == ["affinity", str(workspace.folder), "--run", "001-balanced"]
    assert card.working.isVisible() and not card.ask.isEnabled() and card.working.cancel.hasFocus()
    reply.progressed.emit(Progress(what="looking ahead", done=3, total=20))
    assert card.working.words.text() == "Looking ahead 3 of 20" and card.working.bar.value() == 3
    reply.answered.emit(affinity_document())
    reply.ended.emit()
    assert not card.working.isVisible() and card.ask.isEnabled() and card.ask.hasFocus()
    assert card.map.isVisible() and card.told.text() == "A step for material lowers its own loss by 0.98 %"
    QTest.keyClick(card.map, Qt.Key.Key_Right)
    assert card.told.text() == "A step for material helps season: its loss falls by 0.40 %"
    assert "20 batches" in card.basis.text()


def test_what_is_stored_is_shown_at_once_and_stays_when_another_look_fails(run_dir, workspace, opened, qtbot):
    store(run_dir, affinity_document(batches=1))
    _, card = opened(workspace)
    qtbot.waitUntil(card.map.isVisible)
    assert card.told.text().startswith("A step for material") and "single batch" in card.basis.text()
    assert workspace.model_answers.replies == []
    card.ask.click()
    reply = workspace.model_answers.replies[-1]
    sentence = "The tasks of run 001-balanced share no weights that train, so no step for one can touch another."
    reply.failed.emit(sentence, "Train a run that freezes fewer stages.")
    reply.ended.emit()
    assert card.problem.isVisible() and card.problem.text() == f"{sentence} Train a run that freezes fewer stages."
    assert card.map.isVisible() and card.ask.isEnabled()
    card.ask.click()
    assert not card.problem.isVisible()


def test_it_can_be_cancelled(run_dir, workspace, opened):
    _, card = opened(workspace)
    card.ask.click()
    card.working.cancel.click()
    reply = workspace.model_answers.replies[-1]
    assert workspace.model_answers.cancelled == [reply]
    assert not card.working.isVisible() and card.ask.isEnabled() and not card.map.isVisible()
    reply.answered.emit(affinity_document())
    assert not card.map.isVisible()


def test_news_of_the_same_run_leave_a_look_under_way_alone(run_dir, workspace, opened, qtbot):
    page, card = opened(workspace)
    card.ask.click()
    with qtbot.waitSignal(page.beside._histories.loaded):
        page._show_run()
    assert card.working.isVisible() and workspace.model_answers.cancelled == []


def test_another_run_gives_it_up_and_shows_its_own(run_dir, workspace, images, opened, qtbot):
    store(run_dir, affinity_document())
    synthetic.write_run(workspace.folder, run="002-full", images=images)
    page, card = opened(workspace)
    card.ask.click()
    reply = workspace.model_answers.replies[-1]
    page.show_run("001-balanced")
    assert workspace.model_answers.cancelled == [reply] and not card.working.isVisible()
    qtbot.waitUntil(card.map.isVisible)
    page.show_run("002-full")
    assert not card.map.isVisible(), "what belongs to the other run is gone at once"


def test_a_run_of_one_task_is_not_asked(workspace, images, opened, qtbot):
    synthetic.write_run(workspace.folder, ("material",), images=images)
    page, card = opened(workspace)
    assert page.beside.curves.plots.isVisible() and not card.isVisible()


@pytest.mark.parametrize("text", ["{", "[]", '{"tasks": ["a"], "batches": 2, "matrix": [], "standard_error": []}'])
def test_a_broken_file_is_told_of_and_can_be_measured_anew(run_dir, workspace, opened, qtbot, text):
    (run_dir / "results" / "affinity.json").write_text(text, encoding="utf-8")
    _, card = opened(workspace)
    qtbot.waitUntil(card.problem.isVisible)
    assert "cannot be read" in card.problem.text() and not card.map.isVisible()
    card.ask.click()
    workspace.model_answers.replies[-1].answered.emit(affinity_document())
    assert card.map.isVisible() and not card.problem.isVisible()


def test_every_look_holds_eight_tasks(look, tmp_path, opened, qtbot):
    names = tuple(f"a task with a rather long name {number}" for number in range(8))
    workspace = synthetic.SyntheticWorkspace(tmp_path / "many", names)
    images = [path.relative_to(workspace.folder).as_posix() for path in synthetic.pictures(workspace.folder / "p", 4)]
    store(synthetic.write_run(workspace.folder, names, images=images), affinity_document(names))
    _, card = opened(workspace)
    qtbot.waitUntil(card.map.isVisible)
    assert [each for each in controls(card) if not _name(each)] == []
    assert card.minimumSizeHint().width() <= 800 and not card.grab().isNull()
    workspace.close()
