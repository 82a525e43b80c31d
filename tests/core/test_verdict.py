"""What counts as the same recipe, and the conditions that every run of a verdict shares."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.core.project import Project
from workbench.core.verdict import fair, recipe_key


def project(**recipe: Any) -> Project:
    tasks = [{"name": name, "source": name} for name in "abc"]
    return Project.model_validate({"name": "P", "tasks": tasks, "recipe": recipe})


def test_every_run_trains_all_its_epochs_on_its_tasks() -> None:
    run = fair(project(preset="probe", epochs=7, seed=3), ["c", "a"], 5)
    assert [task.name for task in run.tasks] == ["a", "c"]
    assert (run.recipe.seed, run.recipe.patience, run.recipe.relatedness, run.recipe.epochs) == (5, 0, False, 7)
    assert run.backbone.freeze == "all"


@pytest.mark.parametrize(
    "other", [{"seed": 9}, {"patience": 2}, {"relatedness": False}, {"device": "cpu"}, {"epochs": 10}]
)
def test_chance_and_defaults_do_not_make_another_recipe(other: dict[str, Any]) -> None:
    plain = project()
    assert recipe_key(project(**other)) == recipe_key(plain) == recipe_key(plain.effective())
    assert recipe_key(fair(plain, ["a", "b", "c"], 4)) == recipe_key(plain)


def test_settings_and_tasks_make_another_recipe() -> None:
    others = (project(), project(epochs=11), project(preset="full"), fair(project(), ["a", "b"], 0))
    assert len({recipe_key(other) for other in others}) == 4
