"""The learning curve on the Results page: asked for, told in a sentence and in points, and read from disk."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui import synthetic
from tests.gui.test_names_and_words import _name, controls
from workbench.core.learning_curve import curve_file
from workbench.gui.pages.results.page import ResultsPage


def curve_task(conclusion="help", largest=192):
    """A task's part of what `curve --json` prints."""
    sizes = [largest // 2**at for at in range(4, -1, -1)]
    scores = [0.37, 0.47, 0.55, 0.61, 0.65]
    measured = [
        {"pictures": size, "score": score, "interval": [score - 0.06, score + 0.05], "choices": 5}
        for size, score in zip(sizes, scores, strict=True)
    ]
    projected = [
        {"pictures": times * largest, "score": score, "interval": [score - 0.08, score + 0.06]}
        for times, score in ((2, 0.68), (4, 0.7))
    ]
    gain = {"help": [0.012, 0.05], "hardly": [0.0, 0.004], "unclear": [0.0, 0.06]}[conclusion]
    return {
        "kind": "single-label",
        "score": "accuracy",
        "judged_on": 48,
        "sizes": measured,
        "projection": projected,
        "gain": {"score": sum(gain) / 2, "interval": gain},
        "conclusion": conclusion,
    }


def curve_document(tasks=("material", "season")):
    """What `curve --json` prints."""
    conclusions = ("help", "hardly", "unclear")
    found = {task: curve_task(conclusions[at % 3]) for at, task in enumerate(tasks)}
    return {"run": "001-balanced", "backbone": "mobilenet_v2", "tasks": found, "left_out": {"wall": "few pictures"}}


@pytest.fixture
def run_dir(workspace, images):
    return synthetic.write_run(workspace.folder, images=images)


@pytest.fixture
def opened(show, qtbot):
    def opening(workspace):
        page = show(ResultsPage(workspace))
        qtbot.waitUntil(lambda: bool(page.list.runs))
        page.view.curves.click()
        qtbot.waitUntil(lambda: page.beside.curves is not None and page.beside.curves.isVisible())
        return page, page.beside.curves.learning

    return opening


def test_a_curve_is_asked_for_and_told(run_dir, workspace, opened):
    _page, card = opened(workspace)
    assert not card.plot.isVisible()
    card.ask.click()
    reply = workspace.model_answers.replies[-1]
    assert reply.argv == ["curve", str(workspace.folder), "--run", "001-balanced"]
    reply.answered.emit(curve_document())
    reply.ended.emit()
    assert card.sentence.text().startswith("More pictures would help: 384 of them in place of 192")
    assert "1.2 to 5.0 points" in card.sentence.text() and "wall: few pictures" in card.basis.text()
    assert card.told.text() == "192 training pictures: right answers 65.0 %, between 59.0 % and 70.0 %"
    QTest.keyClick(card.plot, Qt.Key.Key_Right)
    assert card.told.text().startswith("384 training pictures, projected: right answers 68.0 %")
    assert card.plot.accessibleDescription() == card.told.text()
    card.task.setCurrentIndex(1)
    assert card.sentence.text().startswith("More pictures would hardly help")


def test_a_kept_curve_is_shown_at_once(run_dir, workspace, opened, qtbot):
    curve_file(run_dir).write_text(json.dumps(curve_document(("material",))), encoding="utf-8")
    _page, card = opened(workspace)
    qtbot.waitUntil(card.plot.isVisible)
    assert not card.task.isVisible() and workspace.model_answers.replies == []


@pytest.mark.parametrize("text", ["{", '{"tasks": {"a": {}}, "left_out": {}, "backbone": "b"}'])
def test_a_broken_file_is_told_of(run_dir, workspace, opened, qtbot, text):
    curve_file(run_dir).write_text(text, encoding="utf-8")
    _page, card = opened(workspace)
    qtbot.waitUntil(card.problem.isVisible)
    assert "cannot be read, draw it again" in card.problem.text() and not card.plot.isVisible()


def test_every_look_has_names_and_room(look, run_dir, workspace, opened, qtbot):
    curve_file(run_dir).write_text(json.dumps(curve_document()), encoding="utf-8")
    _page, card = opened(workspace)
    qtbot.waitUntil(card.plot.isVisible)
    assert [each for each in controls(card) if not _name(each)] == []
    assert card.minimumSizeHint().width() <= 800 and not card.grab().isNull()
