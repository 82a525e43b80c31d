"""A smaller model: which networks can learn from a run, what is asked for, and the tables of what came of it."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui import synthetic
from tests.gui.test_names_and_words import _name, controls
from workbench.core import catalogue, weights_cache
from workbench.core.shrink import SHRUNK_FILE
from workbench.gui.dropped import sort_out
from workbench.gui.pages.tools.shrink.panel import ShrinkPanel


def scores(value, same=None, fp32=None):
    half = 0.1
    metrics = {"accuracy": value, "accuracy_interval": [value - half, value + half]}
    entry = {"kind": "single-label", "count": 48, "metrics": metrics}

    def share(of):
        return None if of is None else {"value": of, "interval": [of - half, min(1.0, of + half)], "count": 48}

    return {**entry, "agreement": share(same), "agreement_with_fp32": share(fp32)}


def shrunk(run="002-small", tasks=("material",)):
    """What `shrink --json` prints."""

    def model(name, size, ms, **facts):
        own = {"name": name, "run": run if name != "teacher" else "001-balanced", "backbone": "mobilenet_v3_small"}
        own["run_precision"] = "bf16"
        own |= {"precision": "fp32", "runtime": "onnxruntime", "parameters": size // 4, "bytes": size}
        own |= {"ms_one": ms, "runs_one": 50, "ms_batch": ms / 2, "runs_batch": 50, "file": None}
        return {**own, "tasks": {task: scores(**facts) for task in tasks}}

    models = [
        model("teacher", 9_000_000, 12.0, value=0.75),
        {**model("student", 4_000_000, 2.0, value=0.7, same=0.8), "file": f"exports/{run}.onnx"},
        {**model("int8", 1_000_000, 2.5, value=0.6, same=0.7, fp32=0.85), "file": f"exports/{run}-int8.onnx"},
    ]
    return {
        "run": run,
        "teacher": "001-balanced",
        "part": "validation",
        "pictures": 48,
        "batch": 8,
        "threads": 2,
        "models": models,
        "comparison": None,
        "said": ["The student takes 4.0 MB, 2.3 times less, and is 6.0 times as fast on a picture."],
        "trained": None,
    }


@pytest.fixture
def everything_here(monkeypatch):
    """All weights are on this computer."""
    monkeypatch.setattr(weights_cache, "is_here", lambda *_: True)


@pytest.fixture
def opened(show, qtbot):
    def opening(workspace):
        panel = show(ShrinkPanel(workspace), height=1200)
        qtbot.waitUntil(lambda: panel.head.runs.count() > 0 and panel.student._teacher is not None)
        return panel

    return opening


def test_without_a_run_it_says_what_to_do(workspace, show):
    panel = show(ShrinkPanel(workspace))
    assert panel.empty.isVisible() and not panel.student.isVisible() and not panel.measured.isVisible()


def test_only_smaller_networks_are_offered(workspace, opened, everything_here):
    synthetic.write_run(workspace.folder)
    panel = opened(workspace)
    box = panel.student.backbone
    names = [box.itemData(at) for at in range(box.count())]
    teacher = catalogue.get(synthetic.project().backbone.name)
    assert names and all(catalogue.get(name).parameters < teacher.parameters for name in names)
    assert teacher.name not in names
    assert panel.measured.ask.isEnabled() and not panel.measured.ask.toolTip()
    workspace.be("running")
    assert not panel.measured.ask.isEnabled() and "A run is training" in panel.measured.ask.toolTip()
    assert not panel.student.start.isEnabled() and "A run is training" in panel.student.hint.text()


def test_where_no_smaller_network_is_here_it_says_where_to_get_one(workspace, opened, monkeypatch, qtbot):
    monkeypatch.setattr(weights_cache, "is_here", lambda *_: False)
    synthetic.write_run(workspace.folder)
    panel = opened(workspace)
    card = panel.student
    assert not card.start.isEnabled() and "page Model" in card.hint.text()
    with qtbot.waitSignal(panel.page_requested) as asked:
        QTest.mouseClick(card.download, Qt.MouseButton.LeftButton)
    assert asked.args == ["model"]


def test_what_is_chosen_is_trained(workspace, opened, everything_here, qtbot, tmp_path):
    synthetic.write_run(workspace.folder)
    panel = opened(workspace)
    card = panel.student
    card.method.setCurrentIndex(1)
    QTest.mouseClick(card.features, Qt.MouseButton.LeftButton)
    card.epochs.setValue(7)
    assert not card.download.isVisible()
    assert panel.drop_words(sort_out([tmp_path])) == "Show these to the student, too"
    assert panel.drop_paths([tmp_path])
    with qtbot.waitSignal(panel.page_requested) as asked:
        QTest.mouseClick(card.start, Qt.MouseButton.LeftButton)
    backbone = card.backbone.currentData()
    words = ["--run", panel.head.runs.currentText(), "--backbone", backbone, "--method", "dkd", "--epochs", "7"]
    assert asked.args == ["train"]
    assert workspace.asked[-1] == ("train by", "shrink", *words, "--features", "--unlabelled", str(tmp_path))


def test_a_folder_that_is_not_there_is_said_before_anything_begins(workspace, opened, everything_here):
    synthetic.write_run(workspace.folder)
    panel = opened(workspace)
    card = panel.student
    QTest.keyClicks(card.folder.line, "/nowhere/at/all")
    assert not card.start.isEnabled() and "/nowhere/at/all" in card.hint.text()


def test_a_run_that_was_measured_shows_its_table(workspace, opened, qtbot):
    folder = synthetic.write_run(workspace.folder)
    (folder / "results").mkdir(exist_ok=True)
    (folder / SHRUNK_FILE).write_text(json.dumps(shrunk()), encoding="utf-8")
    panel = opened(workspace)
    card = panel.measured
    qtbot.waitUntil(lambda: card.sizes.isVisible())
    sizes, table = card.sizes.model(), card.scores.model()
    assert [sizes.index(row, 0).data() for row in range(3)] == ["teacher", "student", "in int8"]
    assert sizes.index(1, 4).data() == "4.0 MB" and sizes.index(1, 5).data() == "2.0 ms"
    assert [table.index(row, 1).data() for row in range(3)] == ["teacher, in fp32", "student, in fp32", "in int8"]
    assert table.index(0, 5).data() == "–" and table.index(2, 5).data() == "70.0 %"
    assert "2.3 times less" in card.said.text() and "exports/002-small-int8.onnx" in card.where.text()


def test_a_run_is_measured_when_asked(workspace, opened, qtbot):
    synthetic.write_run(workspace.folder)
    panel = opened(workspace)
    card = panel.measured
    qtbot.waitUntil(lambda: card.nothing.isVisible())
    QTest.mouseClick(card.ask, Qt.MouseButton.LeftButton)
    reply = workspace.model_answers.replies[-1]
    assert reply.argv == ["shrink", str(workspace.folder), "--run", card.runs.currentText()]
    assert card._asking.working.isVisible()
    assert not card.ask.isEnabled(), "a second press would throw away what is measured"
    reply.answered.emit(shrunk())
    reply.ended.emit()
    assert card.scores.isVisible() and not card.nothing.isVisible() and card.ask.isEnabled()


def test_every_control_has_a_name(workspace, opened, everything_here):
    synthetic.write_run(workspace.folder)
    panel = opened(workspace)
    assert all(_name(control) for control in controls(panel))
