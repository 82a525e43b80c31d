import pytest

from workbench.core.events import Epoch, PhaseStarted, Progress, RunStarted, Step
from workbench.gui.run_progress import progress_of, time_left
from workbench.project.history import RunHistory


def started(epochs=12):
    return RunStarted(
        tasks={}, backbone="resnet18", stages=[], trainable_parameters=1, total_parameters=2, device="cpu",
        precision="fp32", batch_size=4, epochs=epochs,
    )  # fmt: skip


def phase(name, epochs, first):
    return PhaseStarted(name=name, epochs=epochs, steps_per_epoch=10, first_epoch=first, trainable_parameters=1)


def step(last, epoch=1):
    return Step(
        phase="p", epoch=epoch, first=last, last=last, losses={}, weights={}, learning_rates={}, images_per_s=1.0
    )


def epoch(number, remaining_s):
    return Epoch(
        phase="p", epoch=number, step=number * 10, train={}, validation={}, score=None, elapsed_s=1.0,
        remaining_s=remaining_s, best=False,
    )  # fmt: skip


def history(*events):
    result = RunHistory()
    for event in events:
        result.add(event)
    return result


def test_before_the_first_step_it_says_what_is_prepared():
    progress = progress_of(history(Progress(what="reading pictures", done=30, total=120)), "", "starting")
    assert progress.text == "New run · reading pictures"
    assert progress.share == 0.25


def test_nothing_is_known_at_first():
    assert progress_of(RunHistory(), "", "starting").share is None
    assert progress_of(RunHistory(), "", "starting", "transfer").text == "Transfer report · starting"
    assert progress_of(RunHistory(), "", "stopping", "verdict").text == "Verdict · starting · ending"


def test_epochs_are_counted_through_all_phases():
    run = history(started(), phase("head", 2, 1), step(20), epoch(2, 120.0), phase("stages", 10, 3), step(35, 4))
    progress = progress_of(run, "003-balanced", "running")
    assert progress.text == "Run 003 · epoch 4/12 · 2 min left"
    assert progress.share == pytest.approx((2 + 1.5) / 12)


def test_the_last_step_of_a_phase_is_no_further_epoch():
    progress = progress_of(history(started(2), phase("head", 2, 1), step(20, 2)), "001-a", "running")
    assert "epoch 2/2" in progress.text and progress.share == 1.0


@pytest.mark.parametrize(("state", "word"), [("paused", "paused"), ("stopping", "ending")])
def test_a_run_that_rests_or_ends_says_so(state, word):
    run = history(started(2), phase("head", 2, 1), step(5), epoch(1, 30.0))
    assert progress_of(run, "001-a", state).text == f"Run 001 · epoch 1/2 · {word}"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.0, "1 s left"), (40, "40 s left"), (125, "2 min left"), (4800, "1 h 20 min left")]
)
def test_time_left_in_words(seconds, words):
    assert time_left(seconds) == words
