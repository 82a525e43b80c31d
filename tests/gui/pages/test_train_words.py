"""The sentences and numbers of the Train page, without widgets."""

from tests.gui import synthetic
from workbench.core.events import Best, Epoch, PhaseStarted, Progress, RunEnded, TaskPaused
from workbench.core.project import BackboneChoice
from workbench.core.recipe import Recipe
from workbench.gui.pages.train.curves import Pause, marks, metric_names, metrics_of, one_unit, together, weights_vary
from workbench.gui.pages.train.notices import NoticesCard
from workbench.gui.pages.train.outcome import end_words
from workbench.gui.pages.train.pace import epochs_done, epochs_since_best, facts, headline
from workbench.gui.pages.train.plan import cost, cost_sentence, last_like_it, plan, sentence, training_pictures
from workbench.project.history import RunHistory
from workbench.project.runs import read_run


def history_of(events):
    history = RunHistory()
    for event in events:
        history.add(event)
    return history


def said(preset, freeze=3, tasks=synthetic.TASKS, report=None, **recipe):
    project = synthetic.project(tasks).model_copy(
        update={
            "recipe": Recipe(preset=preset, **recipe),
            "backbone": BackboneChoice(name="mobilenet_v2", freeze=freeze),
        }
    )
    return sentence(plan(project, report))


def test_the_plan_says_what_each_preset_will_do():
    report = synthetic.report()
    assert "Trains 2 heads on 192 pictures for up to 40 epochs" in said("probe", report=report)
    assert "The backbone stays as it is" in said("probe", report=report)
    balanced = said("balanced", report=report)
    assert balanced.startswith("Trains 2 heads on 192 pictures for up to 40 epochs, then ")
    assert balanced.endswith("stages too for up to 10 epochs.")
    assert "the whole backbone on 192 pictures" in said("full", report=report)
    assert said("balanced", freeze="all", tasks=("one",)).startswith("Trains the head for up to 40 epochs.")


def test_the_plan_tells_phases_one_by_one_while_they_are_few():
    few = said("balanced", freeze=3, unfreeze="one-by-one")
    assert ", then the last stage of the backbone too for up to 5 epochs, " in few
    assert few.endswith(", then the last 2 of 5 stages too for up to 5 epochs.")
    many = said("full", unfreeze="one-by-one")
    assert many.startswith("Trains 2 heads and the last stage of the backbone for up to 2 epochs")
    assert many.endswith(", then in 4 phases up to the whole backbone too for up to 8 epochs in all.")


def test_the_plan_of_an_unknown_backbone_is_not_made_up():
    project = synthetic.project().model_copy(update={"backbone": BackboneChoice(name="nothing_of_the_kind")})
    assert plan(project, None) is None


def test_pictures_that_tasks_share_count_once():
    assert training_pictures(synthetic.report()) == 192
    assert training_pictures(None) is None
    apart = synthetic.report() | {"pictures": 480}
    assert training_pictures(apart) == 384


def test_the_last_run_with_these_settings_says_how_long_it_took(tmp_path):
    synthetic.write_run(tmp_path, run="001-balanced")
    synthetic.write_run(tmp_path, run="002-full", preset="full")
    runs = [read_run(tmp_path, name) for name in ("001-balanced", "002-full")]
    assert last_like_it(synthetic.project(), runs) == "Run 001-balanced with these settings took 1:12."
    other = synthetic.project().model_copy(update={"recipe": Recipe(preset="probe")})
    assert last_like_it(other, runs) == ""


def test_progress_follows_reading_epochs_and_the_end():
    events = list(synthetic.run_events(head_epochs=2, epochs=2, steps=4))
    history = history_of(events[:1])
    assert epochs_done(history) is None
    history.add(Progress(what="reading pictures", done=120, total=240))
    assert headline(history, "running") == "Reading pictures 120 of 240"
    middle = history_of([event for event in events if not (isinstance(event, Epoch) and event.epoch == 4)][:-2])
    assert 0 < epochs_done(middle) < 4
    assert "Paused" in headline(middle, "paused")
    assert epochs_done(history_of(events)) == 4


def test_the_headline_names_phase_and_epoch():
    history = history_of(synthetic.run_events(head_epochs=6, epochs=10, upto=9))
    assert isinstance(history.phases[-1], PhaseStarted)
    assert headline(history, "running") == "Stages 3 to 4 and heads · epoch 10 of 16"
    assert epochs_since_best(history) == history.epochs[-1].epoch - history.best.epoch


def test_the_end_is_one_sentence():
    history = history_of(synthetic.run_events(end=None))
    history.add(RunEnded(status="finished", best=Best(epoch=7, step=84, score=0.938), elapsed_s=72.4))
    assert end_words(history, "± 2.9") == "Finished in 1:12, best at epoch 7: 93.8 % ± 2.9."
    history.add(RunEnded(status="stopped", best=Best(epoch=7, step=84, score=None), elapsed_s=5))
    assert end_words(history) == "Stopped after 0:05, the best is kept, best at epoch 7."


