"""The Train page: settings, buttons, live curves, and what becomes of runs."""

import time
from unittest.mock import MagicMock

import pytest
from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from tests.gui import synthetic
from workbench.core.events import Notice, Progress, Relatedness, RunEnded, RunFailed, RunResumed, Step
from workbench.core.presets import PRESETS
from workbench.gui.pages.train.controls import Controls
from workbench.gui.pages.train.page import TrainPage
from workbench.gui.queue_runner import QueueRunner
from workbench.gui.theme import theme
from workbench.gui.workspace import Workspace
from workbench.project.history import RunHistory
from workbench.project.queue import Queue


@pytest.fixture
def page(workspace, show):
    return show(TrainPage(workspace))


def begin(workspace, events):
    """Let a run start and say these events."""
    workspace.be("starting")
    workspace.feed(events)
    workspace.be("running")


def visible(controls):
    buttons = {"train": controls.train, "stop": controls.stop, "pause": controls.pause, "cancel": controls.cancel}
    return {name for name, button in buttons.items() if button.isVisible() and button.isEnabled()}


def test_buttons_follow_the_state(page, workspace):
    assert visible(page.controls) == {"train"}
    workspace.be("starting")
    assert visible(page.controls) == {"cancel"}
    workspace.be("running")
    assert visible(page.controls) == {"stop", "pause", "cancel"}
    workspace.be("paused")
    assert page.controls.pause.text() == "Go on"
    workspace.be("stopping")
    assert visible(page.controls) == set()
    workspace.be("idle")
    assert visible(page.controls) == {"train"}


def test_buttons_ask_the_workspace(page, workspace, qtbot, monkeypatch):
    qtbot.mouseClick(page.controls.train, Qt.MouseButton.LeftButton)
    workspace.be("starting")
    workspace.be("running")
    qtbot.mouseClick(page.controls.pause, Qt.MouseButton.LeftButton)
    workspace.be("paused")
    qtbot.mouseClick(page.controls.pause, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.controls.stop, Qt.MouseButton.LeftButton)
    workspace.be("running")
    monkeypatch.setattr(Controls, "confirm_cancel", lambda self: False)
    qtbot.mouseClick(page.controls.cancel, Qt.MouseButton.LeftButton)
    assert workspace.asked == [("train",), ("pause",), ("go on",), ("stop",)]
    monkeypatch.setattr(Controls, "confirm_cancel", lambda self: True)
    qtbot.mouseClick(page.controls.cancel, Qt.MouseButton.LeftButton)
    assert workspace.asked[-1] == ("cancel",)


def test_the_small_button_beside_pause_frees_the_memory(page, workspace):
    assert not page.controls.more.isVisible()
    workspace.be("running")
    assert page.controls.more.isVisible() and page.controls.more.accessibleName() == "Other ways to pause"
    page.controls.release.trigger()
    assert workspace.asked == [("pause", "release")]
    workspace.be("stopping")
    assert not page.controls.more.isEnabled()


def test_cancel_is_confirmed_and_says_what_stays(page, monkeypatch):
    asked = []

    def answer(box):
        asked.append(f"{box.text()} {box.informativeText()}")
        assert box.defaultButton().text() == "Let it train"

    monkeypatch.setattr(QMessageBox, "exec", answer)
    assert not page.controls.confirm_cancel()
    assert "Cancel this run?" in asked[0] and "last checkpoint stays" in asked[0]


def test_the_question_whether_to_cancel_ends_with_its_run(page, workspace, qtbot):
    """Else its answer would cancel the next run of the queue."""
    workspace.be("starting")
    workspace.be("running")
    QTimer.singleShot(0, lambda: workspace.be("idle"))
    QTimer.singleShot(0, lambda: workspace.be("starting"))
    qtbot.mouseClick(page.controls.cancel, Qt.MouseButton.LeftButton)
    assert QApplication.activeModalWidget() is None and ("cancel",) not in workspace.asked


