import pytest

from workbench.core.errors import RequestError
from workbench.core.fitting import check_backbone, finer_settings, of_kind
from workbench.core.kinds import HEADS, KINDS
from workbench.core.parsing import task_settings, validate_project
from workbench.core.project import Task


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_settings_and_none_of_another_kind(kind):
    for head in HEADS[kind]:
        settings = finer_settings(kind, head)
        assert {"tasks.own_stages", "tasks.dropout"} <= {setting.key for setting in settings}
        assert all(setting.fits(kind) and setting.advanced for setting in settings)


def test_a_hidden_width_is_only_for_heads_that_have_one():
    assert {head for kind in KINDS for head in HEADS[kind] if "tasks.hidden" in _keys(kind, head)} == {
        "mlp", "multi-label", "number", "dense",
    }  # fmt: skip


def _keys(kind, head):
    return {setting.key for setting in finer_settings(kind, head)}


def test_kinds_and_heads_of_settings_are_known():
    for setting in task_settings().values():
        assert set(setting.kinds) <= set(KINDS)
        assert set(setting.heads) <= {head for heads in HEADS.values() for head in heads}


@pytest.mark.parametrize("kind", KINDS)
def test_another_kind_drops_what_means_nothing_for_it(kind):
    written = {
        "name": "a", "source": "t.csv", "column": "c", "head": "mlp", "weight": 2.0, "class_weights": True,
        "focal": 1.0, "huber": 2.0, "separator": ";", "own_stages": 1,
    }  # fmt: skip
    made = of_kind(written, kind)
    task = validate_project({"tasks": [made]}).tasks[0]
    assert task.kind == kind and task.head in HEADS[kind]
    assert (task.weight, task.own_stages, task.column) == (2.0, 1, "c")
    assert ("huber" in made) == (kind == "number") and ("separator" in made) == (kind == "multi-label")
    assert ("focal" in made) == ("class_weights" in made) == (kind != "number")


def test_forms_of_source():
    assert Task(name="a", source="f").source_form == "folder"
    assert Task(name="a", source="t.csv", column="c").source_form == "column"
    assert Task(name="a", source="f", masks="m", kind="mask").source_form == "masks"
    for facts in KINDS.values():
        assert facts.sources and facts.needs.endswith(".")


@pytest.mark.parametrize(
    ("backbone", "task", "recipe", "sentence"),
    [
        ({"name": "timm/crossvit_9_240", "freeze": 0}, {"kind": "mask", "masks": "m"}, {"image_size": 240}, "no maps"),
        ({"name": "timm/crossvit_9_240", "freeze": 2}, {"kind": "number"}, {"image_size": 240}, "which has 1 stage\\."),
        ({"name": "maxvit_t"}, {"kind": "single-label"}, {"image_size": 256}, "Set recipe.image_size to 224 or 448"),
        ({"name": "resnet18"}, {"kind": "single-label", "own_stages": 6}, {}, "asks for 6 stages of its own"),
        ({"name": "swin_t", "freeze": 14}, {"kind": "single-label"}, {}, "which has 13 stages"),
    ],
)
def test_a_backbone_that_does_not_fit_is_refused(backbone, task, recipe, sentence):
    tasks = [{"name": "a", "source": "p", **task}]
    project = validate_project({"tasks": tasks, "backbone": backbone, "recipe": recipe})
    with pytest.raises(RequestError, match=sentence):
        check_backbone(project)


def test_masks_fit_a_backbone_with_maps():
    tasks = [{"name": "a", "source": "p", "kind": "mask", "masks": "m"}]
    check_backbone(validate_project({"tasks": tasks, "backbone": {"name": "swin_t"}}))
