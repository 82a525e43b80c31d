"""Three columns of the fashion photographs and the waste photographs as a fourth task, in one table."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.engine.data.pictures import drain
from tests.real.places import DATA, needs_pictures
from workbench.core.control import Control
from workbench.core.events import Notice, Result
from workbench.core.project import Project, Split, Task
from workbench.core.resolved import ViewParameters
from workbench.core.specs import CheckSpec
from workbench.engine.data.check import check
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
    project = Project(tasks=[*FOUR[:3], fashion("articleType")])
    *_, last = check(CheckSpec(project=project, project_dir=DATA), Control())
    assert isinstance(last, Result)
    said = "\n".join(problem["text"] for problem in last.document["problems"])
    assert last.document["ok"] and "fewer than 5 pictures" in said and "about 60 × 80 pixels" in said
    assert last.document["shared"]["gender|season"] == 1889
