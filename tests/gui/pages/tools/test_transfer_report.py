"""The tool "Transfer report": started, watched, gone on with, and shown with its warning."""

import json

import pytest

from tests.gui import synthetic
from tests.gui.test_names_and_words import _name, controls
from workbench.core.events import RunFailed, Trial
from workbench.core.files import write_atomically
from workbench.core.transfer_ways import WAYS, base, planned
from workbench.core.verdict import recipe_key
from workbench.gui.pages import trial_list
from workbench.gui.pages.tools.transfer_report import words
from workbench.gui.pages.tools.transfer_report.panel import TransferPanel


def transfer_document(conclusion="helps", tasks=("material", "season"), sizes=True):
    """What `transfer --json` prints."""
    better = {"helps": "better", "harms": "worse", "unclear": "noise"}[conclusion]

    def way(name, at):
        found = {"score": 0.5 + 0.1 * at, "interval": [0.4 + 0.1 * at, 0.6 + 0.1 * at], "by_seed": [0.5]}
        if name != "random":
            found |= {"difference": 0.1 * at, "difference_interval": [0.1 * at - 0.05, 0.1 * at + 0.06]}
            found |= {"conclusion": better}
        return found

    ways = {name: way(name, at) for at, name in enumerate(WAYS)}
    task = {
        "kind": "single-label",
        "score": "accuracy",
        "part": "validation",
        "pictures": 48,
        "ways": ways,
        "conclusion": conclusion,
        "sizes": [
            {"share": share, "pictures": pictures, "ways": ways}
            for share, pictures in ((0.5, 96), (1.0, 192))[0 if sizes else 1 :]
        ],
    }
    curve = [{"epoch": epoch, "score": 0.5, "tasks": dict.fromkeys(tasks, 0.4 + 0.02 * epoch)} for epoch in (1, 2, 3)]
    return {
        "transfer": "Transfer report 001",
        "recipe": "abc",
        "tasks": dict.fromkeys(tasks, task),
        "seeds": [0],
        "runs": 4,
        "started": "2026-11-25T04:10:00+00:00",
        "backbone": "resnet18",
        "weights": "starter",
        "freeze": 2,
        "epochs": 3,
        "training_pictures": 192,
        "curves": dict.fromkeys(WAYS, curve),
        "harmed": list(tasks) if conclusion == "harms" else [],
        "sentence": "…",
        "seconds": dict.fromkeys(WAYS, 60.0),
    }


def write(workspace, number, document=None, done=0, recipe="abc"):
    folder = workspace.folder / "transfers" / f"{number:03d}"
    folder.mkdir(parents=True)
    plan = {"recipe": recipe, "seeds": [0], "tasks": ["material"], "runs": 4, "started": "2026-11-25T04:10:00+00:00"}
    (folder / "plan.json").write_text(json.dumps(plan))
    for run in range(done):
        (folder / f"way{run}-seed0").mkdir()
        (folder / f"way{run}-seed0" / "done.json").write_text("{}")
    if document is not None:
        (folder / "transfer.json").write_text(json.dumps(document))


@pytest.fixture
def panel(workspace, qtbot):
    made = TransferPanel(workspace)
    qtbot.addWidget(made)
    made.resize(1000, 900)
    made.show()
    return made


def test_a_report_is_started_watched_and_stopped(panel, workspace):
    assert not panel.result.isVisible() and "4 runs on all pictures" in panel.setup.plan.text()
    panel.setup.seeds.setValue(2)
    panel.setup.pictures.setCurrentIndex(1)
    panel.setup.start.click()
    assert workspace.asked[-1] == ("transfer", "2", "0.25,0.5")
    workspace.job = "transfer"
    workspace.be("stopping")
    assert panel.progress.doing.text() == "Ending" and not panel.progress.stop.isEnabled(), "told before it had begun"
    workspace.be("running")
    assert panel.progress.stop.isEnabled()
    facts = {"tasks": ["material"], "seed": 0, "number": 2, "total": 8, "share": 0.2}
    workspace.feed([Trial(what="frozen, seed 0", elapsed_s=9, remaining_s=40, **facts)])
    assert panel.progress.isVisible() and not panel.setup.isVisible()
    assert panel.progress.doing.text() == "Training: frozen, seed 0"
    assert panel.progress.left.text() == "Run 2 of 8 · 40 s left"
    panel.progress.stop.click()
    assert workspace.asked[-1] == ("stop",)
    workspace.feed([RunFailed(error="It failed.", advice="Try again.", traceback="")])
    assert panel.problem.text() == "It failed. Try again."
    workspace.be("idle")
    assert panel.setup.isVisible() and not panel.progress.isVisible()


