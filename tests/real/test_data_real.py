"""Three columns of the fashion photographs and the waste photographs as a fourth task, in one table."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.engine.data.pictures import drain
from tests.real.places import DATA, needs_pictures
from workbench.core.control import Control
from workbench.core.events import Notice, Result
from workbench.core.kinds import Kind
from workbench.core.project import Project, Split, Task
from workbench.core.recipe import Recipe
from workbench.core.resolved import ViewParameters
from workbench.core.specs import CheckSpec
from workbench.engine.data.check import check
from workbench.engine.data.masks import MaskStore
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.table import SampleTable, build_table

pytestmark = needs_pictures


def fashion(column: str) -> Task:
    return Task(name=column, source="fashion/labels.csv", column=column, image="images/{id}.jpg")


FOUR = [fashion("gender"), fashion("masterCategory"), fashion("season"), Task(name="material", source="trash")]


def built(tasks: list[Task], **split: object) -> tuple[SampleTable, list[str]]:
    events, table = drain(build_table(Project(tasks=tasks, split=Split(**split)), DATA, Control()))
    return table, [event.text for event in events if isinstance(event, Notice)]


def test_four_tasks_in_one_table() -> None:
    table, notices = built(FOUR)
    assert len(table) == 1891 + 240 and table.unreadable == []
    assert [len(table.classes[task.name]) for task in FOUR] == [5, 6, 4, 6]
    assert table.empty == {"gender": 0, "masterCategory": 0, "season": 2, "material": 0}
    assert all(count == 32 for count in table.counts()["material"]["train"].values())
    assert all(count == 8 for count in table.counts()["material"]["validation"].values())
    assert (table.targets["material"] >= 0).sum() == 240
    assert not ((table.targets["material"] >= 0) & (table.targets["gender"] >= 0)).any()
    for task in FOUR:
        for name in table.classes[task.name]:
            whole = sum(table.counts()[task.name][part][name] for part in ("train", "validation"))
            assert abs(table.counts()[task.name]["validation"][name] - 0.2 * whole) <= max(1, 0.02 * whole)
    assert len(notices[-1]) < 700


def test_copies_share_a_part_under_every_seed() -> None:
    for seed in range(8):
        table, _ = built(FOUR, seed=seed)
        numbers, counts = np.unique(table.copies, return_counts=True)
        repeated = numbers[counts > 1]
        assert len(repeated) == 2
        for number in repeated:
            assert len(set(table.part[table.copies == number].tolist())) == 1


def test_a_task_of_98_classes_is_announced_briefly() -> None:
    _, notices = built([fashion("articleType")])
    assert "98 classes with" in notices[-1] and len(notices[-1]) < 300


def test_grey_files_and_all_others_decode(tmp_path: Path) -> None:
    from PIL import Image

    table, _ = built(FOUR[:1])
    grey = [row for row, path in enumerate(table.paths) if Image.open(path).mode == "L"]
    assert len(grey) == 15
    with PixelStore(tmp_path, table.paths, ViewParameters(size=64), 10**9, 2) as store:
        store.start(np.arange(len(table)))
        pixels, readable = store.read(np.arange(len(table)))
        assert readable.all() and store.failures == {}
    assert (pixels[grey] == pixels[grey][..., :1]).all()


def test_a_ready_made_split_is_kept() -> None:
    table, _ = built([Task(name="c", source="cifar10")], test=0.5)
    assert [len(table.rows(part)) for part in ("train", "validation", "test")] == [1600, 400, 500]


def test_check_names_what_is_wrong_with_real_labels() -> None:
    project = Project(tasks=[*FOUR[:3], fashion("articleType")], recipe=Recipe(image_size=224))
    *_, last = check(CheckSpec(project=project, project_dir=DATA), Control())
    assert isinstance(last, Result)
    said = "\n".join(problem["text"] for problem in last.document["problems"])
    assert last.document["ok"] and "fewer than 5 pictures" in said and "about 60 × 80 pixels" in said
    assert last.document["shared"]["gender|season"] == 1889


def blood(column: str, kind: Kind) -> Task:
    return Task(name=column, kind=kind, source="blood/labels.csv", column=column)


COUNTS = [blood(name, "number") for name in ("red_cells", "white_cells", "platelets")]
MEMBRANE = Task(name="membrane", kind="mask", source="membrane/images", masks="membrane/masks")


def test_blood_counts_and_what_is_present() -> None:
    table, notices = built([*COUNTS, blood("present", "multi-label")])
    assert len(table) == 364 and table.unreadable == []
    assert table.classes["present"] == ["Platelets", "RBC", "WBC"] and table.classes["red_cells"] == []
    assert table.encoded("present").sum(axis=0).tolist() == [201, 349, 358]
    assert abs(len(table.rows("validation")) - 73) <= 3
    for task in COUNTS:
        numbers = table.encoded(task.name)
        train, kept = (numbers[table.rows(part)] for part in ("train", "validation"))
        assert abs(kept.mean() - train.mean()) < 0.15 * train.std() + 0.05
    kept = table.encoded("present")[table.rows("validation")].mean(axis=0)
    assert np.abs(kept - table.encoded("present").mean(axis=0)).max() < 0.05
    assert "numbers from 0 to 27" in notices[-1] and len(notices[-1]) < 500


def test_blood_is_checked_without_an_error() -> None:
    project = Project(tasks=[*COUNTS, blood("present", "multi-label")])
    *_, last = check(CheckSpec(project=project, project_dir=DATA), Control())
    assert isinstance(last, Result) and last.document["ok"]
    said = "\n".join(problem["text"] for problem in last.document["problems"])
    assert "white_cells: the column holds only 3 different numbers (0, 1, 2)" in said
    assert last.document["tasks"]["red_cells"]["numbers"]["maximum"] == 27.0
    assert last.document["tasks"]["present"]["classes"] == {"Platelets": 201, "RBC": 349, "WBC": 358}


def test_membrane_and_its_masks() -> None:
    table, notices = built([MEMBRANE])
    assert len(table) == 30 and table.unreadable == [] and table.mask_values == {"membrane": [0, 255]}
    assert table.classes == {"membrane": ["background", "foreground"]}
    assert [len(table.rows(part)) for part in ("train", "validation")] == [24, 6]
    assert table.mask_pixels["membrane"].sum() == 30 * 512 * 512
    assert "24/6 masks (background 22 %, foreground 78 % of their pixels)" in notices[-1]
    with MaskStore(table.label_texts("membrane"), [0, 255], ViewParameters(size=128), 2) as store:
        masks = store.read(table.encoded("membrane"))
    assert masks.shape == (30, 128, 128) and set(np.unique(masks)) == {0, 1}
    assert abs(masks.mean() - table.mask_pixels["membrane"][:, 1].sum() / (30 * 512 * 512)) < 0.01


def test_membrane_is_checked_without_a_problem() -> None:
    *_, last = check(CheckSpec(project=Project(tasks=[MEMBRANE]), project_dir=DATA), Control())
    assert isinstance(last, Result) and last.document["ok"]
    task = last.document["tasks"]["membrane"]
    assert task["classes"] == {"background": 30, "foreground": 30} and len(task["mask_samples"]) == 12
    assert all(problem["level"] == "warning" for problem in last.document["problems"])
