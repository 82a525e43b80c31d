import pytest

from workbench.core import catalogue
from workbench.core.errors import RequestError
from workbench.core.project import Project
from workbench.core.timeline import check_timeline


def effective(**data):
    return Project.model_validate({"tasks": [{"name": "a", "source": "b"}], **data}).effective()


def test_absent_keys_follow_the_preset_and_written_keys_win():
    assert effective(recipe={"preset": "probe"}).recipe.augment == "none"
    assert effective(recipe={"preset": "probe", "augment": "light"}).recipe.augment == "light"
    assert effective(recipe={"preset": "full"}).recipe.head_epochs == 0
    assert effective(recipe={"preset": "full", "head_epochs": 3}).recipe.head_epochs == 3


def test_presets_force_or_obey_the_freeze_depth():
    assert effective(recipe={"preset": "probe"}, backbone={"freeze": 1}).backbone.freeze == "all"
    assert effective(recipe={"preset": "full"}, backbone={"freeze": 1}).backbone.freeze == 0
    assert effective(recipe={"preset": "balanced"}, backbone={"freeze": 1}).backbone.freeze == 1


def test_effective_is_stable():
    once = effective(recipe={"preset": "probe"})
    assert once.effective() == once


def test_few_shot_gives_heads_that_are_worked_out_to_tasks_that_name_none():
    tasks = [{"name": "a", "source": "b"}, {"name": "c", "source": "d", "head": "mlp"}]
    tasks += [{"name": "e", "source": "f", "column": "g", "kind": "number"}]
    found = Project.model_validate({"tasks": tasks, "recipe": {"preset": "few-shot"}}).effective()
    assert [task.head for task in found.tasks] == ["ridge", "mlp", "number"]
    assert found.effective() == found and found.recipe.epochs == 40


def test_heads_that_are_worked_out_want_a_backbone_that_stands_still():
    task = {"name": "a", "source": "b", "head": "centroid"}
    check_timeline(Project.model_validate({"tasks": [task], "recipe": {"preset": "probe"}}).effective())
    with pytest.raises(RequestError, match="centroid of a is worked out on a backbone that stands still"):
        check_timeline(Project.model_validate({"tasks": [task]}).effective())


def test_pictures_are_as_large_as_the_weights_know_them_unless_a_size_is_written():
    def size(weights: str, **recipe: int) -> int:
        project = Project.model_validate({"backbone": {"weights": weights}, "recipe": recipe})
        return project.effective().recipe.image_size

    assert size("starter") == catalogue.STARTER_SIZE and size("default") == size("none") == 224
    assert size("starter", image_size=224) == 224 and size("default", image_size=96) == 96
