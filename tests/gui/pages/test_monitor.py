"""The monitor beside the curves: what is sampled, when, and how it reads."""

import threading

import pytest
from PySide6.QtWidgets import QLabel

from tests.gui import synthetic
from workbench.core.events import Epoch, PhaseStarted, Step
from workbench.core.step_times import MUCH_WAITING
from workbench.gui.pages.train import load_sampler
from workbench.gui.pages.train.load_sampler import LoadSampler
from workbench.gui.pages.train.load_words import devices_of
from workbench.gui.pages.train.monitor import MonitorCard
from workbench.gui.pages.train.page import TrainPage
from workbench.gui.pages.train.time_words import advice, shares_of
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.load_bars import Taken
from workbench.project.cards import Card
from workbench.project.history import RunHistory
from workbench.project.load import Load

GB = 10**9
LONG = "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition"
SECONDS = {"data": 1.0, "forward": 3.0, "backward": 5.0, "rest": 1.0}


def load(*cards, cpu=0.75, celsius=64.4):
    return Load(cpu, 0.5, int(1.2 * GB), 12 * GB, 16 * GB, celsius, cards)


def card(name="NVIDIA H200", own=3 * GB):
    return Card(name, 0.93, 12 * GB, 80 * GB, own, 71.0)


class Machine:
    """Stands for the computer: asked on the worker's thread, fails where it is told to."""

    made = []

    def __init__(self):
        self.pids, self.threads, self.closed = [], [], False
        Machine.made.append(self)

    def sample(self, pid):
        self.pids.append(pid)
        self.threads.append(threading.get_ident())
        if pid == 13:
            raise OSError("no sensors")
        return load()

    def close(self):
        self.closed = True


@pytest.fixture(autouse=True)
def machine(monkeypatch):
    Machine.made = []
    monkeypatch.setattr(load_sampler, "MachineLoad", Machine)
    return Machine


@pytest.fixture
def page(workspace, show):
    return show(TrainPage(workspace))


def with_seconds(events, seconds=SECONDS):
    timed = (Step, Epoch)
    update = {"seconds": seconds, "images_per_s": 210.0}
    return [event.model_copy(update=update) if isinstance(event, timed) else event for event in events]


def begin(workspace, events):
    workspace.be("starting")
    workspace.feed(events)
    workspace.be("running")


