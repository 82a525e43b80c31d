"""A run learns one more task, and its old answers are the same bits."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.engine.training.runs import four_kinds, weights
from tests.engine.transfer.continual.runs import copied, document, notices, said, trained
from workbench.cli.commands import add_task as command
from workbench.core.errors import RequestError
from workbench.core.project import Task
from workbench.core.recipe import Recipe
from workbench.core.resolved import load_resolved
from workbench.engine.insight.predictor import Predictor
from workbench.engine.transfer.continual import add_task as job
from workbench.project.runs import list_runs
from workbench.project.store import ProjectFile, trainable_or_refuse


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a trained backbone, so that old answers are more than those of a starter."""
    return trained(tmp_path_factory.mktemp("tasks") / "p", "linear", preset="full", epochs=1, augment="none")


@pytest.fixture
def file(made: Path, tmp_path: Path) -> ProjectFile:
    return copied(made, tmp_path / "p")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "later").mkdir()
    four_kinds(tmp_path / "later")
    return tmp_path / "later"


def test_old_answers_are_the_same_bits_and_that_is_checked_and_said(file: ProjectFile, source: Path) -> None:
    at = str(file.folder)
    task = Task(name="hue", source=str(source / "table.csv"), column="colour", head="ridge")
    file.save(file.project.model_copy(update={"tasks": [*file.project.tasks, task]}))
    events = list(said("add-task", at, "hue"))
    found = document(events)
    assert "The project has" not in notices(events)
    assert found["head"] == "ridge" and found["metrics"]["accuracy"] > 0.4
    proof = found["proof"]
    assert proof["identical"] and proof["pictures"] == 18 and proof["answers"] == 18 * (3 + 2)
    assert "are the same bits as before" in notices(events)
    old, new = (weights(file.folder, "best", run) for run in ("001-first", "002-hue"))
    assert all(torch.equal(new[name], value) for name, value in old.items())
    assert {name for name in new if name not in old} and all("task hue" in name for name in new.keys() - old.keys())
    images = sorted((source / "pictures").glob("*.png"))[:5]
    one, other = (Predictor(file.folder / "runs" / run).predict(images) for run in ("001-first", "002-hue"))
    for before, after in zip(one, other, strict=True):
        assert all(torch.equal(after.answers[task], before.answers[task]) for task in ("colour", "pattern"))
        assert after.answers["hue"].shape == (3,)


@pytest.mark.parametrize(
    ("words", "kind", "head"),
    [
        (["marks={}/table.csv:marks", "--kind", "multi-label"], "multi-label", "multi-label"),
        (["size={}/table.csv:size"], "number", "number"),
        (["area={}/pictures", "--masks", "{}/masks"], "mask", "dense"),
        (["hue={}/table.csv:colour", "--head", "linear"], "single-label", "linear"),
    ],
)
def test_every_kind_of_head_can_be_added(
    file: ProjectFile, source: Path, words: list[str], kind: str, head: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "preset_values", lambda name: {"epochs": 1, "head_epochs": 0, "augment": "none"})
    found = document(list(said("add-task", str(file.folder), *(word.format(source) for word in words))))
    assert (found["kind"], found["head"]) == (kind, head) and found["proof"]["identical"]
    assert [task.name for task in load_resolved(file.folder / "runs" / f"002-{found['task']}").tasks][:2] == [
        "colour",
        "pattern",
    ]


def test_the_project_gets_the_task_unless_it_is_not_to(file: ProjectFile, source: Path) -> None:
    at, words = str(file.folder), f"hue={source / 'table.csv'}:colour"
    list(said("add-task", at, words, "--only-the-run"))
    assert [task.name for task in ProjectFile.read(file.folder).project.tasks] == ["colour", "pattern"]
    events = list(said("add-task", at, words, "--run", "1"))
    assert "The project has the task hue now" in notices(events)
    assert "with the head linear, as ridge needs a backbone that stands still" in notices(events)
    project = ProjectFile.read(file.folder).project
    assert [(task.name, task.head) for task in project.tasks][2] == ("hue", "linear")
    trainable_or_refuse(project)
    project = project.model_copy(update={"recipe": Recipe(preset="few-shot")})
    assert command._for_later_runs(project, task := Task(name="hue", source=words, head="ridge")) == task


def test_a_changed_answer_is_found_and_nothing_is_kept(
    file: ProjectFile, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One bit of one old weight is enough."""
    with_head = job.with_head

    def spoilt(weights: dict[str, torch.Tensor], *rest: object) -> dict[str, torch.Tensor]:
        found = with_head(weights, *rest)  # type: ignore[arg-type]
        name = "heads.task colour.linear.bias"
        return {**found, name: torch.nextafter(found[name], torch.full_like(found[name], 9.0))}

    monkeypatch.setattr(job, "with_head", spoilt)
    with pytest.raises(Exception, match="are not the same bits"):
        list(said("add-task", str(file.folder), f"hue={source / 'table.csv'}:colour"))
    assert [info.run for info in list_runs(file.folder)] == ["001-first"]
    assert [task.name for task in ProjectFile.read(file.folder).project.tasks] == ["colour", "pattern"]


def test_where_the_old_pictures_are_gone_the_new_ones_prove_it(file: ProjectFile, source: Path) -> None:
    table = file.folder / "runs" / "001-first" / "table.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(".png", "-gone.png"), encoding="utf-8")
    proof = document(list(said("add-task", str(file.folder), f"hue={source / 'table.csv'}:colour")))["proof"]
    new = len(list((source / "pictures").glob("*.png")))
    assert proof["identical"] and proof["pictures"] == new and proof["tasks"] == ["colour", "pattern"]


def test_what_cannot_be_added_is_said(file: ProjectFile, source: Path) -> None:
    for words, part in (
        (f"Colour={source / 'table.csv'}:colour", "has a task colour already"),
        ("shade", "no task shade"),
    ):
        with pytest.raises(RequestError, match=part):
            list(said("add-task", str(file.folder), words))
