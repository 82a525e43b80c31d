"""Runs that are made of other runs: scored and stored as trained ones are."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.engine.training.runs import carry_out, four_kinds, project
from workbench.cli.commands.train import Job as Train
from workbench.cli.commands.train import typed
from workbench.cli.derived import derived_run
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Result, RunEnded
from workbench.core.resolved import Derived, load_resolved
from workbench.core.specs import EvaluateSpec
from workbench.engine import jobs
from workbench.engine.insight.evaluate import evaluate
from workbench.engine.transfer.derived import Made, derive, read_origin
from workbench.project.repeats import project_of
from workbench.project.runs import find_run, list_runs
from workbench.project.store import ProjectFile

_COPY = "tests.engine.transfer.test_derived:copy"


def copy(spec: EvaluateSpec, control: Control) -> Iterator[Event]:
    """A job: the same model again, as a run of its own."""
    if spec.run == "refused":
        raise RequestError("No.", "Ask otherwise.")
    made = yield from _copied(spec.project_dir, spec.run_dir, control)
    if made is not None:
        yield Result(what="copy", document={"run": spec.run_dir.name})
        yield made.ended


def _copied(folder: Path, run_dir: Path, control: Control) -> Generator[Event, None, Made | None]:
    origin = read_origin(folder / "runs" / "001-probe", folder)
    derived = Derived(method="copy", origins=[origin.run], settings={"share": 0.5})
    return (yield from derive(run_dir, folder, origin.resolved, origin.table, origin.stored.weights, derived, control))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectFile:
    """A project with one run of every kind of task."""
    made = project(four_kinds(tmp_path), {"name": "squeezenet1_0"}, preset="probe", epochs=1)
    file = ProjectFile.create(tmp_path / "p", made)
    carry_out(made, file.folder, "001-probe")
    monkeypatch.setitem(jobs.JOBS, "copy", _COPY)
    return file


def _made(file: ProjectFile, run: str, control: Control | None = None) -> Iterator[Event]:
    def spec(run_dir: Path) -> EvaluateSpec:
        return EvaluateSpec(project_dir=file.folder, run_dir=run_dir, run=run)

    return derived_run(file, "copy", "copy", spec, control or Control())


def _scores(folder: Path, run: str) -> object:
    spec = EvaluateSpec(project_dir=folder, run_dir=folder / "runs" / run, run=run)
    (result,) = (event for event in evaluate(spec, Control()) if isinstance(event, Result))
    return result.document["tasks"]


def test_a_copy_scores_as_its_origin_and_is_a_run_like_any(file: ProjectFile) -> None:
    events = list(_made(file, "copy"))
    assert isinstance(events[-1], RunEnded) and events[-1].status == "finished"
    info = find_run(file.folder, "latest")
    assert (info.run, info.status, info.derived) == ("002-copy", "finished", "copy")
    assert _scores(file.folder, "002-copy") == _scores(file.folder, "001-probe")
    assert load_resolved(info.folder).derived == Derived(method="copy", origins=["001-probe"], settings={"share": 0.5})
    for words in (["--more", "1"], ["--repeat", "2"]):
        with pytest.raises(RequestError, match="not trained"):
            list(Train(typed(str(file.folder), *words)).events(Control()))
    with pytest.raises(RequestError, match="not trained"):
        project_of(file.folder, "2")


def test_what_is_stopped_or_refused_leaves_nothing(file: ProjectFile) -> None:
    control = Control()
    control.stop()
    assert not any(isinstance(event, RunEnded) for event in _made(file, "copy", control))
    with pytest.raises(RequestError):
        list(_made(file, "refused"))
    assert [info.run for info in list_runs(file.folder)] == ["001-probe"]
    assert sorted(path.name for path in (file.folder / "runs").iterdir()) == [".lock", "001-probe"]
