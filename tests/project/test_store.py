import tomllib

import pytest

from workbench.core.errors import RequestError
from workbench.core.project import BackboneChoice, Project, Task
from workbench.core.recipe import Recipe
from workbench.project.edits import changed
from workbench.project.store import ProjectFile, trainable_or_refuse


def project_in(folder) -> Project:
    return Project(
        name="p",
        tasks=[Task(name="a", source=str(folder / "inside")), Task(name="b", source="/elsewhere/x.csv", column="c")],
        backbone=BackboneChoice(name="mobilenet_v2", weights=f"file:{folder}/w.pt"),
        recipe=Recipe(preset="probe"),
    )


def test_paths_inside_the_project_are_relative_and_only_what_was_asked_is_written(tmp_path):
    ProjectFile.create(tmp_path, project_in(tmp_path))
    text = (tmp_path / "project.toml").read_text()
    assert text.count("[[tasks]]") == 2
    assert tomllib.loads(text) == {
        "format": 1,
        "name": "p",
        "tasks": [
            {"name": "a", "source": "inside"},
            {"name": "b", "source": "/elsewhere/x.csv", "column": "c"},
        ],
        "backbone": {"name": "mobilenet_v2", "weights": "file:w.pt"},
        "recipe": {"preset": "probe"},
    }


def test_reading_gives_what_was_written(tmp_path):
    created = ProjectFile.create(tmp_path, project_in(tmp_path))
    for folder in (tmp_path, tmp_path / "project.toml"):
        read = ProjectFile.read(folder)
        assert (read.project, read.folder) == (created.project, tmp_path)


def test_a_project_is_not_made_twice(tmp_path):
    ProjectFile.create(tmp_path, Project(name="first"))
    with pytest.raises(RequestError, match="already holds a project"):
        ProjectFile.create(tmp_path, Project(name="second"))
    assert ProjectFile.read(tmp_path).project.name == "first"


def test_a_change_by_another_program_is_not_overwritten(tmp_path):
    mine = ProjectFile.create(tmp_path, Project(name="first"))
    ProjectFile.read(tmp_path).save(Project(name="theirs"))
    assert mine.changed_elsewhere()
    with pytest.raises(RequestError, match="changed by another program"):
        mine.save(Project(name="mine"))
    assert ProjectFile.read(tmp_path).project.name == "theirs"


def test_saving_twice_in_a_row_works(tmp_path):
    file = ProjectFile.create(tmp_path, Project(name="first"))
    for name in ("second", "third"):
        file.save(Project(name=name))
    assert ProjectFile.read(tmp_path).project.name == "third"
    assert not file.changed_elsewhere()


def test_no_project_is_said_with_the_way_to_make_one(tmp_path):
    with pytest.raises(RequestError) as caught:
        ProjectFile.read(tmp_path / "nowhere")
    assert "holds no project" in caught.value.text and "workbench new" in caught.value.fix


def test_bytes_that_are_no_text_are_said(tmp_path):
    (tmp_path / "project.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RequestError, match="cannot be read"):
        ProjectFile.read(tmp_path)


def test_untrainable_projects_are_refused():
    with pytest.raises(RequestError, match="no task"):
        trainable_or_refuse(Project())
    with pytest.raises(RequestError, match="mobilnet_v2"):
        trainable_or_refuse(Project(tasks=[Task(name="a", source="b")], backbone=BackboneChoice(name="mobilnet_v2")))
    trainable_or_refuse(Project(tasks=[Task(name="a", source="b")]))
    with pytest.raises(RequestError, match="own"):
        trainable_or_refuse(Project(tasks=[Task(name="a", source="b", own_stages=40)]))
    deep = Project(tasks=[Task(name="a", source="b")], backbone=BackboneChoice(name="resnet18", freeze=99))
    with pytest.raises(RequestError, match="freeze depth 99"):
        trainable_or_refuse(deep)
    trainable_or_refuse(changed(deep, recipe={"preset": "probe"}))
