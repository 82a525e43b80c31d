"""Runs of one recipe that wait with other seeds, or one for each fold."""

import pytest

from workbench.core.errors import RequestError
from workbench.project.edits import changed
from workbench.project.queue import read_queue
from workbench.project.repeats import add_folds, add_seeds, project_of
from workbench.project.store import ProjectFile


def waiting(folder):
    return [(run.name, run.project().recipe.seed, run.project().split.fold) for run in read_queue(folder).runs]


def test_each_run_has_a_seed_that_none_of_its_recipe_has_had(picture_project):
    project = changed(ProjectFile.read(picture_project).project, recipe={"seed": 4})
    add_seeds(picture_project, project, 2)
    add_seeds(picture_project, changed(project, recipe={"epochs": 3}), 1, "short")
    add_seeds(picture_project, project, 2)
    assert [(name, seed) for name, seed, _ in waiting(picture_project)] == [
        ("balanced-seed4", 4),
        ("balanced-seed5", 5),
        ("short-seed4", 4),
        ("balanced-seed6", 6),
        ("balanced-seed7", 7),
    ]


def test_each_fold_has_a_run(picture_project):
    runs = add_folds(picture_project, ProjectFile.read(picture_project).project, 3)
    assert waiting(picture_project) == [(f"balanced-fold{fold}of3", 0, fold) for fold in (1, 2, 3)]
    assert {run.project().split.folds for run in runs} == {3}


@pytest.mark.parametrize(("add", "count"), [(add_seeds, 0), (add_seeds, 21), (add_folds, 1), (add_folds, 21)])
def test_wrong_numbers_write_nothing(picture_project, add, count):
    with pytest.raises(RequestError, match=f"{count} (seeds|folds) are not possible"):
        add(picture_project, ProjectFile.read(picture_project).project, count)
    assert not (picture_project / "queue.json").exists()


def test_a_run_that_is_not_there_is_refused(picture_project):
    with pytest.raises(RequestError, match="There is no run 3"):
        project_of(picture_project, "3")
