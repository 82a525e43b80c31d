from workbench.core.project import Project


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