def test_a_mocked_workspace_is_asked_to_train(qtbot):
    workspace = MagicMock(spec=Workspace)
    workspace.configure_mock(project=synthetic.project(), folder=None, report=synthetic.report(), check_failure=None)
    workspace.configure_mock(run_state="idle", run_name="", history=RunHistory(), job="train")
    workspace.queue = MagicMock(spec=QueueRunner, queue=Queue(), elsewhere="", going=False)
    page = TrainPage(workspace)
    qtbot.addWidget(page)
    page.controls.train.click()
    workspace.train.assert_called_once_with()
    page.recipe.changed.emit("epochs", 3)
    workspace.set_values.assert_called_once_with("recipe", epochs=3)
    page.recipe.reset.emit("epochs")
    workspace.unset_value.assert_called_once_with("recipe", "epochs")
    workspace.queue.elsewhere = "007-terminal"
    page._say_plan()
    assert page.controls.plan.text().startswith("007-terminal trains in another program; add a run to the queue")


def test_settings_tell_their_own_from_the_presets(page, workspace):
    assert page.recipe.own() == []
    assert "follow the preset Balanced and the weights" in page.recipe.note.text()
    page.recipe.form.row("recipe.epochs").edited.emit("recipe.epochs", 7)
    assert workspace.project.recipe.epochs == 7
    assert page.recipe.own() == ["epochs"]
    assert "up to 7 epochs" in page.controls.plan.text()
    page.recipe.reset_button("epochs").click()
    assert page.recipe.own() == [] and page.recipe.form.values()["recipe.epochs"] == 10


def test_presets_are_chosen_and_explained(page, workspace):
    page.recipe.presets.segments.button("probe").click()
    assert workspace.project.recipe.preset == "probe"
    assert "only the heads" in page.recipe.presets.sentence.text()
    assert page.recipe.form.values()["recipe.epochs"] == PRESETS["probe"].values["epochs"]
    assert "The backbone stays as it is" in page.controls.plan.text()


def test_advanced_settings_are_behind_a_switch(page):
    row = page.recipe.form.row("recipe.weight_decay")
    assert row.isHidden()
    page.recipe.advanced.click()
    assert not row.isHidden()


def test_whether_all_settings_are_shown_is_told(page, qtbot):
    with qtbot.waitSignal(page.expert_changed) as told:
        page.recipe.advanced.click()
    assert told.args == [True]
    page.set_expert(False)
    assert page.recipe.form.row("recipe.weight_decay").isHidden()


def test_data_that_cannot_train_keeps_the_button_and_says_why(page, workspace):
    problem = {"level": "error", "text": "material has one class only.", "fix": "Add another."}
    workspace.report = synthetic.report() | {"ok": False, "problems": [problem]}
    workspace.report_changed.emit()
    assert not page.controls.train.isEnabled()
    assert page.controls.plan.text() == "material has one class only. Add another."


def test_a_project_without_tasks_is_sent_to_the_data_page(qtbot, tmp_path, show):
    workspace = synthetic.SyntheticWorkspace(tmp_path / "empty", ())
    page = show(TrainPage(workspace))
    with qtbot.waitSignal(page.page_requested) as caught:
        page.empty.button.click()
    assert caught.args == ["data"]
    workspace.close()


def test_reading_pictures_is_progress(page, workspace):
    begin(workspace, [synthetic.run_started(), Progress(what="Reading pictures", done=120, total=240)])
    assert page.header.doing.text() == "Reading pictures 120 of 240"
    assert page.notices.view.accessibleDescription() == "Reading pictures 120 of 240"


def test_curves_notices_and_figures_follow_the_run(page, workspace):
    begin(workspace, list(synthetic.run_events(upto=3, steps=5)))
    assert list(page.plots.legend.entries) == ["material", "season"]
    assert {reading.task for reading in page.plots.loss.read(10)} == {"material", "season"}
    assert "validation" in page.plots.score.read(10)[0].values
    assert len(page.plots.rate.read(10)) == 3
    lines = [page.notices.model.index(row).data() for row in range(page.notices.model.rowCount())]
    assert any("2 pictures could not be read" in line for line in lines)
    assert page.header.title.text() == "001-balanced"


def test_a_thousand_events_a_second_are_one_redraw_a_drain(page, workspace, monkeypatch):
    from workbench.gui.widgets.curves import CurvePlot

    events = list(synthetic.run_events(head_epochs=30, epochs=30, steps=20, end=None))
    begin(workspace, events[:4])
    drawn = []
    monkeypatch.setattr(CurvePlot, "redraw", lambda self: (self._soon.stop(), drawn.append(self)))
    before, drains = page.plots.redraws, 0
    started = time.perf_counter()
    for first in range(4, len(events), 6):
        workspace.feed(events[first : first + 6])
        drains += 1
    passed = time.perf_counter() - started
    assert page.plots.redraws - before == drains
    assert not drawn, "curves are drawn by the event loop, not by the events"
    assert passed / drains < 0.033