def words(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


def test_it_samples_on_another_thread_while_a_run_is_looked_at(page, workspace, qtbot, machine, monkeypatch):
    sampler = page.monitor._sampler
    assert not page.monitor.isVisible() and not sampler.active and not machine.made
    monkeypatch.setattr(type(workspace), "engine_pid", 4321)
    with qtbot.waitSignal(sampler.sampled):
        begin(workspace, with_seconds(synthetic.run_events(upto=3)))
    (made,) = machine.made
    assert sampler.active and set(made.pids) == {4321} and threading.get_ident() not in made.threads
    assert "75 % · 64 °C" in words(page.monitor) and "4.0 of 16.0 GB" in words(page.monitor)
    assert "210 pictures/s" in words(page.monitor)
    page.hide()
    assert not sampler.active
    qtbot.waitUntil(lambda: made.closed)
    with qtbot.waitSignal(sampler.sampled):
        page.show()
    workspace.be("idle")
    assert not sampler.active
    qtbot.waitUntil(lambda: machine.made[-1].closed)


def test_a_run_that_has_ended_shows_where_its_time_went_and_an_older_one_nothing(page, workspace):
    begin(workspace, with_seconds(synthetic.run_events()))
    assert page.monitor.machine.isVisible()
    workspace.be("idle")
    assert page.monitor.isVisible() and not page.monitor.machine.isVisible()
    assert page.monitor.times.title.text() == "Where the time of the run went"
    assert page.monitor.times.legend.names() == ["Waiting for data 10 %", "Forward 30 %", "Backward 50 %", "Rest 10 %"]
    workspace.history = RunHistory()
    begin(workspace, list(synthetic.run_events()))
    assert not page.monitor.times.isVisible()
    workspace.be("idle")
    assert not page.monitor.isVisible()


def test_a_run_on_disk_is_not_sampled(workspace, qtbot, show):
    synthetic.write_run(workspace.folder, run="002-balanced")
    page = show(TrainPage(workspace))
    qtbot.waitUntil(lambda: page.shown_name == "002-balanced")
    assert not page.monitor.isVisible() and not page.monitor._sampler.active


def test_a_load_that_cannot_be_read_is_said_once(page, workspace, qtbot, monkeypatch):
    monkeypatch.setattr(type(workspace), "engine_pid", 13)
    with qtbot.waitSignal(page.monitor._sampler.failed):
        begin(workspace, list(synthetic.run_events(upto=2)))
    assert "no sensors" in page.monitor.problem.text() and page.monitor.problem.isVisible()
    assert not page.monitor._sampler.active
    page.hide()
    page.show()
    assert not page.monitor._sampler.active


def test_the_computer_comes_first_and_cards_that_the_run_does_not_use_are_left_out():
    computer, *cards = devices_of(load(card("One", None), card("Two"), card("Three", 0)))
    assert computer.title == "" and computer.load.taken == Taken(0.75, 0.5) and computer.memory.taken.all == 0.25
    assert computer.load.help == "This run: 50 %" and computer.memory.help == "This run: 1.2 GB"
    assert [each.title for each in cards] == ["1 · Two"]
    assert cards[0].load.value == "93 % · 71 °C" and cards[0].memory.value == "12.0 of 80.0 GB"
    assert cards[0].memory.spoken == "Memory: 12.0 of 80.0 GB. This run: 3.0 GB"
    assert [each.title for each in devices_of(load(card("One", None), card("Two", None)))[1:]] == ["0 · One", "1 · Two"]
    assert devices_of(load(card()))[1].title == "NVIDIA H200"


def test_what_cannot_be_told_is_a_dash():
    unknown = Card("Part", None, None, None, None, None)
    computer, part = devices_of(load(unknown, cpu=None, celsius=None))
    assert (computer.load.value, part.load.value, part.memory.value) == ("–", "–", "–")
    assert part.load.taken == part.memory.taken == Taken(None, None)


def test_much_waiting_is_explained():
    history = RunHistory()
    much = {"data": 4.0, "forward": 3.0, "backward": 2.0, "rest": 1.0}
    little = {"data": MUCH_WAITING, "forward": 1 - MUCH_WAITING}
    assert shares_of(None) == shares_of({"data": 0.0}) == [] and advice(None, history) == advice(little, history) == ""
    assert [round(share.share, 6) for share in shares_of(much)] == [0.4, 0.3, 0.2, 0.1]
    history.add(PhaseStarted(name="heads", epochs=2, steps_per_epoch=4, first_epoch=1, trainable_parameters=1))
    assert "first time" in advice(much, history)
    for event in synthetic.run_events():
        history.add(event)
    assert "faster disk" in advice(much, history)


@pytest.mark.parametrize("cards", [(), (card(),), (card(LONG, None), card(LONG, None))], ids=["none", "one", "two"])
def test_it_reads_well_whatever_the_computer_has(qtbot, look, cards, monkeypatch):
    history = RunHistory()
    for event in with_seconds(synthetic.run_events(upto=8), {**SECONDS, "data": 9.0}):
        history.add(event)
    monkeypatch.setattr(LoadSampler, "start", lambda self: None)  # this load alone is shown
    shown = MonitorCard(LoadSampler(lambda: None))
    qtbot.addWidget(shown)
    shown.set_run(history, True)
    shown.machine.show_load(load(*cards))
    shown.resize(636 if "doubled" in look else 372, 400)
    with qtbot.waitExposed(shown):
        shown.show()
    shown.resize(shown.width(), max(shown.minimumSizeHint().height(), shown.heightForWidth(shown.width())))
    rows = [row for row in shown.machine.rows if row.isVisible()]
    assert len(rows) == 1 + len(cards)
    for row in rows:
        for cell in (row.load, row.memory):
            assert cell.bar.accessibleName() and cell.value.width() >= cell.value.sizeHint().width()
    for label in shown.findChildren(ElidedLabel):
        if label.isVisible() and label.is_elided():
            assert label.text() in label.toolTip()
            assert "NVIDIA" in label.text()
    assert shown.times.advice.isVisible() and shown.minimumSizeHint().width() <= shown.width()
