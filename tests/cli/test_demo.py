"""The demo without a window."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from workbench.cli.commands import demo, train
from workbench.core.control import Control
from workbench.core.events import Notice, Progress


def test_what_has_been_drawn_is_trained_on(picture_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = Progress(what="drawing", done=1, total=1)
    monkeypatch.setattr(demo, "make_demo", lambda folder: iter([drawn]))
    monkeypatch.setattr(train, "_recorded", lambda spec, control: iter([Notice(level="info", text=spec.run)]))
    job = demo.Job(argparse.Namespace(folder=picture_project, json=False, events=False))
    assert list(job.events(Control())) == [drawn, Notice(level="info", text="001-balanced")]
    assert (picture_project / "runs" / "001-balanced" / train.ASKED_FILE).exists()
