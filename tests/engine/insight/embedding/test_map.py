"""The `map` job and command: principal components, what is kept, and a process for the slow methods."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.documents import document_of
from tests.engine.training.runs import four_kinds, project, two_tasks
from workbench.cli import main
from workbench.core import picture_map
from workbench.core.control import Control
from workbench.core.events import Event, Progress, Result
from workbench.core.picture_map import map_file, still_holds
from workbench.core.specs import MapSpec
from workbench.engine.insight.embedding.manifold import manifold
from workbench.engine.insight.embedding.map_job import draw_map
from workbench.engine.insight.embedding.pca import components
from workbench.project.store import project_text


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    tasks = [task for task in four_kinds(folder) if task["name"] != "area"]
    asked = project(tasks, {"name": "squeezenet1_0", "freeze": "all"}, epochs=2, preset="probe")
    (folder / "project.toml").write_text(project_text(asked), encoding="utf-8")
    assert main(["train", str(folder)]) == 0
    return folder


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    shutil.copytree(trained, tmp_path / "p")
    return tmp_path / "p"


def drawn(folder: Path, control: Control | None = None, **asked: Any) -> list[Event]:
    run_dir = next((folder / "runs").glob("001-*"))
    spec = MapSpec(project_dir=folder, run_dir=run_dir, run=run_dir.name, **asked)
    return list(draw_map(spec, control or Control()))


def test_a_map_says_of_every_picture_where_it_lies_what_it_is_and_what_was_said(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    document = document_of(capfd, "map", folder, "--out", folder / "map.csv")
    assert document["count"] == 36 and len(set(document["images"])) == 36 and document["parts"][0] == "train"
    first, second = document["explained"]
    assert 1 >= first >= second > 0
    x, y = np.array(document["x"]), np.array(document["y"])
    assert abs(x.mean()) < 1e-4 and abs(np.corrcoef(x, y)[0, 1]) < 1e-3 and x.std() >= y.std()
    scored = document_of(capfd, "evaluate", folder, "--part", "validation")["tasks"]["colour"]["images"]
    said = dict(zip(document["images"], document["tasks"]["colour"]["answer"], strict=True))
    label = dict(zip(document["images"], document["tasks"]["colour"]["label"], strict=True))
    assert all(said[each["image"]] == each["prediction"] for each in scored)
    assert all(label[each["image"]] == each["target"] for each in scored)
    with (folder / "map.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["image"] for row in rows] == document["images"] and float(rows[3]["x"]) == document["x"][3]
    assert rows[0]["colour.answer"] == document["tasks"]["colour"]["answer"][0]


def test_a_map_is_kept_until_model_or_pictures_change(folder: Path) -> None:
    (event,) = [event for event in drawn(folder) if isinstance(event, Result)]
    run_dir = next((folder / "runs").glob("001-*"))
    assert map_file(run_dir, "pca").is_file() and still_holds(event.document, run_dir, folder)
    assert [type(event) for event in drawn(folder)] == [Result], "nothing is computed again"
    only = drawn(folder, parts=("validation",))[-1]
    assert isinstance(only, Result) and set(only.document["part"]) == {"validation"}
    again = drawn(folder)[-1]
    assert isinstance(again, Result) and again.document == event.document, "a map of some parts keeps off it"
    os.utime(folder / "pictures" / "003.png", ns=(1, 1))
    assert not still_holds(event.document, run_dir, folder)
    assert any(isinstance(event, Progress) for event in drawn(folder))
    manifest = run_dir / "checkpoints" / "best" / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert not still_holds(event.document, run_dir, folder)


def test_it_can_be_ended_and_leaves_no_map(folder: Path) -> None:
    control = Control()
    control.cancel()
    shutil.rmtree(folder / "cache" / "features")
    assert not [event for event in drawn(folder, control) if isinstance(event, Result)]
    assert not list((folder / "runs").glob("*/map"))


def test_a_task_with_stages_of_its_own_says_what_it_says_elsewhere(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    colour, pattern = two_tasks(tmp_path, 4)
    asked = project([colour, {**pattern, "own_stages": 1}], {"name": "squeezenet1_0"}, epochs=1, preset="full")
    (tmp_path / "project.toml").write_text(project_text(asked), encoding="utf-8")
    assert main(["train", str(tmp_path)]) == 0
    document = document_of(capfd, "map", tmp_path)
    scored = document_of(capfd, "evaluate", tmp_path, "--part", "train")["tasks"]
    for name, task in document["tasks"].items():
        said = dict(zip(document["images"], task["answer"], strict=True))
        assert all(said[each["image"]] == each["prediction"] for each in scored[name]["images"])


def test_masks_have_a_map_without_words(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    area = [task for task in four_kinds(tmp_path) if task["name"] == "area"]
    asked = project(area, {"name": "squeezenet1_0", "freeze": "all"}, epochs=1)
    (tmp_path / "project.toml").write_text(project_text(asked), encoding="utf-8")
    assert main(["train", str(tmp_path)]) == 0
    document = document_of(capfd, "map", tmp_path)
    assert document["tasks"] == {} and all(document["labelled"]["area"]) and document["count"] == 36
    near = document_of(capfd, "neighbours", tmp_path, tmp_path / "pictures" / "001.png")
    assert near["tasks"] == {} and len(near["neighbours"]) == 8


def test_components_are_those_of_the_singular_value_decomposition_with_a_fixed_sign() -> None:
    random = np.random.default_rng(0)
    features = (random.normal(size=(60, 9)) * np.arange(1, 10)).astype(np.float32)
    places, shares = components(features, 2)
    left, sizes, _ = np.linalg.svd(features - features.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(np.abs(places), np.abs(left[:, :2] * sizes[:2]), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(shares, (sizes**2 / (sizes**2).sum())[:2], rtol=1e-5)
    np.testing.assert_allclose(components(features[::-1].copy(), 2)[0][::-1], places, atol=1e-4)
    assert (components(np.ones((4, 3), np.float32), 2)[0] == 0).all()


def test_t_sne_keeps_groups_apart() -> None:
    random = np.random.default_rng(0)
    values = random.normal(size=(40, 5)).astype(np.float32)
    values[20:, 0] += 40
    events = []
    work = manifold("tsne", values, Control())
    while True:
        try:
            events.append(next(work))
        except StopIteration as end:
            places = end.value
            break
    assert events[-1].done == events[-1].total and places.shape == (40, 2)
    groups = places[:20], places[20:]
    apart = np.linalg.norm(groups[0].mean(axis=0) - groups[1].mean(axis=0))
    assert apart > 2 * max(group.std(axis=0).max() for group in groups)


def test_a_slow_method_ends_when_told_to() -> None:
    control = Control()
    work = manifold("tsne", np.eye(8, dtype=np.float32), control)
    next(work)
    control.cancel()
    with pytest.raises(StopIteration) as ended:
        next(work)
    assert ended.value.value is None


def test_a_method_that_lacks_its_package_is_refused_with_the_way_to_get_it(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_map, "find_spec", lambda name: None)
    assert main(["map", str(folder), "--method", "umap"]) == 2
    assert 'Run pip install "finetune-workbench[umap]"' in capfd.readouterr().err
