import math

import pytest

from workbench.core.events import (
    Changed,
    Epoch,
    Notice,
    PhaseStarted,
    Progress,
    Relatedness,
    RunEnded,
    RunResumed,
    Step,
    TaskPaused,
)
from workbench.project.history import LATELY_S, RunHistory
from workbench.project.recorder import Recorder


def steps(first, last, epoch, phase="heads", loss=1.0):
    number = last - first + 1
    return Step(
        phase=phase,
        epoch=epoch,
        first=first,
        last=last,
        losses={"a": [loss] * number, "b": [None] * number},
        weights={"a": [1.0] * number},
        learning_rates={"heads": [0.1] * number},
        images_per_s=10.0,
    )


def epoch(number, step, best, accuracy=0.5):
    return Epoch(
        phase="heads",
        epoch=number,
        step=step,
        train={"a": {"loss": 1.0}},
        best=best,
        score=accuracy,
        validation={"a": {"loss": 0.9, "accuracy": accuracy}},
        elapsed_s=float(number),
        remaining_s=0.0,
    )


def phase(name, first_epoch):
    return PhaseStarted(name=name, epochs=2, steps_per_epoch=4, first_epoch=first_epoch, trainable_parameters=1)


RUN = [
    Progress(what="reading", done=1, total=2),
    phase("heads", 1),
    steps(1, 2, 1),
    steps(3, 4, 1),
    epoch(1, 4, True),
    steps(5, 8, 2),
    epoch(2, 8, False),
    phase("stages", 3),
    steps(9, 12, 3),
    epoch(3, 12, True),
    Notice(level="info", text="x"),
]


def folded(events):
    history = RunHistory()
    for event in events:
        history.add(event)
    return history


def test_every_step_becomes_a_point():
    history = folded(RUN)
    assert list(history.train_loss["a"].x) == list(range(1, 13))
    assert all(math.isnan(value) for value in history.train_loss["b"].y)
    assert list(history.validation_loss["a"].x) == [4, 8, 12]
    assert list(history.metrics["a"]["accuracy"].y) == [0.5] * 3
    assert history.phase_steps == [0, 8]
    assert history.best_summary.epoch == 3
    assert (history.step, history.waiting, len(history.notices)) == (12, None, 1)


def test_a_resumed_run_voids_what_came_after_its_checkpoint():
    resumed = folded([*RUN, RunResumed(phase="heads", epoch=2, step=6), steps(7, 8, 2), epoch(2, 8, False)])
    assert list(resumed.train_loss["a"].x) == list(range(1, 9))
    assert list(resumed.learning_rates["heads"].x) == list(range(1, 9))
    assert [e.epoch for e in resumed.epochs] == [1, 2]
    assert resumed.best_summary.epoch == 1
    assert [p.name for p in resumed.phases] == ["heads"]


def test_resuming_clears_the_end():
    history = folded([*RUN, RunEnded(status="interrupted", best=None, elapsed_s=1.0)])
    assert history.ended is not None
    history.add(RunResumed(phase="stages", epoch=3, step=12))
    assert history.ended is None and len(history.phases) == 2


def test_a_phase_that_goes_on_is_marked_once_where_it_began():
    history = folded([*RUN, RunResumed(phase="stages", epoch=3, step=10), phase("stages", 3), steps(11, 12, 3)])
    assert [p.name for p in history.phases] == ["heads", "stages"] and history.phase_steps == [0, 8]


def test_a_run_that_begins_anew_voids_everything():
    history = folded([*RUN, RunResumed(phase="heads", epoch=1, step=0), phase("heads", 1), steps(1, 2, 1)])
    assert list(history.train_loss["a"].x) == [1, 2] and not history.epochs and history.best is None
    assert history.phase_steps == [0]


def test_a_history_on_disk_equals_the_live_one(tmp_path):
    with Recorder(tmp_path) as recorder:
        live = folded(recorder.write(event) for event in RUN)
    read = RunHistory.read(tmp_path)
    assert list(read.train_loss["a"].y) == list(live.train_loss["a"].y)
    assert read.epochs == live.epochs


