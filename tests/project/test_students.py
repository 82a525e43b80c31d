"""Which networks can learn from a run, and what is read of those that did."""

from __future__ import annotations

import json
from pathlib import Path

from tests.engine.training.test_phases import resolved
from workbench.core import catalogue
from workbench.core.shrink import SHRUNK_FILE, student_of
from workbench.project.students import Teacher, read_shrunk


def teacher(kind: str = "single-label") -> Teacher:
    facts = resolved()
    tasks = [task.model_copy(update={"kind": kind}) for task in facts.tasks]
    return Teacher("r", facts.model_copy(update={"tasks": tasks}), catalogue.get("resnet18"))


def test_students_are_smaller_and_the_largest_comes_first() -> None:
    found = [facts.parameters for facts in teacher().students(lambda _: True)]
    assert found and found == sorted(found, reverse=True) and found[0] < catalogue.get("resnet18").parameters


def test_only_networks_that_are_here_and_fit_the_tasks_are_offered() -> None:
    assert not teacher().students(lambda _: False)
    assert all(facts.dense for facts in teacher("mask").students(lambda _: True))
    assert not all(facts.dense for facts in teacher().students(lambda _: True))


def test_a_student_has_the_tasks_and_the_split_of_its_teacher_and_trains_wholly() -> None:
    before = resolved(batch_size=7, image_size=96, seed=5)
    before = before.model_copy(update={"run": "004-x"})
    found = student_of(before, "squeezenet1_1", "none", {"share": 0.7})
    assert [task.name for task in found.tasks] == ["a", "b"] and found.split == before.project.split
    assert (found.recipe.image_size, found.recipe.preset, found.backbone.freeze) == (96, "balanced", 0)
    assert (found.transfer.teacher, found.transfer.share) == ("004-x", 0.7)


def test_heads_that_are_worked_out_at_once_become_heads_that_train() -> None:
    before = resolved()
    ridge = before.project.tasks[0].model_copy(update={"head": "ridge"})
    project = before.project.model_copy(update={"tasks": [ridge, before.project.tasks[1]]})
    found = student_of(before.model_copy(update={"project": project}), "squeezenet1_1")
    assert [task.head for task in found.tasks] == ["linear", "mlp"]


def test_a_damaged_comparison_counts_as_none(tmp_path: Path) -> None:
    assert read_shrunk(tmp_path) is None
    path = tmp_path / SHRUNK_FILE
    path.parent.mkdir()
    path.write_text("{", encoding="utf-8")
    assert read_shrunk(tmp_path) is None
    path.write_text(json.dumps({"models": []}), encoding="utf-8")
    assert read_shrunk(tmp_path) == {"models": []}
