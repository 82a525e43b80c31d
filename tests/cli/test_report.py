"""`workbench report`: one file of every kind of task, whose numbers are those of `evaluate`."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.cli.documents import document_of
from tests.engine.training.runs import carry_out, four_kinds, project
from workbench.cli import main
from workbench.core.control import Control
from workbench.core.events import Progress, Result
from workbench.core.specs import ReportSpec
from workbench.engine.insight.report.job import COLLECTING, report
from workbench.project.edits import changed
from workbench.project.recorder import Recorder
from workbench.project.report.words import metric_text, metric_title
from workbench.project.store import ProjectFile

VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """Checks that every element is closed in its turn, and keeps what it refers to and what it says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "data", "action")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a run that is calibrated."""
    tmp_path = tmp_path_factory.mktemp("report")
    made = project(four_kinds(tmp_path), {"name": "squeezenet1_0"}, preset="probe", epochs=1)
    made = changed(made, split={"validation": 0.3})
    file = ProjectFile.create(tmp_path / "p <&> q", made)
    events = carry_out(made, file.folder, "001-probe")
    with Recorder(file.folder / "runs" / "001-probe") as recorder:
        for event in events:
            recorder.write(event)
    assert main(["calibrate", str(file.folder), "--json"]) == 0
    return file.folder


def test_the_file_stands_alone_and_says_what_evaluate_says(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "report.html"
    told = document_of(capfd, "report", folder, "1", "--out", out)
    assert told["files"] == [{"path": str(out), "bytes": out.stat().st_size}] and out.stat().st_size < 5_000_000
    text = out.read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == [] and page.links and all(link.startswith("data:image/jpeg;base64,") for link in page.links)
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "") and "url(" not in text
    assert "p <&> q: run 001-probe" in page.words

    scored = document_of(capfd, "evaluate", folder, "--run", "1")
    inside = json.loads(re.search(r'<script type="application/json" id="scores">(.*?)</script>', text, re.DOTALL)[1])
    for name, task in scored["tasks"].items():
        del task["images"]
        assert inside["tasks"][name] == task == told["tasks"][name]
        for metric, value in task["metrics"].items():
            if isinstance(value, float):
                assert metric_text(metric, value) in page.words and metric_title(metric) in page.words
    assert inside["part"] == scored["part"] == "validation"
    said = "\n".join(page.words)
    for needed in ("Data", "Confusion matrix", "Worst answers", "Where it looked", "Confidence beside", "temperature"):
        assert needed in said
    for needed in ("Where it is wrong", "Training", "colour: loss", "train 'p <&> q' --repeat 001-probe", "torch"):
        assert needed in said
    assert str(folder) not in text


def test_other_pictures_are_reported_as_evaluate_scores_them(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    task = ProjectFile.read(folder).project.task("colour")
    words = ["--data", f"colour={folder / task.source}:{task.column}"]
    out = tmp_path / "others.html"
    told = document_of(capfd, "report", folder, "1", "--out", out, *words)
    scored = document_of(capfd, "evaluate", folder, "--run", "1", *words)
    del scored["tasks"]["colour"]["images"]
    assert told["part"] == scored["part"] == "data" and told["tasks"] == scored["tasks"]
    said = Page(out.read_text(encoding="utf-8")).words
    assert any("other labelled pictures: colour from" in each and str(folder) not in each for each in said)
    assert main(["report", str(folder), "1", *words, "--part", "train"]) == 2
    assert "exclude each other" in capfd.readouterr().err


def test_told_to_end_it_says_nothing(folder: Path) -> None:
    control = Control()
    spec = ReportSpec(project_dir=folder, run_dir=folder / "runs" / "001-probe", run="001-probe")
    events = []
    for event in report(spec, control):
        events.append(event)
        if isinstance(event, Progress) and event.what == COLLECTING:
            control.cancel()
    assert len(events) > 1 and not any(isinstance(event, Result) for event in events)


def test_a_wrong_request_writes_nothing(folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for words, named in (
        (["7"], "no run 7"),
        (["1", "--part", "test"], "no picture in its test part"),
        (["1", "--out", str(tmp_path)], "is a folder"),
    ):
        assert main(["report", str(folder), *words]) == 2
        assert named in capfd.readouterr().err
    assert not (folder / "exports").exists() and not list(tmp_path.iterdir())