def test_what_was_stopped_is_gone_on_with(panel, workspace, qtbot):
    write(workspace, 1, done=3, recipe=recipe_key(base(workspace.project)))
    panel.shown()
    qtbot.waitUntil(lambda: panel.setup.start.text() == "Go on")
    assert "3 of 4 are done already." in panel.setup.plan.text()


def test_a_report_is_shown_with_its_curves_and_table(panel, workspace, qtbot):
    write(workspace, 1, transfer_document("unclear", sizes=False))
    write(workspace, 2, transfer_document("helps"))
    panel.shown()
    qtbot.waitUntil(panel.result.isVisible)
    result = panel.result
    assert result.headline.text() == "Pretraining helps" and not result.warning.isVisible()
    assert [series.name for series in result.curves.series] == [
        "random weights",
        "frozen",
        "partly frozen (2 stages)",
        "fine-tuned",
    ]
    texts = result.table.texts()
    assert texts[1] == ["random weights", "50.0 % (40.0 to 60.0)", ""]
    assert texts[4][2] == "+30.0 points (+25.0 to +36.0), better"
    assert result.sizes.isVisible() and result.sizes.places() == [96.0, 192.0]
    result.legend.hovered.emit("frozen")
    assert result.curves.lit == "frozen" == result.sizes.lit
    panel.chooser.setCurrentIndex(1)
    panel.chooser.activated.emit(1)
    assert result.headline.text() == "No difference that exceeds noise" and not result.sizes.isVisible()


def test_a_report_that_was_gone_on_with_is_shown_when_it_has_ended(panel, workspace, qtbot):
    write(workspace, 1, transfer_document("unclear"))
    write(workspace, 2, done=3)
    panel.shown()
    qtbot.waitUntil(panel.result.isVisible)
    write_atomically(workspace.folder / "transfers" / "002" / "transfer.json", json.dumps(transfer_document("helps")))
    workspace.runs_changed.emit()
    qtbot.waitUntil(lambda: panel.chooser.count() == 2)
    assert panel.result.headline.text() == "Pretraining helps"


def test_reports_that_cannot_be_read_are_said(panel, workspace, monkeypatch, qtbot):
    def refuse(*_):
        raise OSError("The disk is gone.")

    monkeypatch.setattr(trial_list, "list_trials", refuse)
    panel.shown()
    qtbot.waitUntil(panel.problem.isVisible)
    assert panel.problem.text() == "The disk is gone."


def test_negative_transfer_is_a_warning_with_a_way_out(panel, workspace, qtbot):
    write(workspace, 1, transfer_document("harms"))
    panel.shown()
    qtbot.waitUntil(panel.result.warning.isVisible)
    assert "Worse than from random weights, beyond noise: material, season." in panel.result.warning.text()
    with qtbot.waitSignal(panel.page_requested) as asked:
        panel.result._on_advice()
    assert asked.args == ["model"]


def test_what_cannot_be_told_is_said_before_it_begins(panel, workspace):
    assert workspace.set_values("backbone", weights="none")
    assert not panel.setup.start.isEnabled() and "random weights" in panel.setup.plan.text()
    assert workspace.set_values("backbone", weights="starter")
    assert panel.setup.start.isEnabled()
    workspace.be("running")
    assert not panel.setup.start.isEnabled() and "training" in panel.setup.plan.text()


def test_how_long_it_takes_is_told_from_a_run_of_the_same_recipe(workspace, images, qtbot):
    recipe = base(workspace.project).recipe.model_dump()
    synthetic.write_run(workspace.folder, run="001-balanced", images=images, **recipe)
    panel = TransferPanel(workspace)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: bool(panel._runs.runs))
    shared, like = base(workspace.project), panel._runs.runs[0]
    told = words.about(shared, planned(shared, (0, 1), 192, ()), like)
    assert told.startswith("About ") and told.endswith("judging by run 001-balanced.")
    assert words.about(shared, planned(shared, (0, 1), 192, (0.9,)), like) != told, "fewer pictures take time, too"
    assert "4 runs on all pictures and 2 on fewer" in panel.setup.plan.text()
    panel.setup.pictures.setCurrentIndex(2)
    panel.setup.pictures.activated.emit(2)
    assert "4 runs on all pictures, each of" in panel.setup.plan.text()


def test_every_control_has_a_name(panel):
    assert all(_name(control) for control in controls(panel))


def test_a_frozen_backbone_that_does_not_fit_is_said():
    document = transfer_document("helps", tasks=("material",))
    document["tasks"]["material"]["ways"]["frozen"]["conclusion"] = "worse"
    assert "Frozen, the backbone is worse than none: material." in words.explained(document)
    assert "One seed" in words.basis(document) and "3 epochs" in words.basis(document)
