"""What a command prints while its reader goes away, and how events are completed."""

import argparse
import os
import sys
from collections.abc import Iterator

import pytest

from tests.warm import shell
from workbench.cli import output
from workbench.cli.jobs import CommandJob, JobRun
from workbench.cli.progress import Terminal
from workbench.core.control import Control
from workbench.core.events import Epoch, Event, Notice, Result, RunEnded


class Saves(CommandJob):
    """Says something until it is told to end, then saves."""

    saved = False

    def events(self, control: Control) -> Iterator[Event]:
        for number in range(1000):
            if control.ending:
                break
            yield Notice(run="001-a", level="info", text=f"line {number}")
        self.saved = True
        yield RunEnded(status="interrupted" if control.ending else "finished", best=None, elapsed_s=0.0)

    def describe(self, document: object) -> str:
        return ""


@pytest.mark.parametrize("target", ["a pipe without reader", "/dev/full"])
def test_a_job_that_nobody_hears_any_more_is_cancelled_and_saves(target, monkeypatch):
    if target.startswith("/"):
        if not os.path.exists(target):
            pytest.skip("only Linux has a device that is always full")
        number = os.open(target, os.O_WRONLY)
    else:
        reader, number = os.pipe()
        os.close(reader)
    with open(number, "w", encoding="utf-8") as lost:
        monkeypatch.setattr(sys, "stdout", lost)
        monkeypatch.setattr(output, "obey_signals", lambda control: None)
        job = Saves(argparse.Namespace(events=False, json=False))
        assert output.carry_out(job) == 130
        assert job.saved


@pytest.mark.parametrize("form", ["events", "json"])
@pytest.mark.parametrize("heard", [True, False])
def test_the_claimed_output_is_closed_whether_it_is_heard_to_the_end_or_not(form, heard, monkeypatch):
    class Says(Saves):
        def events(self, control):
            yield Result(what="x", document={"a": 1})

    reader, number = os.pipe()
    if not heard:
        os.close(reader)
    out = os.fdopen(number, "w", encoding="utf-8")
    monkeypatch.setattr(output, "claim_stdout", lambda: out)
    monkeypatch.setattr(output, "obey_signals", lambda control: None)
    monkeypatch.setattr(output, "listen", lambda hear: None)
    job = Says(argparse.Namespace(events=form == "events", json=form == "json"))
    if form == "json" and not heard:
        with pytest.raises(BrokenPipeError):
            output.carry_out(job)
    else:
        output.carry_out(job)
    assert out.closed
    if heard:
        with open(reader, encoding="utf-8") as said:
            assert '"a":' in said.read()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("command", ["check", "runs"])
def test_a_document_for_which_the_disk_has_no_room_is_said_in_a_sentence(command, picture_project):
    with open("/dev/full", "w") as full:
        told = shell(command, picture_project, "--json", stdout=full)
    assert (told.returncode, told.stderr.count("\n")) == (1, 1) and "The disk is full." in told.stderr


def test_every_event_has_a_run_and_a_time():
    events = list(
        JobRun(iter([Notice(run="001-a", level="info", text="x"), Notice(level="info", text="y")]), Control())
    )
    assert [event.run for event in events] == ["001-a"] * 3
    assert all(event.time for event in events)
    assert events[-1].event == "run_ended"


def test_what_may_not_be_written_is_a_wrong_request_in_one_sentence(tmp_path):
    def forbidden():
        yield Notice(level="info", text="x")
        raise PermissionError(13, "Permission denied", str(tmp_path / ".few-shot.json.7.tmp"))

    run = JobRun(forbidden(), Control())
    failed = next(event for event in run if event.event == "run_failed")
    assert run.exit_code == 2 and not failed.traceback
    assert failed.error.startswith(f"{tmp_path} cannot be read or written") and "copy the project" in failed.advice


@pytest.mark.parametrize(("loss", "text"), [(0.0, "loss 0.000"), (None, "")])
def test_a_terminal_never_shows_what_is_no_number(loss, text, capsys):
    epoch = Epoch(
        phase="heads",
        epoch=1,
        step=1,
        train={"a": {"loss": loss, "accuracy": None}},
        validation={},
        score=None,
        elapsed_s=1.0,
        remaining_s=0.0,
        best=True,
    )
    Terminal(sys.stderr, sys.stdout).show(epoch)
    shown = capsys.readouterr().out
    assert text in shown
    assert "nan" not in shown
