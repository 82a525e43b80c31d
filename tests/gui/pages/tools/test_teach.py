"""Add to a model: rows of pictures, the ways to learn them, and what is told of what was made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui import synthetic
from tests.gui.test_names_and_words import _name, controls
from workbench.core.events import RunEnded
from workbench.engine.transfer.continual.matrix import conclude
from workbench.gui.pages.tools.teach import words
from workbench.gui.pages.tools.teach.panel import TeachPanel
from workbench.project.history import RunHistory


def taught(run="002-taught", scored=True):
    """What `teach --json` prints."""
    share = {"accuracy": 0.9, "interval": [0.8, 0.95]}
    known = {"pictures_of": "known", "pictures": 40, "before": share, "after": share, "difference": 0.0}
    known |= {"interval": [-0.05, 0.05], "p": 1.0, "conclusion": "noise"}
    none = {"pictures_of": "new", "pictures": 0, "before": None, "after": None}
    none |= {"difference": None, "interval": None, "p": None, "conclusion": None}
    said = {"label": "metal", "confidence": 0.7}
    return {
        "run": run,
        "origin": "001-balanced",
        "task": "material",
        "head": {"before": "ridge", "after": "ridge"},
        "classes": ["glass", "metal"],
        "new_classes": ["glass"],
        "added": {"glass": {"train": 3}},
        "part": "validation",
        "scores": [known, none],
        "shown": [{"image": "a/b.png", "label": "glass", "before": said, "after": {**said, "label": "glass"}}],
    }


def forgotten():
    """What `forgetting --json` prints."""
    cell = {"score": 0.8, "interval": [0.7, 0.9]}
    column = {"kind": "single-label", "score": "accuracy", "pictures": 40, "labels": ["glass", "metal"]}
    columns = [{**column, "step": at, "run": f"00{at + 1}-x", "task": "material"} for at in (0, 1)]
    average = {"value": 0.8, "interval": [0.7, 0.9]}
    return {
        "part": "validation",
        "runs": ["001-x", "002-x"],
        "columns": columns,
        "matrix": [[cell, None], [{**cell, "score": 0.1}, cell]],
        "average": [average, average],
        "backward_transfer": {"value": -0.7, "interval": [-0.8, -0.6]},
        "sentence": "Of what it knew it has lost 70.0 points on average (60.0 to 80.0).",
    }


def write_run(workspace, head="ridge", *, gone=False, run="001-balanced", tasks=synthetic.TASKS):
    """A run with a table of two training pictures, whose heads are of that kind."""
    run_dir = synthetic.write_run(workspace.folder, tasks, run=run)
    path = run_dir / "resolved.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('head = "linear"', f'head = "{head}"'), encoding="utf-8")
    lines = ["path,part,width,height,bytes,copies", "one.png,train,8,8,1,0", "two.png,train,8,8,1,1"]
    (run_dir / "table.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in ("one.png", "two.png") if not gone else ():
        (workspace.folder / name).write_bytes(b"x")
    return run_dir


@pytest.fixture
def more(tmp_path):
    """A folder of class folders, and a picture."""
    for name in ("glass", "crate"):
        synthetic.pictures(tmp_path / "more" / name, 2)
    return tmp_path / "more"


@pytest.fixture
def opened(show, qtbot):
    def opening(workspace):
        panel = show(TeachPanel(workspace), height=1400)
        qtbot.waitUntil(lambda: bool(panel.pictures.ways.buttons) and panel.head.runs.count() > 0)
        return panel

    return opening


def test_dropped_folders_become_rows_that_are_learned_at_once(workspace, opened, more, qtbot):
    write_run(workspace)
    panel = opened(workspace)
    card = panel.pictures
    assert not card.start.isEnabled() and card.hint.text() == "Nothing is added yet."
    assert panel.drop_paths([more, next((more / "glass").iterdir())])
    boxes = card.arrivals.boxes
    assert [box.currentText() for box in boxes] == ["crate", "glass", ""]
    assert not card.start.isEnabled() and "which class" in card.hint.text()
    QTest.keyClicks(boxes[2].lineEdit(), "glass")
    assert card.ways.current() == "once" and card.start.isEnabled()
    QTest.mouseClick(card.start, Qt.MouseButton.LeftButton)
    reply = workspace.model_answers.replies[-1]
    assert reply.argv[:3] == ["teach", str(workspace.folder), f"crate={more / 'crate'}"]
    assert reply.argv[-4:] == ["--run", "001-balanced", "--task", card.task.currentText()]
    reply.answered.emit(taught())
    with qtbot.waitSignal(workspace.runs_changed):
        reply.ended.emit()
    assert card.scores.isVisible() and card.scores.model().index(0, 5).data() == "within noise"
    assert card.scores.model().index(1, 5).data() == "none kept aside"
    assert card.shown.model().index(0, 3).data() == "glass 70.0 %" and not card.arrivals.boxes


def test_a_row_can_be_taken_back(workspace, opened, more):
    write_run(workspace)
    panel = opened(workspace)
    card = panel.pictures
    card.add_paths([more])
    first = card.arrivals.words()
    card.arrivals._grid.itemAtPosition(card.arrivals._grid.rowCount() - 2, 3).widget().click()
    assert card.arrivals.words() == first[1:] and len(first) == 2
    assert not card.add_paths([more / "glass"]), "a row that is there is not added twice"


def test_ways_that_cannot_be_gone_are_greyed_with_the_reason(workspace, opened, qtbot):
    write_run(workspace, "linear", gone=True)
    panel = opened(workspace)
    card = panel.pictures
    buttons, told = card.ways.buttons, card.ways._told
    assert not any(button.isEnabled() for button in buttons.values()) and card.ways.current() is None
    assert "was trained" in told["once"].text() and "no longer there" in told["changed"].text()
    assert "no longer there" in told["replay"].text() and "other tasks" in told["alone"].text()
    assert "no way" in card.hint.text()


def test_training_further_starts_a_run_and_shows_its_page(workspace, opened, more, qtbot):
    write_run(workspace, "linear")
    panel = opened(workspace)
    card = panel.pictures
    card.add_paths([more / "glass"])
    assert card.ways.current() == "changed"
    assert not card.memory.isVisible()
    card.ways.buttons["replay"].click()
    card.memory.setValue(7)
    with qtbot.waitSignal(panel.page_requested) as asked:
        card.start.click()
    assert asked.args == ["train"] and workspace.asked[-1][:2] == ("train by", "extend")
    assert card.memory.isVisible() and workspace.asked[-1][-2:] == ("--memory", "7")


@pytest.mark.parametrize(("status", "rows"), [("finished", 0), ("stopped", 0), ("failed", 1), ("interrupted", 1)])
def test_pictures_that_a_run_failed_to_learn_can_be_sent_off_again(workspace, opened, more, status, rows):
    write_run(workspace, "linear")
    panel = opened(workspace)
    card = panel.pictures
    card.add_paths([more / "glass"])
    card.ways.buttons["replay"].click()
    card.start.click()
    workspace._set_state("running")
    assert len(card.arrivals.boxes) == 1 and not card.start.isEnabled()
    workspace.history = RunHistory()
    workspace.history.add(RunEnded(status=status, best=None, elapsed_s=3.0))
    workspace._set_state("idle")
    assert len(card.arrivals.boxes) == rows


def test_a_task_is_added_and_the_project_gets_it_where_that_is_wanted(workspace, opened, more, qtbot):
    write_run(workspace)
    panel = opened(workspace)
    card = panel.task
    assert not card.start.isEnabled()
    assert card.add_paths([more]) and card.name.text() == "more" and card.start.isEnabled()
    card.source.setText("labels.csv:season")
    assert not card.head.isEnabled() and "column decides" in card.head.toolTip()
    card.source.setText(str(more))
    card.start.click()
    reply = workspace.model_answers.replies[-1]
    assert reply.argv[-2:] == ["--head", "ridge"]
    assert reply.argv[:3] == ["add-task", str(workspace.folder), f"more={more}"] and "--only-the-run" in reply.argv
    proof = {"pictures": 40, "answers": 240, "identical": True}
    found = {"run": "002-more", "origin": "001-balanced", "task": "more", "kind": "single-label", "head": "ridge"}
    reply.answered.emit({**found, "proof": proof})
    assert "240 numbers for 40 pictures" in card.done._text.text()
    assert "more" not in [task.name for task in workspace.project.tasks]
    reply.ended.emit()
    assert [task.name for task in workspace.project.tasks][-1] == "more"
    assert workspace.project.task("more").head == "ridge" and not card.name.text()


def test_what_was_forgotten_is_a_heat_map_with_its_doubt(workspace, opened):
    write_run(workspace)
    panel = opened(workspace)
    card = panel.forgetting
    assert not card.matrix.isVisible()
    card.ask.click()
    reply = workspace.model_answers.replies[-1]
    assert reply.argv == ["forgetting", str(workspace.folder), "--run", "001-balanced"]
    reply.answered.emit(json.loads(json.dumps(forgotten())))
    reply.ended.emit()
    model = card.matrix.model()
    assert card.sentence.text().startswith("Of what it knew") and "−70.0 points" in card.average.text()
    strong, weak = (model.index(row, 1).data(Qt.ItemDataRole.BackgroundRole) for row in (0, 1))
    assert strong != weak and model.index(0, 2).data() == "–"
    assert "between 70.0 % and 90.0 %" in model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)


@pytest.mark.parametrize("transfer", [None, (-0.7, -0.8, -0.6), (0.1, 0.05, 0.2), (0.01, -0.1, 0.1)])
def test_what_was_forgotten_is_told_as_the_terminal_tells_it(transfer):
    found = forgotten()
    found["backward_transfer"] = transfer and {"value": transfer[0], "interval": list(transfer[1:])}
    assert words.forgotten_sentence(found) == conclude(found)


def test_without_a_run_it_is_said_what_is_missing(workspace, show):
    panel = show(TeachPanel(workspace))
    assert "no run yet" in panel.pictures.hint.text() and not panel.forgetting.ask.isEnabled()
    assert [each for each in controls(panel) if not _name(each)] == []


def test_a_file_that_is_no_picture_is_not_taken(workspace, opened, tmp_path):
    write_run(workspace)
    panel = opened(workspace)
    (tmp_path / "note.txt").write_text("x", encoding="utf-8")
    assert not panel.drop_paths([Path(tmp_path / "note.txt")]) and not panel.pictures.arrivals.boxes


def test_where_nothing_trains_training_further_is_not_offered(workspace, opened):
    run_dir = write_run(workspace)
    path = run_dir / "resolved.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"balanced"', '"few-shot"'), encoding="utf-8")
    panel = opened(workspace)
    card = panel.pictures
    shown = [name for name, button in card.ways.buttons.items() if not button.isHidden()]
    assert shown == ["once"] and card.ways.current() == "once"
    workspace.be("running")
    assert not panel.task.start.isEnabled() and "A run is training" in panel.task.start.toolTip()
