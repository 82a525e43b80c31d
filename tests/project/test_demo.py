"""The demo project: drawn, labelled, and neither trivial nor different from time to time."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.core.errors import RequestError
from workbench.project.demo import COUNT, demo_project, demo_scenes, make_demo
from workbench.project.demo_grounds import GROUNDS
from workbench.project.demo_objects import OBJECTS
from workbench.project.demo_pictures import PICTURE, Painter, Scene
from workbench.project.store import ProjectFile


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "found objects"
    events = list(make_demo(folder))
    assert [event.done for event in events] == sorted(event.done for event in events)
    assert (events[0].done, events[-1].done) == (0, COUNT)
    return folder


@pytest.fixture(scope="module")
def rows(demo: Path) -> list[dict[str, str]]:
    with open(demo / "labels.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_names_a_picture_that_opens(demo: Path, rows: list[dict[str, str]]) -> None:
    assert len(rows) == COUNT
    assert len({row["image"] for row in rows}) == COUNT
    for row in rows:
        with Image.open(demo / row["image"]) as image:
            assert (image.size, image.mode) == ((PICTURE, PICTURE), "RGB")


def test_two_tasks_with_at_least_three_and_four_balanced_classes(rows: list[dict[str, str]]) -> None:
    objects, grounds = Counter(row["object"] for row in rows), Counter(row["ground"] for row in rows)
    missing = grounds.pop("")
    assert set(objects) == set(OBJECTS) and len(objects) >= 4
    assert set(grounds) == set(GROUNDS) and len(grounds) >= 3
    assert len(set(objects.values())) == 1
    assert 0.05 * COUNT < missing < 0.2 * COUNT


def test_the_project_file_says_what_the_demo_asks(demo: Path) -> None:
    read = ProjectFile.read(demo).project
    assert read == demo_project()
    assert [task.source_text for task in read.tasks] == ["labels.csv:object", "labels.csv:ground"]
    assert (read.backbone.weights, read.effective().backbone.freeze) == ("starter", 0)


def test_a_folder_that_holds_a_project_is_refused(demo: Path) -> None:
    before = (demo / "labels.csv").stat().st_mtime_ns
    with pytest.raises(RequestError, match="already holds a project"):
        next(make_demo(demo))
    assert (demo / "labels.csv").stat().st_mtime_ns == before


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RequestError, match="cannot be written"):
        list(make_demo(tmp_path / "file" / "demo"))


def test_pictures_are_the_same_each_time_and_differ_from_each_other() -> None:
    scene = Scene("fish", "sand")
    first, second = Painter(3), Painter(3)
    same = [np.asarray(painter.paint(scene, 5)) for painter in (first, second)]
    assert np.array_equal(*same)
    other = np.asarray(first.paint(scene, 6)).astype(int)
    assert np.abs(other - same[0]).mean() > 10
    assert demo_scenes() == demo_scenes()


def test_mean_colour_does_not_give_the_object_away(demo: Path, rows: list[dict[str, str]]) -> None:
    """A nearest class mean over average colours stays close to guessing, so that there is something to learn."""
    small = [Image.open(demo / row["image"]).resize((1, 1), Image.Resampling.BOX) for row in rows]
    colours = np.array([np.asarray(image)[0, 0] for image in small])
    labels = np.array([row["object"] for row in rows])
    half = COUNT // 2
    means = {name: colours[:half][labels[:half] == name].mean(axis=0) for name in OBJECTS}
    said = [min(means, key=lambda name: float(np.linalg.norm(colour - means[name]))) for colour in colours[half:]]
    assert np.mean(np.array(said) == labels[half:]) < 0.4