def test_behind_another_page_nothing_is_drawn_until_it_is_shown(page, workspace):
    begin(workspace, list(synthetic.run_events(upto=2)))
    page.hide()
    before = page.plots.redraws
    workspace.feed([event for event in synthetic.run_events(end=None) if getattr(event, "epoch", 0) > 2])
    assert page.plots.redraws == before
    page.show()
    page.shown()
    assert page.plots.redraws == before + 1
    readings = page.plots.loss.read(1e9)
    assert f"{workspace.history.validation_loss['material'].y[-1]:.4g}" in readings[0].values


def test_pyqtgraph_is_imported_with_the_first_look(workspace, qtbot):
    page = TrainPage(workspace)
    qtbot.addWidget(page)
    assert page.plots is None
    workspace.feed(list(synthetic.run_events(upto=1)))
    assert page.plots is None


def test_hovering_a_task_lifts_it_and_the_cross_hair_is_shared(page, workspace):
    begin(workspace, list(synthetic.run_events(upto=3)))
    page.plots.legend.entries["season"].click()
    assert page.plots.legend.chosen() == "season"
    page.plots.loss.show_cursor(12)
    assert "material" in page.plots.score.read_out_text()
    page.plots.loss.hide_cursor()
    assert page.plots.score.read_out_text() == ""


def test_another_metric_can_be_drawn(page, workspace):
    begin(workspace, list(synthetic.run_events(upto=4)))
    page.plots.metrics.setCurrentIndex(page.plots.metrics.findData("macro_f1"))
    wanted = workspace.history.metrics["material"]["macro_f1"].y[-1]
    assert f"{wanted:.4g}" in page.plots.score.read(1e9)[0].values


def test_a_finished_run_offers_its_results(page, workspace, qtbot):
    begin(workspace, list(synthetic.run_events()))
    workspace.be("idle")
    assert page.outcome.bar.text().startswith("Finished in 1:12, best at epoch ")
    with qtbot.waitSignal(page.page_requested) as caught:
        press(page, "See results")
    assert caught.args == ["results"]
    press(page, "Train again")
    assert workspace.asked == [("train",)]


def test_a_dead_engine_is_one_notice_with_its_details_folded(page, workspace):
    begin(workspace, list(synthetic.run_events(upto=2)))
    reason, told = "The engine was ended by signal 9.", "the last words"
    workspace.feed([RunFailed(error=reason, advice="Resume the run.", traceback=told)])
    workspace.feed([RunEnded(status="interrupted", best=None, elapsed_s=0.0)])
    workspace.be("idle")
    failure = page.outcome.failure
    assert (failure.error.text(), failure.advice.text()) == (reason, "Resume the run.")
    assert failure.details.isHidden()
    failure.fold.click()
    assert failure.details.isVisible() and failure.details.toPlainText() == told
    press(page, "Resume")
    assert workspace.asked == [("resume", "001-balanced")]


def test_a_run_that_could_not_begin_is_told_and_not_covered_by_an_older_one(workspace, qtbot, show):
    synthetic.write_run(workspace.folder)
    page = show(TrainPage(workspace))
    qtbot.waitUntil(lambda: page.shown_name == "001-balanced")
    begin(workspace, [])
    workspace.feed([RunFailed(error="There is no folder x.", advice="Give one.", traceback="")])
    workspace.feed([RunEnded(status="failed", best=None, elapsed_s=0.0)])
    workspace.be("idle")
    with qtbot.waitSignal(page.list.changed):
        workspace.runs_changed.emit()
    assert page.outcome.failure.error.text() == "There is no folder x." and page.outcome.failure.isVisible()
    assert page.shown_name == "" and not page._reading.busy


def test_an_interrupted_run_on_disk_is_offered(workspace, qtbot, show):
    synthetic.write_run(workspace.folder, run="002-balanced", end=None, upto=4)
    page = show(TrainPage(workspace))
    qtbot.waitUntil(lambda: page.outcome.bar.isVisible())
    assert page.outcome.bar.text() == "Run 002-balanced was interrupted at epoch 4."
    assert page.plots.loss.read(20)
    press(page, "Resume")
    assert workspace.asked == [("resume", "002-balanced")]


