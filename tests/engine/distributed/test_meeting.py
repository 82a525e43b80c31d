"""A process that waits for the others to come hears when it is told to end, and why another does not come."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from workbench.cli.streams import obey_signals
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.place import Place
from workbench.engine.distributed import TeamEnded, TeamLost, join, ranks, refuse
from workbench.engine.distributed.ranks import Ranks

SOON_S = 10.0


@pytest.fixture
def address() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{found.getsockname()[1]}"


@pytest.fixture
def control() -> Iterator[Control]:
    """What is told by signals to this process."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    control = Control()
    obey_signals(control)
    yield control
    for number, handler in before.items():
        signal.signal(number, handler)


def place(rank: int, address: str) -> Place:
    return Place(rank, 2, rank, 2, address)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM")
@pytest.mark.parametrize("rank", [0, 1])
def test_who_waits_for_another_obeys_a_signal(address: str, control: Control, rank: int) -> None:
    team = Ranks(place(rank, address), control)
    threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGTERM]).start()
    begin = time.monotonic()
    with pytest.raises(TeamEnded, match=f"Process {rank + 1} of 2 was told to end"):
        team.total([])
    team.leave()
    assert time.monotonic() - begin < SOON_S


def test_who_comes_is_told_why_another_does_not(address: str) -> None:
    refused = RequestError("There is no such card.", "Choose another.")
    leading = threading.Thread(target=refuse, args=[place(0, address), refused, Control()])
    leading.start()
    waiting, begin = Ranks(place(1, address), Control()), time.monotonic()
    with pytest.raises(RequestError) as raised:
        waiting.total([])
    assert (raised.value.text, raised.value.fix) == (refused.text, refused.fix)
    waiting.leave(raised.value)  # it was not this one's: nobody is waited for
    leading.join(SOON_S)
    assert not leading.is_alive() and time.monotonic() - begin < SOON_S


def test_the_one_that_leads_hears_that_another_was_refused_or_told_to_end(address: str) -> None:
    for error, expected in ((RequestError("No.", "Mend it."), TeamLost), (TeamEnded("Told.", ""), TeamEnded)):
        other = Ranks(place(1, address), Control())
        opening = threading.Thread(target=other._open)
        opening.start()
        team = Ranks(place(0, address), Control())
        team._open()
        opening.join(SOON_S)
        other.leave(error)
        with pytest.raises(expected, match=error.text):
            team.total([])
        team.leave()


def test_nobody_is_waited_for_long_to_be_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranks, "_WORD_S", 0.2)
    begin = time.monotonic()
    Ranks(place(0, address), Control()).leave(RequestError("No.", "Mend it."))
    assert 0.2 <= time.monotonic() - begin < SOON_S


def test_what_a_process_has_joined_it_does_not_refuse_once_more(address: str) -> None:
    join(place(0, address), Control())
    refuse(place(0, address), RequestError("No.", "Mend it."), Control())  # would wait for the other to come
