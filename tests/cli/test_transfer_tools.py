"""`blend`, `soup`, `shots` and `transfer` as they are typed: what they print, keep, and refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.transfer.blend.runs import fine_tuned
from workbench.cli.jobs import DONE, INTERRUPTED, WRONG_REQUEST, JobRun
from workbench.cli.parser import parse
from workbench.core.control import Control
from workbench.core.events import Result, RunFailed, Trial
from workbench.project.runs import list_runs
from workbench.project.store import ProjectFile
from workbench.project.trials import TRANSFERS, list_trials


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> ProjectFile:
    return fine_tuned(tmp_path_factory.mktemp("tools"))


def typed(file: ProjectFile, command: str, *words: str, stop: bool = False) -> tuple[int, str, Any]:
    """Carry out a command in this process: its exit code, what it says to people, and its document."""
    module, args = parse([command, str(file.folder), *words])
    control = Control()
    job = module.Job(args)
    run = JobRun(job.events(control), control)
    said, document = "", None
    for event in run:
        if isinstance(event, Result):
            document = event.document
            said = job.describe(document)
        elif isinstance(event, RunFailed):
            said = f"{event.error} {event.advice}{event.traceback}"
        elif stop and isinstance(event, Trial) and event.number == 2:
            control.cancel()
    return run.exit_code, said, document


def test_a_blend_is_scored_told_and_kept_as_a_run(file: ProjectFile) -> None:
    code, said, document = typed(file, "blend", "--run", "1", "--shares", "0,1")
    assert code == DONE and [point["share"] for point in document["curves"]["validation"]] == [0.0, 1.0]
    assert "Run 001-full on validation pictures" in said and "Highest: " in said and "colour: accuracy" in said
    other = f"colour={file.folder.parent / 'colours'}"
    code, said, _ = typed(file, "blend", "--run", "1", "--share", "0.5", "--keep", "--data", other)
    assert code == DONE and "on the other pictures" in said and said.endswith("Kept as run 003-blend.")
    made = next(run for run in list_runs(file.folder) if run.run == "003-blend")
    assert made.status == "finished" and made.derived == "blend" and set(made.metrics) == {"colour", "pattern"}


def test_a_soup_is_told_beside_its_runs_and_kept(file: ProjectFile) -> None:
    code, said, document = typed(file, "soup", "--runs", "1,2", "--greedy", "--keep")
    assert code == DONE and document["kept"] and document["kept"].endswith("-soup")
    assert "uniform soup" in said and "greedy soup" in said and f"Kept as run {document['kept']}." in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["blend", "--run", "1", "--keep"], "--keep needs to know which blend"),
        (["blend", "--run", "1", "--share", "0.5", "--shares", "0,1"], "exclude each other"),
        (["blend", "--run", "1", "--shares", "half"], "no list of numbers"),
        (["soup", "--runs", "1"], "two runs or more"),
        (["soup", "--runs", "1,77"], "no run 77"),
        (["shots", "--shots", "one"], "no list of numbers"),
        (["shots", "--draws", "1"], "1 draws"),
        (["transfer", "--seeds", "9"], "9 seeds"),
        (["transfer", "--fractions", "most"], "no list of numbers"),
        (["transfer", "--set", "backbone.weights=none"], "random weights"),
    ],
)
def test_a_wrong_request_is_one_sentence_and_writes_nothing(file: ProjectFile, words: list[str], said: str) -> None:
    before = _files(file.folder)
    code, told, document = typed(file, words[0], *words[1:])
    assert code == WRONG_REQUEST and said in told and document is None and "Traceback" not in told
    assert _files(file.folder) == before


def test_few_pictures_are_told_in_a_table(file: ProjectFile) -> None:
    code, said, document = typed(file, "shots", "--shots", "1", "--draws", "2", "--task", "colour")
    assert code == DONE and list(document["tasks"]) == ["colour"]
    assert "features: ridge" in said and "raw pixels: centroid" in said and "chance is 33.3 %" in said


def test_a_stopped_transfer_report_is_gone_on_with(file: ProjectFile) -> None:
    settings = ["recipe.epochs=1", "recipe.head_epochs=1", "recipe.preset=balanced", "split.validation=0.4"]
    words = [word for each in settings for word in ("--set", each)]
    code, _, document = typed(file, "transfer", *words, "--fractions", "none", stop=True)
    assert code == INTERRUPTED and document is None
    (begun,) = list_trials(TRANSFERS, file.folder)
    assert (begun.done, begun.total, begun.document) == (1, 4, None)
    assert (begun.folder / "frozen-seed0" / "events.jsonl").exists()
    code, said, document = typed(file, "transfer", *words, "--fractions", "none")
    assert code == DONE and said.endswith(document["sentence"])
    assert "random weights" in said and "partly frozen (2 stages)" in said and "beside random weights" in said
    assert [info.number for info in list_trials(TRANSFERS, file.folder)] == [1]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if "cache" not in path.parts and path.name != ".lock")
