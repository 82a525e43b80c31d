"""Runs chosen, compared and repeated on the Results page, and all of it in words."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.engine.insight.compare.documents import judge
from tests.gui import kinds_of_tasks as kinds
from tests.gui import synthetic
from tests.gui.test_names_and_words import _name, controls
from workbench.core.corrections import Correction
from workbench.core.events import Progress, to_json
from workbench.gui.pages.results.comparison import words
from workbench.gui.pages.results.page import ResultsPage
from workbench.project.corrections import decide
from workbench.project.queue import read_queue
from workbench.project.runs import list_runs, read_run

RUNS = ("001-balanced", "002-full")


@pytest.fixture
def documents(workspace, images):
    """Two runs of every kind of task; the second answers other pictures right."""
    written = {
        run: json.loads(to_json(kinds.write_run(workspace.folder, images[at:] + images[:at], run=run)))
        for at, run in enumerate(RUNS)
    }
    first, second = (written[run]["tasks"] for run in RUNS)
    for name, task in second.items():
        truth = {entry["image"]: entry.get("target") for entry in first[name]["images"]}
        for entry in task["images"]:
            if "target" in entry:
                entry["target"] = truth[entry["image"]]
    return written


@pytest.fixture
def document(workspace, documents):
    """What `compare --json` prints of them."""
    settings = {run: {**read_run(workspace.folder, run).settings} for run in RUNS}
    settings[RUNS[1]]["recipe"] = {**settings[RUNS[1]].get("recipe", {}), "epochs": 77}
    return json.loads(to_json(judge("validation", settings, documents)))


@pytest.fixture
def panel(documents, workspace, show, qtbot):
    page = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: len(page.list.runs) == 2)
    page.panel.compare.click()
    yield page.comparison


def test_a_single_run_can_be_repeated_at_once(workspace, images, show, qtbot, monkeypatch):
    synthetic.write_run(workspace.folder, images=images, run="001-balanced")
    page = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: len(page.list.runs) == 1)
    asked = []
    monkeypatch.setattr(workspace.queue, "repeat", lambda *words: asked.append(words) or True)
    page.panel.compare.click()
    assert not page.comparison.actions.compare.isEnabled() and page.comparison.actions.cross.isEnabled()
    page.comparison.actions.cross.click()
    assert asked == [("001-balanced", "folds", 5)] and page.comparison.queued.isVisible()


def test_chosen_runs_are_compared_watched_and_shown(panel, workspace, document, qtbot):
    assert not panel.actions.compare.isEnabled() and not panel.result.isVisible()
    panel.table.choose(RUNS)
    assert panel.actions.compare.isEnabled() and not panel.actions.more_seeds.isEnabled()
    panel.activateWindow()
    panel.actions.compare.setFocus()
    QTest.keyClick(panel.actions.compare, Qt.Key.Key_Space)
    reply = workspace.model_answers.replies[-1]
    assert reply.argv == ["compare", str(workspace.folder), *RUNS]
    assert panel.working.isVisible() and not panel.actions.compare.isEnabled()
    reply.progressed.emit(Progress(what="scoring", done=3, total=20))
    assert panel.working.bar.value() == 3
    reply.answered.emit(document)
    reply.ended.emit()
    assert not panel.working.isVisible() and panel.result.isVisible() and panel.pictures.isVisible()
    assert {key[0] for key in panel.result.table.bars} == {
        name for name, kind in kinds.KINDS.items() if kind != "number"
    }
    items = panel.pictures.gallery.items()
    _, pair = words.differences(document)[0]
    assert len(items) == min(200, pair["disagree"]) > 0
    assert items[0].path == str(workspace.folder / pair["disagreements"][0]["image"])
    qtbot.waitUntil(lambda: panel.curves is not None and panel.curves.isVisible())
    assert panel.curves.chooser.count() == len(kinds.KINDS)
    panel.table.choose(())
    assert not panel.actions.compare.isEnabled()


def test_a_comparison_can_be_stopped_and_its_failure_is_told(panel, workspace):
    panel.table.choose(RUNS)
    panel.actions.compare.click()
    panel.working.cancel.click()
    assert workspace.model_answers.cancelled and not panel.working.isVisible()
    panel.actions.compare.click()
    reply = workspace.model_answers.replies[-1]
    reply.failed.emit("Run 002-full has no picture in its test part.", "Choose another part.")
    reply.ended.emit()
    assert panel.problem.isVisible() and "no picture" in panel.problem.text() and panel.actions.compare.isEnabled()


def test_repeats_after_labels_were_corrected_are_warned_of(panel, workspace):
    path = workspace.folder / "runs" / RUNS[0] / "resolved.toml"
    path.write_text('corrections = ""\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    for decided, said in (
        (Correction(picture="a.png", task="elsewhere", label="glass"), False),
        (Correction(picture="a.png", task="material", keep=True), False),
        (Correction(picture="a.png", task="material", label="glass"), True),
    ):
        decide(workspace.folder, decided)
        panel.set_runs(list_runs(workspace.folder))
        panel.table.choose(RUNS)
        panel.table.choose(RUNS[:1])
        assert panel.other_labels.isVisible() == said
    assert "Labels were corrected after 001-balanced began" in panel.other_labels.text()
    panel.table.choose(RUNS)
    assert not panel.other_labels.isVisible()


def test_one_run_is_repeated_with_seeds_and_in_folds(panel, workspace):
    panel.table.choose(RUNS[:1])
    panel.actions.seeds.setValue(2)
    panel.actions.more_seeds.click()
    assert "2 runs like 001-balanced wait" in panel.queued.text() and workspace.queue.going
    panel.actions.folds.setValue(3)
    panel.actions.cross.click()
    waiting = [run.project() for run in read_queue(workspace.folder).runs]
    assert [each.split.folds for each in waiting] == [0, 0, 3, 3, 3]
    assert len({each.recipe.seed for each in waiting[:2]}) == 2
    assert [each.split.fold for each in waiting[2:]] == [1, 2, 3]
    workspace.queue.close()


def test_a_run_that_was_made_of_others_is_not_repeated_by_training(panel, workspace, qtbot):
    synthetic.say_made_of(workspace.folder / "runs" / RUNS[1], "blend", RUNS[:1])
    workspace.runs_changed.emit()
    qtbot.waitUntil(lambda: any(run.derived for run in panel.table._runs))
    for chosen, offered in ((RUNS[:1], True), (RUNS[1:], False)):
        panel.table.choose(chosen)
        assert panel.actions.more_seeds.isEnabled() == panel.actions.cross.isEnabled() == offered


def test_repeats_of_a_run_are_chosen_with_it(panel, workspace, images, qtbot):
    panel.table.choose(RUNS)
    assert not panel.actions.alike.isEnabled()
    synthetic.write_run(workspace.folder, images=images, run="003-other")
    workspace.runs_changed.emit()
    qtbot.waitUntil(lambda: panel.table.model.rowCount() == 3)
    panel.table.choose(RUNS[1:])
    panel.actions.alike.click()
    assert [run.run for run in panel.table.chosen()] == list(RUNS), "the third has other tasks"


def test_words_of_differences():
    task = {"kind": "single-label", "metric": "accuracy"}
    pair = {"pictures": 184, "difference": 0.032, "interval": [0.004, 0.06], "p": 0.0123, "conclusion": "second"}
    assert words.difference(task, pair) == "+3.2 points (+0.4 to +6.0), p = 0.012, beyond noise on 184 pictures"
    number = {"kind": "number", "metric": "mae"}
    unsure = words.difference(number, {**pair, "p": None, "conclusion": "noise"})
    assert unsure == "+0.032 (+0.004 to +0.06), within noise on 184 pictures"
    assert words.difference(task, {**pair, "pictures": 0}) == "no picture in common"
    seeds = {"name": "001", "runs": ["001", "002", "003"], "repeats": "seeds"}
    scored = {**task, "groups": {"001": {"mean": 0.9, "deviation": 0.02, "interval": [0.85, 0.95]}}}
    assert words.group_name(seeds) == "001 and 2 with other seeds"
    assert words.score(scored, seeds) == "90.0 % ± 2.0 % (85.0 % to 95.0 %)"
    tin, glass = {"prediction": "tin", "confidence": 0.9}, {"prediction": "glass", "confidence": 1}
    picture = {"target": "glass", "first": tin, "second": glass}
    assert words.disagreement("single-label", picture) == "glass · tin 0.90 / glass 1.00"
    long = {
        "target": "a long name",
        "first": {"prediction": "another name", "confidence": 0.9},
        "second": picture["second"],
    }
    assert words.disagreement("single-label", long, 28) == "a lo…name · anot…0.90 / glas…1.00"
    labels = {"target": [], "first": {"prediction": ["a", "b"]}, "second": {"prediction": []}}
    assert words.disagreement("multi-label", labels) == "no label · a + b / no label"
    rows = [{"key": "recipe.epochs", "values": {"001": 3, "002": 9, "003": 3}}]
    assert words.settings({"settings": rows}) == "Epochs: 3 (001, 003) · 9 (002)"
    assert words.disagreement("mask", {"first": {"iou": 0.5}, "second": {"iou": None}}) == "0.50 / –"


@pytest.mark.parametrize("look", ["dark doubled"], indirect=True)
def test_every_look_has_names_and_room(panel, look, document, qtbot):
    panel._on_answered(document)
    qtbot.waitUntil(lambda: panel.curves is not None and panel.curves.isVisible())
    assert [each for each in controls(panel) if not _name(each)] == []
    assert panel.minimumSizeHint().width() <= 800 and not panel.grab().isNull()