def test_where_validation_chooses_nothing_no_epoch_is_called_the_best(qtbot):
    history = history_of(synthetic.run_events(end=None))
    card = NoticesCard()
    qtbot.addWidget(card)
    card.set_run(history)
    chosen = card.model.rowCount()
    history.started = history.started.model_copy(update={"keeps_last": True})
    card.set_run(history)
    assert card.model.rowCount() == chosen - sum(epoch.best for epoch in history.epochs)
    assert epochs_since_best(history) is None
    history.add(RunEnded(status="finished", best=Best(epoch=16, step=192, score=0.5), elapsed_s=5))
    assert end_words(history) == "Finished in 0:05, epoch 16, the last, is kept: 50.0 %."
    history.add(RunEnded(status="stopped", best=Best(epoch=7, step=84, score=None), elapsed_s=5))
    assert end_words(history) == "Stopped after 0:05, epoch 7, the last, is kept."


def test_marks_and_metrics_of_a_history():
    history = history_of(synthetic.run_events(head_epochs=2, epochs=3, steps=5))
    marked = marks(history)
    assert marked.phases == [(0, "heads"), (10, "stages 3 to 4 and heads")]
    assert marked.best == history.best.step and marked.pauses == []
    history.add(TaskPaused(task="season", paused=True, step=7))
    assert marks(history).pauses == [Pause(7, "season", True)]
    assert metric_names(history) == ["accuracy", "balanced_accuracy", "macro_f1"]
    assert not weights_vary(history)
    history.weight["material"].append(99, 0.7)
    assert weights_vary(history)


def kinds(history, **kinds):
    """The history with other kinds of task."""
    facts = history.started.tasks.items()
    changed = {name: task.model_copy(update={"kind": kinds.get(name, task.kind)}) for name, task in facts}
    history.started = history.started.model_copy(update={"tasks": changed})
    return history


def test_losses_share_an_axis_where_they_share_a_unit():
    history = history_of(synthetic.run_events(("a", "b", "c"), upto=1))
    assert one_unit(history) and together(history) == ["a", "b", "c"]
    kinds(history, b="number", c="mask")
    assert not one_unit(history) and together(history) == ["a", "c"]
    assert together(kinds(history, a="number", c="number")) == []
    alone = kinds(history_of(synthetic.run_events(("a",), upto=1)), a="number")
    assert one_unit(alone) and together(alone) == ["a"]


def test_metrics_of_different_kinds_share_the_score_of_each():
    history = kinds(history_of(synthetic.run_events(("a", "b"), upto=1)), b="number")
    history.metrics = {"a": {"macro_f1": None, "accuracy": None}, "b": {"rmse": None, "mae": None, "r2": None}}
    assert metric_names(history) == ["score", "accuracy", "macro_f1", "mae", "r2", "rmse"]
    assert metrics_of(history, "a") == ["accuracy", "macro_f1"] and metrics_of(history, "b") == ["mae", "r2", "rmse"]
    kinds(history, a="number")
    assert metric_names(history) == ["accuracy", "macro_f1", "r2"], "errors of two columns have two units"


def test_what_balancing_costs_is_said_with_the_plan(tmp_path):
    report = synthetic.report() | {"shared": {"material|season": 240}}
    asked = synthetic.project().model_copy(update={"recipe": Recipe(balancing="upgrad")})
    assert "UPGrad takes about 1.6 times as long a step" in cost_sentence(cost(asked, report))
    assert cost_sentence(cost(synthetic.project(), report)) == ""
    assert cost_sentence(cost(asked, synthetic.report())) == "", "pictures of their own"
    heads = synthetic.project().model_copy(update={"recipe": Recipe(balancing="upgrad", preset="probe")})
    assert cost(heads, report).times == 1.0, "heads share nothing"
    synthetic.write_run(tmp_path, run="001-balanced")
    told = last_like_it(asked, [read_run(tmp_path, "001-balanced")], report)
    assert told == "Run 001-balanced, the same but for its balancing, took 1:12; this one takes up to about 1:40."


def test_the_pace_of_a_run_that_has_ended_is_that_of_its_last_epoch():
    events = [
        event.model_copy(update={"images_per_s": 31.0}) if isinstance(event, Epoch) else event
        for event in synthetic.run_events()
    ]
    until = next(place for place, event in enumerate(events) if isinstance(event, RunEnded))
    live, whole = history_of(events[:until]), history_of(events)
    assert facts(live, 1.0, None)[0].value == f"{live.images_per_s:.0f}" != "31"
    assert facts(whole, 1.0, None)[0].value == "31"
