import pytest

from workbench.core.errors import RequestError
from workbench.core.project import Project, Task
from workbench.project.edits import changed, with_task_values, with_tasks, without_task, without_value


@pytest.fixture
def project() -> Project:
    tasks = [Task(name=name, source=name, head="mlp", hidden=64) for name in ("a", "b")]
    return changed(Project(name="p", tasks=tasks), recipe={"epochs": 3})


def test_values_are_checked_and_can_follow_the_preset_again(project):
    assert project.recipe.epochs == 3
    with pytest.raises(RequestError):
        changed(project, recipe={"epochs": 0})
    assert "epochs" not in without_value(project, "recipe", "epochs").written().get("recipe", {})
    assert without_value(project, "split", "group") == project, "what was not asked for"


def test_a_task_of_another_kind_loses_what_means_nothing_for_it(project):
    other = with_task_values(project, "a", {"hidden": 32})
    assert [task.hidden for task in other.tasks] == [32, 64] and project.tasks[0].hidden == 64
    segmented = with_task_values(project, "a", {"kind": "mask", "masks": "m"}).tasks[0]
    assert segmented.kind == "mask" and segmented.head != "mlp"


def test_tasks_come_under_free_names_and_go(project):
    more = with_tasks(project, [Task(name="a", source="x"), Task(name="c", source="y")])
    assert [task.name for task in more.tasks] == ["a", "b", "a 2", "c"]
    assert [task.name for task in without_task(more, "b").tasks] == ["a", "a 2", "c"]
