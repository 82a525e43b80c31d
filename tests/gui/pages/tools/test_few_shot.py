"""The tool "Few pictures": tried on request, drawn, told in a table, kept; and a run with the few-shot preset."""

import json

import pytest
from PySide6.QtCore import Qt

from tests.gui import synthetic
from tests.gui.test_names_and_words import _name, controls
from workbench.core.kinds import CLOSED_FORM
from workbench.core.shots import shots_file
from workbench.gui.pages.tools.few_shot.document import parse_shots
from workbench.gui.pages.tools.few_shot.panel import FewShotPanel
from workbench.gui.pages.tools.few_shot.words import basis, sentence

SHOTS = (1, 5, 20)


def shots_document(run="", tasks=("material",), own=0.5, pixels=0.3, judged_on=48):
    """What `shots --json` prints: heads a little apart, and better with more pictures."""

    def curve(features, head, at):
        start = (own if features == "backbone" else pixels) + 0.01 * at
        scores = [start + 0.1 * place for place in range(len(SHOTS))]
        points = [
            {"shots": shot, "score": score, "interval": [score - 0.04, score + 0.03]}
            for shot, score in zip(SHOTS, scores, strict=True)
        ]
        return {"features": features, "head": head, "points": points}

    task = {
        "classes": 6,
        "chance": 1 / 6,
        "judged_on": judged_on,
        "shots": list(SHOTS),
        "short": {"20": 2},
        "curves": [curve(source, head, at) for source in ("backbone", "pixels") for at, head in enumerate(CLOSED_FORM)],
    }
    return {
        "run": run,
        "backbone": "resnet18",
        "weights": "starter",
        "draws": 20,
        "tasks": dict.fromkeys(tasks, task),
        "left_out": {"season": "its classes have too few pictures"},
        "seconds": 3.0,
    }


@pytest.fixture
def panel(workspace, images, qtbot):
    synthetic.write_run(workspace.folder, run="001-balanced", images=images)
    made = FewShotPanel(workspace)
    qtbot.addWidget(made)
    made.resize(1000, 900)
    made.show()
    qtbot.waitUntil(lambda: made.shots.source.count() == 2)
    return made


def answer(workspace, document):
    reply = workspace.model_answers.replies[-1]
    reply.answered.emit(document)
    reply.ended.emit()
    return reply.argv


def test_few_pictures_are_tried_and_told(panel, workspace, qtbot):
    card = panel.shots
    card.go.click()
    assert card._asking.working.isVisible()
    assert answer(workspace, shots_document()) == ["shots", str(workspace.folder), "--run", "backbone"]
    assert card.sentence.text().startswith("With 1 picture a class discriminant is right in 53.0 % (49 to 56).")
    texts = card.table.texts()
    assert texts[0] == ["Pictures a class", "1", "5", "20"] and len(texts) == 9
    assert texts[1] == ["ridge", "50.0 % (46 to 53)", "60.0 % (56 to 63)", "70.0 % (66 to 73)"]
    assert texts[5][0] == "raw pixels: ridge"
    assert len(card.plot.series) == 8 and card.plot.series[4].hollow and card.plot.places() == [1.0, 5.0, 20.0]
    qtbot.keyClick(card.plot, Qt.Key.Key_Right)
    assert card.plot.cursor_x == 5.0 and "5 pictures a class\nridge 60.0 %" in card.plot.toolTip()
    assert "season: its classes have too few pictures." in card.basis.text()


def test_what_is_kept_is_shown_of_each_backbone(panel, workspace, qtbot):
    path = shots_file(workspace.folder, workspace.folder / "runs" / "001-balanced")
    path.write_text(json.dumps(shots_document("001-balanced", tasks=("material", "season"))))
    card = panel.shots
    card.source.setCurrentIndex(1)
    card.source.activated.emit(1)
    qtbot.waitUntil(card.sentence.isVisible)
    assert card.task.isVisible() and card.task.count() == 2
    card.source.setCurrentIndex(0)
    card.source.activated.emit(0)
    qtbot.waitUntil(lambda: not card.sentence.isVisible())
    assert card.plot.is_empty()


def test_a_run_with_the_few_shot_preset_leaves_the_project_as_it_is(panel, workspace, qtbot):
    before = workspace.project
    with qtbot.waitSignal(panel.page_requested) as asked:
        panel.train.click()
    assert asked.args == ["train"] and workspace.asked[-1] == ("train with", "recipe.preset=few-shot")
    assert workspace.project == before
    workspace.be("running")
    assert not panel.train.isEnabled() and "training" in panel.train.toolTip()


def test_every_control_has_a_name_and_nothing_is_offered_without_pictures(panel, workspace, tmp_path):
    assert all(_name(control) for control in controls(panel))
    assert not panel.drop_paths([tmp_path])
    workspace.create(tmp_path / "empty")
    assert panel.empty.isVisible() and not panel.shots.isVisible()


def test_the_worth_of_a_backbone_in_words():
    def told(own, pixels):
        return sentence(parse_shots(shots_document(own=own, pixels=pixels)).tasks["material"])

    assert "what the backbone sees helps" in told(0.5, 0.3)
    assert "does not suit these pictures" in told(0.3, 0.5)
    assert "within noise" in told(0.4, 0.41)
    task = parse_shots(shots_document(judged_on=None)).tasks["material"]
    assert "those that were not drawn" in basis(task, 20) and "From 20 pictures a class on" in basis(task, 20)
    with pytest.raises(ValueError, match="cannot be read"):
        parse_shots({"tasks": {}})
