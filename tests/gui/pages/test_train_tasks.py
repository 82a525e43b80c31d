"""Several tasks on the Train page: plots for each, pauses, and what is said of them before a run."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from tests.gui import synthetic
from workbench.core.events import Epoch, RunPaused, RunResumed, RunStarted, Step, TaskPaused
from workbench.gui.pages.train.page import TrainPage

KINDS = {"weight": "number", "tags": "multi-label", "wall": "mask"}


def of_kinds(event):
    """A synthetic event as tasks of KINDS say it."""
    if isinstance(event, RunStarted):
        facts = event.tasks.items()
        kinds = {name: task.model_copy(update={"kind": KINDS.get(name, task.kind)}) for name, task in facts}
        return event.model_copy(update={"tasks": kinds})
    if isinstance(event, Step):
        losses = {
            task: [value * 4000 for value in values] if task == "weight" else values
            for task, values in event.losses.items()
        }
        return event.model_copy(update={"losses": losses})
    if isinstance(event, Epoch):
        own = {
            "number": lambda v: {"loss": v["loss"] * 4000, "mae": v["loss"] * 4000, "rmse": 1.0, "r2": -0.5},
            "multi-label": lambda v: {"loss": v["loss"], "mean_average_precision": 0.7, "micro_f1": 0.6},
            "mask": lambda v: {"loss": v["loss"], "mean_iou": 0.5, "pixel_accuracy": 0.9},
        }
        validation = {
            task: own[KINDS[task]](values) if task in KINDS else values for task, values in event.validation.items()
        }
        return event.model_copy(update={"validation": validation})
    return event


@pytest.fixture
def opened(tmp_path, show, qtbot):
    """Opens the page on a project of these tasks whose run has gone some epochs."""
    made = []

    def opening(*tasks, upto=4, running=True):
        workspace = synthetic.SyntheticWorkspace(tmp_path / "tasks", tasks)
        made.append(workspace)
        page = show(TrainPage(workspace))
        if running:
            workspace.be("starting")
            workspace.feed([of_kinds(event) for event in synthetic.run_events(tasks, upto=upto)])
            workspace.be("running")
        qtbot.waitUntil(page.plots.isVisible)  # a layout shows what is added to it in the next turn
        return page, workspace

    yield opening
    for workspace in made:
        workspace.close()


def tasks_of(plot):
    return {reading.task for reading in plot.read(1e9)}


def hairlines(plot):
    return [(x, name) for x, name, _ in plot._phases]


def test_tasks_of_one_unit_are_drawn_together_until_the_user_wants_them_apart(opened, qtbot):
    page, _ = opened("material", "season")
    plots = page.plots
    assert plots.view.current() == "together" and plots.loss.isVisible() and not plots.each.isVisible()
    qtbot.mouseClick(plots.view.button("each"), Qt.MouseButton.LeftButton)
    assert plots.each.isVisible() and not plots.loss.isVisible() and not plots.score.isVisible()
    assert [tasks_of(card.loss) for card in plots.each.cards.values()] == [{"material"}, {"season"}]
    plots.view.button("each").setFocus()
    qtbot.keyClick(plots.view, Qt.Key.Key_Left)
    assert plots.view.current() == "together" and plots.loss.isVisible()


def test_a_number_has_a_plot_of_its_own_and_is_told_to_be_missing_among_the_others(opened, qtbot):
    page, _ = opened("material", "weight", "tags", "wall")
    plots = page.plots
    assert plots.view.current() == "each", "nothing is hidden unless the user wants it so"
    card = plots.each.cards["weight"]
    assert card.loss.plotItem.getAxis("left").labelText == "error, column's unit"
    assert plots.each.cards["wall"].loss.plotItem.getAxis("left").labelText == "loss, nats"
    qtbot.mouseClick(plots.view.button("together"), Qt.MouseButton.LeftButton)
    assert tasks_of(plots.loss) == {"material", "tags", "wall"}
    told = plots._loss_card._caption.text()
    assert told == "The loss of weight is in its column's unit and has an axis of its own under “Each task”."
    assert plots.metrics.currentData() == "score"
    readings = {reading.task: reading.values for reading in plots.score.read(1e9)}
    assert set(readings) == {"material", "weight", "tags", "wall"}
    assert "0.7000" in readings["tags"] and "0.5000" in readings["wall"]
    assert float(readings["weight"].split()[-1]) == 0.0, "worse than the mean is drawn at nought"


def test_each_task_is_offered_its_own_metrics(opened, qtbot):
    page, _ = opened("material", "weight", "tags")
    offered = {
        task: [card.metrics.itemData(row) for row in range(card.metrics.count())]
        for task, card in page.plots.each.cards.items()
    }
    assert offered["material"] == ["accuracy", "balanced_accuracy", "macro_f1"]
    assert offered["weight"] == ["mae", "r2", "rmse"]
    assert offered["tags"] == ["mean_average_precision", "micro_f1"]
    card = page.plots.each.cards["weight"]
    card.metrics.setFocus()
    qtbot.keyClick(card.metrics, Qt.Key.Key_Down)
    assert card.metrics.currentData() == "r2"
    assert card.score.plotItem.getAxis("left").labelText == "explained share"
    assert "-0.5" in card.score.read(1e9)[0].values


def test_numbers_alone_cannot_be_drawn_together(opened):
    KINDS["height"] = "number"
    try:
        page, _ = opened("weight", "height")
    finally:
        del KINDS["height"]
    assert page.plots.view.current() == "each" and not page.plots.view.button("together").isEnabled()


def test_one_task_needs_no_switch_and_no_pause(opened):
    page, _ = opened("weight")
    assert not page.plots.view.isVisible() and not page.plots.legend.buttons["weight"].isVisible()
    assert page.plots.loss.plotItem.getAxis("left").labelText == "error, column's unit"


def test_empty_plots_of_each_task_say_what_will_appear(opened):
    page, workspace = opened("material", "weight", running=False)
    workspace.be("starting")
    workspace.feed([of_kinds(event) for event in list(synthetic.run_events(("material", "weight"), upto=1))[:2]])
    card = page.plots.each.cards["weight"]
    assert card.loss._empty_text == "Loss of weight, step by step"
    assert card.score._empty_text == "Validation score of weight, epoch by epoch"


def test_of_many_tasks_only_those_in_sight_are_drawn_and_all_can_be_scrolled_to(opened, qtbot):
    tasks = [f"task {number}" for number in range(7)] + ["weight"]
    page, _ = opened(*tasks)
    cards = page.plots.each.cards
    qtbot.waitUntil(lambda: cards["task 0"].loss._curves["task 0", "train"].drawn > 0)
    last = cards["weight"].loss
    assert last._late and last._curves["weight", "train"].drawn < 0
    bar = page.columns.widget(1).verticalScrollBar()
    assert bar.maximum() > 1000
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: last._curves["weight", "train"].drawn > 0)


def test_a_task_is_paused_by_mouse_and_goes_on_by_keyboard(opened, qtbot):
    page, workspace = opened("material", "season")
    button = page.plots.legend.buttons["season"]
    assert button.isVisible() and button.accessibleName() == "Pause training of season"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert workspace.asked[-1] == ("pause", "season")
    assert button.accessibleName() == "Train season again"
    assert page.plots.legend.entries["season"].accessibleDescription() == "paused"
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert workspace.asked[-1] == ("go on", "season")
    workspace.be("stopping")
    assert not button.isVisible()


def test_every_pause_button_is_reached_by_tab(opened, qtbot):
    page, _ = opened("material", "season")
    page.plots.legend.entries["material"].setFocus()
    reached = set()
    for _ in range(12):
        focused = page.window().focusWidget()
        reached.add(focused.accessibleName() if isinstance(focused, QAbstractButton) else "")
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert {"Pause training of material", "Pause training of season"} <= reached


def test_a_pause_is_marked_on_the_curves_and_goes_back_with_the_run(opened):
    page, workspace = opened("material", "season")
    workspace.feed([TaskPaused(task="season", paused=True, step=40), RunPaused(paused=True, released=True, step=40)])
    assert (40, "season paused") in hairlines(page.plots.loss) and (40, "") in hairlines(page.plots.score)
    assert page.plots.loss._resting == {"season"}
    lines = [page.notices.model.index(row).data() for row in range(page.notices.model.rowCount())]
    assert any("season is paused" in line for line in lines) and lines[-1].endswith("Paused; the memory is free")
    page.plots.view.button("each").click()
    cards = page.plots.each.cards
    assert (40, "season paused") in hairlines(cards["season"].loss)
    assert not any("paused" in name for _, name in hairlines(cards["material"].loss))
    workspace.feed([TaskPaused(task="season", paused=False, step=44)])
    assert (44, "season goes on") in hairlines(cards["season"].loss) and not cards["season"].loss._resting
    workspace.feed([RunResumed(run="001-balanced", phase="heads", epoch=3, step=36)])
    assert not any(name for _, name in hairlines(page.plots.each.cards["season"].loss))


def test_a_run_whose_tasks_are_all_paused_says_so(opened):
    page, workspace = opened("material", "season")
    workspace.feed([TaskPaused(task=task, paused=True, step=48) for task in ("material", "season")])
    assert page.header.doing.text().startswith("Every task is paused")
    assert workspace.paused_tasks == {"material", "season"}


def test_weights_of_tasks_are_set_before_a_run_without_reading_the_data_again(opened, qtbot, monkeypatch):
    page, workspace = opened("material", "season", running=False)
    checks = []
    monkeypatch.setattr(workspace, "check", lambda: checks.append(1))
    between = page.recipe.between
    assert between.isVisibleTo(page) and list(between.boxes) == ["material", "season"]
    box = between.boxes["season"]
    assert box.accessibleName() == "Weight of season"
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "2.5")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert workspace.project.task("season").weight == 2.5 and not checks
    workspace.set_task_values("season", column="other")
    assert checks


def test_what_balancing_and_drawing_do_is_said_before_a_run(opened):
    page, workspace = opened("material", "season", running=False)
    between = page.recipe.between
    assert between.balancing.text().startswith("Each loss is divided by the loss of guessing")
    workspace.set_task_values("season", weight=3.0)
    workspace.set_values("recipe", balancing="imtl_g")
    assert "undoes most of the weights" in between.balancing.text()
    workspace.report = synthetic.report() | {"shared": {"material|season": 240}}
    workspace.report_changed.emit()
    assert "IMTL-G takes about 1.6 times as long a step" in page.controls.plan.text()
    assert "lie on the same pictures" in between.drawing.text()
    apart = synthetic.report() | {"pictures": 480}
    apart["tasks"]["season"]["parts"]["train"] = 48
    apart["tasks"]["season"]["count"] = 60
    apart["pictures"] = 300
    workspace.report = apart
    workspace.set_values("recipe", sampling="equal")
    assert between.drawing.text() == (
        "How many times a picture comes in an epoch, on average: material 0.62, season 2.5."
    )
    assert "times as long" not in page.controls.plan.text()
    workspace.set_values("recipe", preset="probe")
    assert "nothing to balance" in between.balancing.text()


def test_a_project_of_one_task_has_nothing_between_tasks(opened):
    page, _ = opened("material", running=False)
    assert page.recipe.between.isHidden()
