"""What a terminal says of the computer's load, of a run's pace, and of where its time went."""

from __future__ import annotations

import io

import pytest

from workbench.cli import load_words
from workbench.cli.load_words import INTERVAL_S, LoadWords
from workbench.cli.progress import Terminal
from workbench.core.events import Epoch, PhaseStarted, RunEnded, Step
from workbench.project.cards import Card
from workbench.project.load import Load

GB = 10**9


def load(*cards: Card, cpu: float | None = 0.96) -> Load:
    return Load(cpu, 0.9, int(1.24 * GB), 8 * GB, 16 * GB, None, cards)


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def step() -> Step:
    lists = {"losses": {"a": [1.0]}, "weights": {"a": [1.0]}, "learning_rates": {}}
    return Step(phase="heads", epoch=1, first=1, last=1, images_per_s=212.4, **lists)


def epoch(data: float) -> Epoch:
    return Epoch(
        phase="heads", epoch=1, step=3, train={"a": {"loss": 1.0}}, validation={}, score=None, elapsed_s=1.0,
        remaining_s=9.0, best=True, images_per_s=212.4,
        seconds={"data": data, "forward": 3.0, "backward": 5.0, "rest": 2.0 - data},
    )  # fmt: skip


def test_cards_of_the_run_are_told_together() -> None:
    one, two = Card("One", 0.9, 9 * GB, 80 * GB, 4 * GB, 60.0), Card("Two", 0.8, 9 * GB, 80 * GB, 5 * GB, 71.0)
    other = Card("Other", 0.1, 70 * GB, 80 * GB, None, 90.0)
    assert load_words.load_words(load(one, other, two)) == "CPU 96 %, 1.2 GB, GPU 85 %, 9.0 GB, 71 °C"
    assert load_words.load_words(load(other)) == "CPU 96 %, 1.2 GB, GPU 10 %, 70.0 GB, 90 °C"
    assert load_words.load_words(load(Card("Part", None, None, None, None, None), cpu=None)) == "1.2 GB"


def test_the_computer_is_asked_now_and_then_only(monkeypatch: pytest.MonkeyPatch) -> None:
    now, asked = [100.0], []

    class Machine:
        def sample(self, pid: int) -> Load:
            asked.append(pid)
            return load()

    monkeypatch.setattr(load_words, "MachineLoad", Machine)
    monkeypatch.setattr(load_words.time, "monotonic", lambda: now[0])
    words = LoadWords()
    for after in (0.0, INTERVAL_S / 2, INTERVAL_S, INTERVAL_S * 1.5):
        now[0] = 100.0 + after
        assert str(words) == "CPU 96 %, 1.2 GB"
    assert len(asked) == 2


@pytest.mark.parametrize(("columns", "told"), [(100, True), (60, False)])
def test_the_load_stands_behind_the_bar_where_there_is_room(
    columns: int, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr("workbench.cli.progress.LoadWords", lambda: "CPU 96 %, 1.2 GB")
    bars = Screen()
    terminal = Terminal(bars, io.StringIO())
    terminal.show(PhaseStarted(name="heads", epochs=1, steps_per_epoch=3, first_epoch=1, trainable_parameters=1))
    terminal.show(step())
    line = bars.getvalue().rpartition("\x1b[K")[2]
    assert "212 pictures/s" in line and ("CPU 96 %" in line) is told and len(line) <= columns


def test_nothing_is_asked_where_no_bar_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.cli.progress.LoadWords", lambda: pytest.fail("asked"))
    terminal = Terminal(io.StringIO(), io.StringIO())
    terminal.show(PhaseStarted(name="heads", epochs=1, steps_per_epoch=3, first_epoch=1, trainable_parameters=1))
    terminal.show(step())


@pytest.mark.parametrize(("data", "advised"), [(1.0, False), (15.0, True)])
def test_a_run_ends_with_where_its_time_went(data: float, advised: bool) -> None:
    lines = io.StringIO()
    terminal = Terminal(io.StringIO(), lines)
    for event in (epoch(data), epoch(data).model_copy(update={"seconds": None, "images_per_s": None})):
        terminal.show(event)
    terminal.show(RunEnded(status="finished", best=None, elapsed_s=1.0))
    first, second, last = lines.getvalue().splitlines()
    assert first == "* epoch 1/0  a: loss 1.000  212 pictures/s  0:09 left"
    assert second == "* epoch 1/0  a: loss 1.000  0:09 left"
    assert last.startswith("Where the time of the steps went: waiting for data ") and "the rest" in last
    assert ("faster disk" in last) is advised
    if not advised:
        assert last.endswith("waiting for data 10 %, forward 30 %, backward 50 %, the rest 10 %.")
