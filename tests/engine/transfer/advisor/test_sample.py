from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.engine.data.pictures import class_folders, masked_pictures, table_for
from tests.engine.training.runs import two_tasks
from workbench.core.errors import RequestError
from workbench.core.project import Task
from workbench.engine.transfer.advisor.sample import draw_sample, judged_tasks, left_out_notices


def test_only_training_pictures_with_a_label_in_even_folds(tmp_path: Path) -> None:
    source = class_folders(tmp_path / "a", {"x": 40, "y": 20})
    table, _ = table_for(tmp_path, [Task(name="a", source=str(source))], validation=0.25)
    sample = draw_sample(table, ["a"], 100, 0)
    assert np.array_equal(sample.rows, table.rows("train"))
    classes = table.targets["a"][sample.rows]
    for fold in range(5):
        assert np.bincount(classes[sample.folds == fold]).tolist() == [6, 3]


def test_a_sample_is_stratified_and_the_same_for_the_same_seed(tmp_path: Path) -> None:
    source = class_folders(tmp_path / "a", {"x": 60, "y": 20})
    table, _ = table_for(tmp_path, [Task(name="a", source=str(source))], validation=0.0)
    sample = draw_sample(table, ["a"], 40, 0)
    assert len(sample.rows) == 40 and (np.diff(sample.rows) > 0).all()
    assert np.bincount(table.targets["a"][sample.rows]).tolist() == [30, 10]
    again, other = draw_sample(table, ["a"], 40, 0), draw_sample(table, ["a"], 40, 1)
    assert np.array_equal(sample.rows, again.rows) and np.array_equal(sample.folds, again.folds)
    assert not np.array_equal(sample.rows, other.rows)


def test_copies_lie_in_one_fold(tmp_path: Path) -> None:
    source = class_folders(tmp_path / "a", {"x": 12, "y": 12})
    for path in sorted((source / "x").iterdir()):
        path.with_name("copy " + path.name).write_bytes(path.read_bytes())
    table, _ = table_for(tmp_path, [Task(name="a", source=str(source))], validation=0.0)
    sample = draw_sample(table, ["a"], 100, 0)
    assert len(np.unique(sample.groups)) == 24 < len(sample.rows)
    for group in np.unique(sample.groups):
        assert len(set(sample.folds[sample.groups == group].tolist())) == 1


def test_what_cannot_be_judged_is_left_out_and_said(tmp_path: Path) -> None:
    tasks = [Task.model_validate(task) for task in two_tasks(tmp_path, 8)]
    few = Task(name="few", source=str(class_folders(tmp_path / "few", {"p": 3, "q": 3}, 500)))
    masks = masked_pictures(tmp_path / "m", 12)
    cut = Task(name="cut", kind="mask", source=str(masks / "images"), masks=str(masks / "masks"))
    table, _ = table_for(tmp_path, [*tasks, few, cut], validation=0.0)
    judged, left = judged_tasks(table)
    assert judged == ["colour", "pattern"] and list(left) == ["few", "cut"]
    assert "6 labelled training pictures" in left["few"] and "mask" in left["cut"]
    assert [notice.text.split(" ")[0] for notice in left_out_notices(left)] == ["few", "cut"]
    sample = draw_sample(table, judged, 1000, 0)
    assert len(sample.rows) == 24


def test_a_project_of_masks_alone_is_refused(tmp_path: Path) -> None:
    masks = masked_pictures(tmp_path / "m", 12)
    cut = Task(name="cut", kind="mask", source=str(masks / "images"), masks=str(masks / "masks"))
    table, _ = table_for(tmp_path, [cut])
    with pytest.raises(RequestError, match="No task of this project can be judged"):
        judged_tasks(table)
