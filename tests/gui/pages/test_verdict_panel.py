"""Together or apart in the window: asking, watching, reading, and the warning on a run."""

import json

import pytest

from tests.gui import synthetic
from workbench.core.events import RunFailed, Trial
from workbench.core.files import write_atomically
from workbench.core.resolved import load_resolved
from workbench.core.verdict import recipe_key
from workbench.gui.pages.results.page import ResultsPage
from workbench.gui.pages.results.verdict import words
from workbench.gui.pages.train.page import TrainPage
from workbench.gui.run_progress import progress_of
from workbench.project.trials import TRANSFERS

TRIAL = Trial(
    run="Verdict 001",
    what="season alone, seed 1",
    tasks=["season"],
    seed=1,
    number=4,
    total=9,
    share=0.4,
    elapsed_s=60.0,
    remaining_s=90.0,
)


@pytest.fixture
def run(workspace, images):
    """A run of both tasks; the key of its recipe."""
    folder = synthetic.write_run(workspace.folder, images=images)
    return recipe_key(load_resolved(folder).project)


@pytest.fixture
def page(run, workspace, show, qtbot):
    made = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: bool(made.view.scores.cards))
    return made


def test_asking_says_what_it_takes_and_starts(page, workspace, qtbot):
    page.panel.verdict.click()
    panel = page.verdict
    assert panel.isVisible() and panel.setup.isVisible() and not panel.setup.row.isVisible()
    qtbot.waitUntil(lambda: "About" in panel.setup.plan.text())
    assert "9 runs" in panel.setup.plan.text() and "001-balanced" in panel.setup.plan.text()
    panel.setup.seeds.setValue(5)
    assert "15 runs" in panel.setup.plan.text()
    panel.setup.start.click()
    assert workspace.asked == [("verdict", "material", "season", "5")]


def test_modes_exclude_each_other(page):
    page.panel.verdict.click()
    page.panel.compare.click()
    assert page.comparison.isVisible() and not page.panel.verdict.isChecked()
    page.panel.verdict.click()
    assert page.verdict.isVisible() and not page.panel.compare.isChecked()
    page.panel.verdict.click()
    assert page.view.isVisible()


def test_many_tasks_are_chosen_from(qtbot, tmp_path, show):
    names = tuple(f"a task with a rather long name {number}" for number in range(8))
    workspace = synthetic.SyntheticWorkspace(tmp_path / "many", names)
    synthetic.write_run(workspace.folder, names)
    page = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: bool(page.list.runs))
    page.panel.verdict.click()
    boxes = page.verdict.setup.boxes
    assert list(boxes) == list(names) and page.verdict.setup.row.isVisible()
    for name in names[1:]:
        boxes[name].setChecked(False)
    assert not page.verdict.setup.start.isEnabled() and "two tasks" in page.verdict.setup.plan.text()
    boxes[names[5]].setChecked(True)
    page.verdict.setup.start.click()
    assert workspace.asked == [("verdict", names[0], names[5], "3")]
    workspace.close()


def test_the_verdict_under_way_is_in_sight_and_can_be_stopped(page, workspace):
    page.panel.verdict.click()
    panel = page.verdict
    workspace.job = "verdict"
    workspace.be("starting")
    assert panel.progress.isVisible() and not panel.setup.isVisible()
    workspace.feed([TRIAL])
    assert workspace.run_state == "running"
    assert panel.progress.doing.text() == "season alone, seed 1"
    assert panel.progress.left.text() == "Run 4 of 9 · 2 min left" and panel.progress.bar.value() == 400
    said = progress_of(workspace.history, workspace.run_name, "running")
    assert (said.text, said.share) == ("Verdict 001 · run 4/9 · 2 min left", 0.4)
    panel.progress.stop.click()
    assert workspace.asked == [("stop",)]
    workspace.be("stopping")
    assert not panel.progress.stop.isEnabled()
    workspace.feed([RunFailed(error="The run together, seed 0 failed.", advice="Try again.", traceback="")])
    workspace._on_run_finished()
    assert not panel.progress.isVisible() and panel.setup.isVisible() and workspace.history.trial is None
    assert panel.problem.text() == "The run together, seed 0 failed. Try again."


def test_the_train_page_says_what_is_under_way(workspace, show):
    page = show(TrainPage(workspace))
    workspace.job = "verdict"
    workspace.be("starting")
    workspace.feed([TRIAL])
    assert page.header.doing.text() == "Run 4 of 9: season alone, seed 1" and page.header.title.text() == "Verdict 001"
    assert page.controls.stop.text() == "Stop the verdict" and not page.controls.cancel.isVisible()
    workspace._on_run_finished()
    assert not page.outcome.isVisible() and page.controls.train.isVisible()


def test_while_a_run_trains_no_verdict_begins(page, workspace):
    page.panel.verdict.click()
    workspace.job = "train"
    workspace.be("running")
    assert not page.verdict.setup.start.isEnabled() and "A run is training" in page.verdict.setup.plan.text()
    workspace.be("idle")
    assert page.verdict.setup.start.isEnabled()