def agreement(step, value, tasks=("a", "b", "c")):
    matrix = [[1.0, value, None], [value, 1.0, -value], [None, -value, 1.0]]
    return Relatedness(step=step, tasks=list(tasks), matrix=matrix)


def test_agreement_is_kept_over_time_for_each_pair():
    history = folded([*RUN, agreement(10, 0.25), agreement(12, 0.5)])
    assert history.agreement == agreement(12, 0.5)
    assert list(history.agreements) == [("a", "b"), ("a", "c"), ("b", "c")]
    assert list(history.agreements["b", "c"].y) == [-0.25, -0.5]
    assert all(math.isnan(value) for value in history.agreements["a", "c"].y)


def test_agreement_goes_back_with_the_run():
    later = [*RUN, agreement(9, 0.25), agreement(12, 0.5)]
    history = folded([*later, RunResumed(phase="stages", epoch=3, step=10)])
    assert history.agreement == agreement(9, 0.25)
    assert list(history.agreements["a", "b"].x) == [9]
    history = folded([*later, RunResumed(phase="stages", epoch=3, step=4)])
    assert history.agreement is None and not len(history.agreements["a", "b"].x)


def pause(task, paused, step):
    return TaskPaused(task=task, paused=paused, step=step)


def test_pauses_are_kept_with_their_steps():
    history = folded([*RUN, pause("a", True, 3), pause("a", True, 3), pause("b", True, 5), pause("b", False, 6)])
    assert [(event.task, event.step) for event in history.pauses] == [("a", 3), ("b", 5), ("b", 6)]
    assert history.paused_tasks == {"a"} and not history.all_paused


def test_pauses_go_back_with_the_run_and_are_said_anew():
    told = [*RUN, pause("a", True, 3), pause("a", False, 6), pause("b", True, 6)]
    history = folded([*told, RunResumed(phase="heads", epoch=2, step=6)])
    assert history.paused_tasks == {"a"}, "what came at the very step is said anew, or was not in the checkpoint"
    history.add(pause("a", True, 3))
    history.add(pause("b", True, 6))
    assert [(event.task, event.step) for event in history.pauses] == [("a", 3), ("b", 6)]
    assert history.paused_tasks == {"a", "b"}


def with_seconds(event, **seconds):
    return event.model_copy(update={"seconds": {"data": 0.0, "forward": 0.0, **seconds}})


def test_the_latest_times_are_those_of_the_last_seconds_of_the_phase():
    history = RunHistory()
    assert history.lately.seconds() is None
    for number in range(1, 41):
        history.add(with_seconds(steps(number, number, 1), data=0.5 if number <= 20 else 0.0, forward=1.0))
    lately = history.lately.seconds()
    assert sum(lately.values()) == pytest.approx(LATELY_S) and lately["data"] == 0
    history.add(phase("stages", 2))
    assert history.lately.seconds() is None
    history.add(steps(41, 41, 2))
    assert history.lately.seconds() is None


def test_the_times_of_a_run_are_those_of_its_epochs_without_void_ones():
    history = RunHistory()
    assert history.seconds is None
    for number in (1, 2, 3):
        history.add(with_seconds(steps(number, number, number), forward=1.0))
        history.add(with_seconds(epoch(number, number, False), forward=1.0, data=0.25))
    history.add(epoch(4, 4, False))
    assert history.seconds == {"data": 0.75, "forward": 3.0}
    history.add(RunResumed(phase="heads", epoch=3, step=2))
    assert history.seconds == {"data": 0.5, "forward": 2.0} and history.lately.seconds() is None


def test_changes_are_kept_once_and_go_back_with_the_run():
    first = Changed(settings={"recipe.augment": ("standard", "light")}, epoch=2, step=4)
    second = Changed(settings={"backbone.freeze": (3, 4)}, epoch=3, step=8)
    history = folded([*RUN, first, second, RunResumed(phase="heads", epoch=2, step=4), first])
    assert history.changes == [first]
    history.add(second)
    assert history.changes == [first, second]