def test_a_resumed_run_goes_back_to_its_checkpoint(page, workspace):
    begin(workspace, list(synthetic.run_events(upto=6, steps=10)))
    assert page.plots.loss.read(1e9)
    workspace.feed([RunResumed(run="001-balanced", phase="heads", epoch=3, step=30)])
    assert max(workspace.history.train_loss["material"].x) == 30
    value = workspace.history.train_loss["material"].y[-1]
    page.plots.smoothing.setValue(0)
    assert f"train {value:.4g}" in page.plots.loss.read(1e9)[0].values


def test_a_resumption_and_its_steps_in_one_drain_leave_no_void_points(page, workspace):
    events = list(synthetic.run_events(upto=6, steps=10))
    begin(workspace, events)
    again = [event for event in synthetic.run_events(upto=9, steps=10) if getattr(event, "epoch", 0) > 3]
    workspace.feed([RunResumed(run="001-balanced", phase="heads", epoch=3, step=30), *again])
    drawn = page.plots.loss._curves["material", "train"].series
    assert drawn.x.tolist() == list(workspace.history.train_loss["material"].x) == list(range(1, 91))


def test_a_run_on_disk_can_be_shown(workspace, qtbot, show):
    for run in ("001-balanced", "002-full"):
        synthetic.write_run(workspace.folder, run=run)
    page = show(TrainPage(workspace))
    qtbot.waitUntil(lambda: page.shown_name == "002-full")
    page.show_run("001-balanced")
    qtbot.waitUntil(lambda: page.shown_name == "001-balanced")
    assert page.outcome.bar.text().startswith("Finished in 1:12")


def test_every_control_has_a_name(page):
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox, QScrollBar

    for kind in (QAbstractButton, QComboBox, QAbstractSlider):
        for control in (each for each in page.findChildren(kind) if each.isVisibleTo(page)):
            named = control.accessibleName() or getattr(control, "text", lambda: "")()
            assert named or isinstance(control, QScrollBar), control


def press(page, text):
    """Press a button of the outcome."""
    from PySide6.QtWidgets import QPushButton

    next(button for button in page.outcome.findChildren(QPushButton) if button.text() == text).click()


def test_weights_that_vary_and_agreement_are_shown_and_others_not(page, workspace):
    events = list(synthetic.run_events(upto=4))
    begin(workspace, events)
    assert not page.plots.weight.isVisible() and not page.plots.agreement.isVisible()
    varied = [
        event.model_copy(update={"weights": {"material": [1.5] * 12, "season": [0.5] * 11 + [None]}})
        if isinstance(event, Step)
        else event
        for event in synthetic.run_events(upto=6)
    ]
    matrix = [[1.0, 0.4], [0.4, 1.0]]
    workspace.feed([*varied[-2:], Relatedness(step=72, tasks=list(synthetic.TASKS), matrix=matrix)])
    assert page.plots.weight.isVisible() and page.plots.agreement.isVisible()
    assert page.plots.agreement.describe((0, 1)) == "material and season: +0.40, they pull the same way"
    assert {reading.task for reading in page.plots.weight.read(72)} == {"material", "season"}


def test_the_names_of_own_settings_are_bold_from_the_first_and_in_every_theme(qapp, qtbot, workspace, show):
    workspace.set_values("recipe", epochs=7)
    page = show(TrainPage(workspace))
    label = page.recipe.form.row("recipe.epochs").label
    assert label.font().bold() and not page.recipe.form.row("recipe.seed").label.font().bold()
    theme().apply(qapp, "dark")
    assert label.font().bold()
    theme().apply(qapp, "light")


def test_a_line_of_the_log_is_as_high_as_its_words(page, workspace):
    text = "Trains in fp32, channels last: the fastest here, at 165 pictures a second when measured. "
    begin(workspace, [synthetic.run_started(), *(Notice(run="a", level="info", text=text * n) for n in (1, 2, 3))])
    view = page.notices.view
    for row in range(view.model().rowCount()):
        where, flags = view.visualRect(view.model().index(row, 0)), Qt.TextFlag.TextWordWrap
        room = view.viewport().width() - view.iconSize().width() - 16
        words = view.model().index(row, 0).data()
        assert where.width() <= view.viewport().width()
        assert where.height() >= view.fontMetrics().boundingRect(QRect(0, 0, room, 9999), flags, words).height()
