"""`shrink`: a smaller network learns from a run, and a run is measured alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.documents import document_of
from tests.engine.training.runs import carry_out, project, two_tasks
from workbench.cli import main
from workbench.cli.commands import shrink
from workbench.cli.jobs import JobRun
from workbench.cli.parser import parse
from workbench.cli.shrunk_words import table_lines
from workbench.core.backbone_facts import WeightsFacts
from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.events import Event, Notice, Progress, Result, RunEnded, Step
from workbench.core.resolved import load_resolved
from workbench.core.shrink import SHRUNK_FILE
from workbench.engine.export import library
from workbench.engine.model import download_job
from workbench.engine.transfer.shrink import speed
from workbench.project.store import ProjectFile


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project with a run; the packages that export are missing, and little is timed."""
    folder = tmp_path_factory.mktemp("shrink")
    wanted = project(two_tasks(folder), preset="probe", epochs=2)
    file = ProjectFile.create(folder / "p", wanted)
    carry_out(wanted, file.folder, "001-probe")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "PACKAGES", ("onnx", "no_such_package"))
        patch.setattr(speed, "RUNS", 3)
        yield file.folder


def test_a_smaller_network_learns_from_a_run(trained: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = ProjectFile.read(trained).project
    options = ["--run", "1", "--backbone", "squeezenet1_1", "--weights", "none", "--method", "dkd", "--epochs", "1"]
    quick = ["--set", "recipe.head_epochs=1", "--set", "transfer.share=0.7"]
    document = document_of(capfd, "shrink", trained, *options, *quick)
    run = trained / "runs" / document["run"]
    assert document["run"] == "002-squeezenet1_1" and document["teacher"] == "001-probe"
    asked = load_resolved(run).project
    assert (asked.transfer.teacher, asked.transfer.distillation, asked.transfer.share) == ("001-probe", "dkd", 0.7)
    assert asked.backbone.freeze == 0 and asked.recipe.epochs == 1
    teacher, student = document["models"]
    assert (teacher["name"], student["name"]) == ("teacher", "student")
    assert student["parameters"] < teacher["parameters"] and student["bytes"] < teacher["bytes"]
    assert all(model["runtime"] == "torch" and model["ms_one"] > 0 for model in document["models"])
    for task in student["tasks"].values():
        assert 0 <= task["agreement"]["interval"][0] <= task["agreement"]["value"] <= 1
        low, high = task["metrics"]["accuracy_interval"]
        assert low <= task["metrics"]["accuracy"] <= high
    assert document["trained"]["status"] == "finished"
    kept = json.loads((run / SHRUNK_FILE).read_text(encoding="utf-8"))
    assert kept["models"] == document["models"]
    assert ProjectFile.read(trained).project == before
    text = "\n".join(table_lines(document))
    assert "squeezenet1_1" in text and "colour" in text and "same answers" in text
    assert "teacher in fp32" in text and "student in fp32" in text
    assert teacher["run_precision"] == student["run_precision"] == "fp32" and "list of runs" not in text


def test_a_run_alone_is_measured(trained: Path, capfd: pytest.CaptureFixture[str]) -> None:
    document = document_of(capfd, "shrink", trained, "--run", "1")
    assert [model["name"] for model in document["models"]] == ["run"]
    assert document["teacher"] is None and document["trained"] is None
    assert not (trained / "exports").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--method", "kd"], "no --backbone is named"),
        (["--backbone", "mobilnet_v2"], "mobilenet_v2"),
        (["--backbone", "squeezenet1_1", "--set", "transfer.share=2"], "transfer.share"),
        (["--run", "77"], "no run 77"),
    ],
)
def test_what_cannot_be_is_refused(
    trained: Path, capfd: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    runs = sorted((trained / "runs").iterdir())
    assert main(["shrink", str(trained), "--run", "1", *words]) == 2
    assert said in capfd.readouterr().err
    assert sorted((trained / "runs").iterdir()) == runs


@pytest.mark.parametrize("cancelled", [False, True])
def test_nothing_is_left_of_a_student_whose_weights_do_not_come(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cancelled: bool
) -> None:
    def unreachable(version: WeightsFacts, control: Control) -> Iterator[Event]:
        yield Progress(what="downloading", done=0, total=9)
        if not control.ending:
            raise RunError(f"{version.file} could not be downloaded.", "Try again later.")

    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(download_job, "fetch_version", unreachable)
    runs = sorted((trained / "runs").iterdir())
    command, args = parse(["shrink", str(trained), "--run", "1", "--backbone", "squeezenet1_1", "--weights", "default"])
    control = Control()
    run = JobRun(command.Job(args).events(control), control)
    for event in run:
        if cancelled and isinstance(event, Progress):
            control.cancel()
    assert run.exit_code == (130 if cancelled else 1)
    assert sorted((trained / "runs").iterdir()) == runs


def test_a_student_that_is_stopped_is_kept_and_not_compared(
    trained: Path,
) -> None:
    arguments = ["shrink", str(trained), "--run", "1", "--backbone", "squeezenet1_1", "--weights", "none"]
    command, args = parse([*arguments, "--set", "recipe.head_epochs=50"])
    control, events = Control(), []
    for event in command.Job(args).events(control):
        events.append(event)
        if isinstance(event, Step):
            control.stop()
    (result,) = [event for event in events if isinstance(event, Result)]
    assert isinstance(events[-1], RunEnded) and events[-1].status == "stopped"
    assert result.document["models"] == [] and result.document["trained"]["status"] == "stopped"
    assert any("was not compared" in event.text for event in events if isinstance(event, Notice))
    assert command.Job(args).describe(result.document).startswith(f"Run {result.document['run']} is stopped")


def test_a_student_that_cannot_be_compared_is_none_that_failed(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> Iterator[Event]:
        yield Progress(what="making files", done=0, total=3)
        raise RunError("No picture of the validation part can be read.", "Put the pictures back.")

    monkeypatch.setattr(
        shrink,
        "new_run",
        lambda *_: iter(
            [
                Result(what="train", document={"run": "002-squeezenet1_1"}),
                RunEnded(status="finished", best=None, elapsed_s=1.0, run="002-squeezenet1_1"),
            ]
        ),
    )
    monkeypatch.setattr(shrink.Job, "_compared", gone)
    command, args = parse(["shrink", str(trained), "--run", "1", "--backbone", "squeezenet1_1", "--weights", "none"])
    events = list(command.Job(args).events(Control()))
    assert isinstance(events[-1], RunEnded) and events[-1].status == "finished"
    told = "\n".join(event.text for event in events if isinstance(event, Notice))
    assert "cannot be compared with 001-probe: No picture of the validation part can be read. Put" in told
    assert "shrink --run 002-squeezenet1_1 does that" in told