def test_a_stopped_verdict_is_offered_to_be_gone_on_with(run, workspace, show, qtbot):
    synthetic.write_verdict(workspace.folder, None, done=4, recipe=run)
    page = show(ResultsPage(workspace))
    page.show_verdict()
    qtbot.waitUntil(lambda: page.verdict.setup.start.text() == "Go on")
    assert "4 of them are done already" in page.verdict.setup.plan.text()


def test_a_verdict_is_read(page, workspace, qtbot):
    document = synthetic.verdict_document(worse=["season"], kinds=["number", "single-label"])
    synthetic.write_verdict(workspace.folder, document, recipe="x")
    synthetic.write_verdict(workspace.folder, synthetic.verdict_document(), number=2, recipe="x")
    workspace.runs_changed.emit()
    page.panel.verdict.click()
    panel = page.verdict
    qtbot.waitUntil(lambda: panel.chooser.count() == 2)
    assert panel.result.headline.text() == "No difference that exceeds noise" and not panel.setup.isVisible()
    panel.chooser.setCurrentIndex(1)
    panel.chooser.activated.emit(1)
    assert panel.result.headline.text() == "Apart" and "season" in panel.result.sentence.text()
    bars = panel.result.table.bars
    assert list(bars) == ["material", "season", ""]
    assert bars["season"].interval.side == -1 and "better alone" in bars["season"].accessibleName()
    assert words.score(document["tasks"]["material"], "alone") == "12.5", "a number in its own unit"
    assert "One model instead of 2" in panel.result.cost.text() and "validation" in panel.result.basis.text()
    panel.again.click()
    assert panel.setup.isVisible() and panel.result.isVisible()


def test_every_look_holds_eight_tasks(look, qtbot, tmp_path, show):
    names = tuple(f"a task with a rather long name {number}" for number in range(8))
    workspace = synthetic.SyntheticWorkspace(tmp_path / "many", names)
    kinds = ["single-label", "number", "multi-label", "mask"]
    synthetic.write_verdict(workspace.folder, synthetic.verdict_document(names, worse=names[2:3], kinds=kinds))
    page = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: page.verdict.result.isVisible())
    assert page.panel.verdict.isChecked(), "without a run there is only the verdict to see"
    assert page.verdict.minimumSizeHint().width() <= 800 and not page.grab().isNull()
    workspace.close()


def test_a_run_is_warned_of_by_the_verdict_of_its_recipe(run, workspace, show, qtbot):
    synthetic.write_verdict(workspace.folder, synthetic.verdict_document(worse=["season"]), recipe=run)
    synthetic.write_verdict(workspace.folder, synthetic.verdict_document(worse=["material"]), number=2, recipe="other")
    page = show(ResultsPage(workspace))
    qtbot.waitUntil(page.view.transfer.isVisible)
    assert "season" in page.view.transfer.text() and "material" not in page.view.transfer.text()
    page.view.transfer._buttons[0].click()
    assert page.verdict.isVisible() and page.verdict.chooser.currentData() == 1


def test_a_run_is_warned_of_by_a_transfer_report_on_its_weights(run, workspace, show, qtbot):
    project = load_resolved(workspace.folder / "runs" / "001-balanced").project
    folder = workspace.folder / TRANSFERS.folder
    for number, weights in enumerate((project.backbone.weights, "another"), 1):
        said = {"backbone": project.backbone.name, "weights": weights, "harmed": ["season"]}
        write_atomically(folder / f"{number:03d}" / TRANSFERS.file, json.dumps(said))
    page = show(ResultsPage(workspace))
    qtbot.waitUntil(page.view.transfer.isVisible)
    assert page.view.transfer.text() == (
        "Better from random weights than pretrained, beyond noise, by transfer report 001: season."
    )
    with qtbot.waitSignal(page.page_requested) as asked:
        page.view.transfer._buttons[0].click()
    assert asked.args == ["tools/transfer_report"]


def test_without_a_worse_task_there_is_no_warning(run, workspace, show, qtbot):
    synthetic.write_verdict(workspace.folder, synthetic.verdict_document(), recipe=run)
    page = show(ResultsPage(workspace))
    with qtbot.waitSignal(page.transfer.looked.loaded) as caught:
        pass
    assert caught.args == [[]] and not page.view.transfer.isVisible()


def test_a_run_is_warned_of_by_a_better_run_of_the_task_alone(page, workspace, images, qtbot):
    alone = synthetic.write_run(workspace.folder, ("season",), run="002-balanced", images=images)
    path = alone / "results" / "metrics-validation.json"
    joint = synthetic.read_json(workspace.folder / "runs/001-balanced/results/metrics-validation.json")
    document = synthetic.read_json(path)
    perfect = [{**image, "prediction": image["target"]} for image in joint["tasks"]["season"]["images"]]
    assert sum(image["prediction"] != image["target"] for image in joint["tasks"]["season"]["images"]) > 4
    document["tasks"]["season"]["images"] = perfect
    path.write_text(json.dumps(document), encoding="utf-8")
    workspace.runs_changed.emit()
    qtbot.waitUntil(lambda: len(page.list.runs) == 2)
    page.show_run("001-balanced")
    qtbot.waitUntil(page.view.transfer.isVisible)
    assert "002-balanced" in page.view.transfer.text()
    page.view.transfer._buttons[0].click()
    assert page.verdict.setup.isVisible()
