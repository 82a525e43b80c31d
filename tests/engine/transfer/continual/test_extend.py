"""A trained run goes on with more pictures beside a memory of those that it knows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from tests.engine.training.runs import weights
from tests.engine.transfer.continual.runs import copied, document, notices, said, trained, yellow
from workbench.core.continual import GENTLE_RATE, gone_on
from workbench.core.errors import RequestError
from workbench.core.resolved import TABLE_FILE, Resolved, load_resolved
from workbench.core.specs import PARTS
from workbench.engine.data.table_file import load_table
from workbench.project.chains import chain
from workbench.project.runs import find_run, list_runs
from workbench.project.store import ProjectFile

QUICK = ["--set", "recipe.epochs=1", "--set", "recipe.head_epochs=1"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recipe = {"preset": "balanced", "epochs": 1, "head_epochs": 1, "augment": "none", "relatedness": False}
    return trained(tmp_path_factory.mktemp("extend") / "p", "linear", **recipe)


@pytest.fixture
def file(made: Path, tmp_path: Path) -> ProjectFile:
    return copied(made, tmp_path / "p")


def test_it_learns_from_the_new_pictures_and_the_memory_taught_by_the_old_model(
    file: ProjectFile, tmp_path: Path
) -> None:
    words = [f"yellow={yellow(tmp_path, 5)}", "--task", "colour", "--memory", "2", *QUICK]
    events = list(said("extend", str(file.folder), *words))
    found = document(events)
    recalled = found["recalled"]
    assert recalled["new_classes"] == ["yellow"] and recalled["added"] == {"yellow": {"train": 4, "validation": 1}}
    run = file.folder / "runs" / "002-extended"
    table, before = (load_table(each / TABLE_FILE, file.folder) for each in (run, run.with_name("001-first")))
    counts = table.counts()["colour"]["train"]
    assert counts["yellow"] == 4 and 2 <= counts["red"] < before.counts()["colour"]["train"]["red"]
    assert min(table.counts()["pattern"]["train"].values()) >= 2
    known = set(before.paths)
    judged = {path for path, part in zip(table.paths, table.part, strict=True) if PARTS[part] == "validation"}
    assert {path for path in judged if path in known} == {
        path for path, part in zip(before.paths, before.part, strict=True) if PARTS[part] == "validation"
    }
    resolved = load_resolved(run)
    assert resolved.project.backbone.weights == "run:001-first" and resolved.project.transfer.teacher == "001-first"
    assert "colour has yellow to learn" in notices(events)
    assert [each.run for each in chain(file.folder, find_run(file.folder, "2"))] == ["001-first", "002-extended"]
    columns = [(each["step"], each["task"]) for each in found["forgetting"]["columns"]]
    assert columns == [(0, "colour"), (0, "pattern"), (1, "colour")]
    assert file.project == ProjectFile.read(file.folder).project


def test_known_classes_keep_their_rows_of_the_head(file: ProjectFile, tmp_path: Path) -> None:
    still = ["--set", "recipe.preset=probe", "--set", "recipe.learning_rate=0", "--set", "recipe.epochs=1"]
    words = [f"orange={yellow(tmp_path, 3)}", "--task", "colour", "--teacher", "0", *still]
    list(said("extend", str(file.folder), *words))
    old, new = (weights(file.folder, "best", run) for run in ("001-first", "002-extended"))
    classes = load_resolved(file.folder / "runs" / "002-extended").task("colour").classes
    assert classes == ["blue", "green", "orange", "red"]
    for name in ("weight", "bias"):
        key = f"heads.task colour.linear.{name}"
        assert torch.equal(new[key][[0, 1, 3]], old[key])


def test_without_old_pictures_another_task_would_be_lost_and_that_is_refused(file: ProjectFile, tmp_path: Path) -> None:
    words = ["extend", str(file.folder), f"yellow={yellow(tmp_path, 3)}", "--task", "colour", *QUICK]
    with pytest.raises(RequestError, match="without losing"):
        list(said(*words, "--memory", "0"))
    shutil.rmtree(file.folder / "colours")
    with pytest.raises(RequestError, match="are gone"):
        list(said(*words))
    assert [info.run for info in list_runs(file.folder)] == ["001-first"]


def test_what_is_wrong_is_said(file: ProjectFile, tmp_path: Path) -> None:
    at = str(file.folder)
    (tmp_path / "empty").mkdir()
    for words, part in (
        ([str(file.folder / "colours"), "--task", "colour"], "already"),
        ([f"x={tmp_path / 'empty'}", "--task", "colour"], "no picture"),
        ([f"x={yellow(tmp_path, 1)}", "--task", "colour", "--memory", "-1"], "--memory"),
    ):
        with pytest.raises(RequestError, match=part):
            list(said("extend", at, *words))
    with pytest.raises(RequestError, match="followed each other"):
        list(said("forgetting", at))


def test_stages_learn_gently_unless_a_rate_is_asked_for_and_heads_alone_as_they_do(file: ProjectFile) -> None:
    run = file.folder / "runs" / "001-first"
    resolved = load_resolved(run)
    assert gone_on(resolved, run, file.folder).recipe.learning_rate == GENTLE_RATE

    def with_recipe(**values: object) -> Resolved:
        recipe = resolved.project.recipe.model_copy(update=values)
        return resolved.model_copy(update={"project": resolved.project.model_copy(update={"recipe": recipe})})

    assert gone_on(with_recipe(learning_rate=0.01), run, file.folder).recipe.learning_rate == 0.01
    assert gone_on(with_recipe(preset="probe"), run, file.folder).recipe.learning_rate == "auto"
    with pytest.raises(RequestError, match="Nothing in run"):
        gone_on(with_recipe(preset="few-shot"), run, file.folder)
