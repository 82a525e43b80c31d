"""The `neighbours` job and command, on runs that left their backbone as it was and runs that trained it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.cli.documents import document_of
from tests.engine.training.runs import carry_out, draw, four_kinds, project, two_tasks
from workbench.cli import main
from workbench.core.control import Control
from workbench.core.events import Event, Progress, Result
from workbench.core.specs import NeighboursSpec
from workbench.engine.insight.embedding.nearest import Known
from workbench.engine.insight.embedding.neighbours_job import neighbours
from workbench.engine.insight.predictor import forget
from workbench.project.store import project_text


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    tasks = four_kinds(folder)
    shutil.copy(folder / "pictures" / "000.png", folder / "pictures" / "copy.png")
    shutil.copy(folder / "masks" / "000.png", folder / "masks" / "copy.png")
    with (folder / "table.csv").open("a", encoding="utf-8") as table:
        table.write("pictures/copy.png,green,striped,3\n")
    asked = project(tasks, {"freeze": "all"}, epochs=2, preset="probe")
    (folder / "project.toml").write_text(project_text(asked), encoding="utf-8")
    assert main(["train", str(folder)]) == 0
    return folder


def test_the_nearest_are_told_with_their_labels(trained: Path, capfd: pytest.CaptureFixture[str]) -> None:
    strange = draw(trained / "strange.png", "red", True, 999)
    document = document_of(capfd, "neighbours", trained, strange, "--count", 5)
    found = document["neighbours"]
    assert len(found) == 5 and document["part"] is None and set(document["tasks"]) == {"colour", "marks", "size"}
    distances = [each["distance"] for each in found]
    assert distances == sorted(distances) and all(0 <= each <= 2 for each in distances)
    said = document["tasks"]["colour"]
    assert said["label"] is None and said["answer"] in ("red", "green", "blue")
    for each in found:
        assert each["image"].startswith("pictures/")
        assert each["tasks"]["colour"]["same"] is (each["tasks"]["colour"]["label"] == said["answer"])
        assert each["tasks"]["size"]["same"] is None and float(each["tasks"]["size"]["label"]) > 0


def test_a_picture_is_no_neighbour_of_its_own_but_its_copy_is(trained: Path, capfd: pytest.CaptureFixture[str]) -> None:
    copies = [str(trained / "pictures" / name) for name in ("000.png", "copy.png")]
    document = document_of(capfd, "neighbours", trained, copies[0])
    first, *others = document["neighbours"]
    assert first["image"] == "pictures/copy.png" and first["distance"] == pytest.approx(0, abs=1e-6)
    assert first["tasks"]["colour"] == {"label": "green", "same": False}
    assert document["tasks"]["colour"]["label"] == "red" and document["part"] == "train"
    assert "pictures/000.png" not in {each["image"] for each in others}
    assert main(["neighbours", str(trained), copies[0]]) == 0
    out = capfd.readouterr().out
    assert "colour: red" in out and "≠ green" in out


def asked(folder: Path, image: Path) -> list[Event]:
    run_dir = next((folder / "runs").glob("001-*"))
    spec = NeighboursSpec(project_dir=folder, run_dir=run_dir, run=run_dir.name, image=image)
    return list(neighbours(spec, Control()))


def test_an_untouched_backbone_needs_nothing_computed_and_a_trained_one_once(trained: Path, tmp_path: Path) -> None:
    forget()
    assert [type(event) for event in asked(trained, trained / "pictures" / "001.png")] == [Result]
    small = project(two_tasks(tmp_path, 4), {"name": "squeezenet1_0"}, epochs=1, preset="full")
    carry_out(small, tmp_path)
    image = tmp_path / "colours" / "red" / "000.png"
    events = asked(tmp_path, image)
    assert any(isinstance(event, Progress) for event in events)
    assert [type(event) for event in asked(tmp_path, image)] == [Result], "from memory"
    forget()
    again = asked(tmp_path, image)
    assert [type(event) for event in again] == [Result], "from the disk"
    assert again[-1].document == events[-1].document


def test_distances_are_those_of_cosines() -> None:
    source = torch.Generator().manual_seed(0)
    features = torch.randn(40, 8, generator=source)
    known = Known.of(None, np.arange(100, 140), features)  # type: ignore[arg-type]
    rows, distances = known.nearest(3 * features[7], 4, without=107)
    cosines = torch.nn.functional.cosine_similarity(features[7:8], features)
    cosines[7] = -2
    expected = cosines.argsort(descending=True)[:4]
    assert rows.tolist() == (expected + 100).tolist()
    np.testing.assert_allclose(distances, 1 - cosines[expected].numpy(), atol=1e-6)
    assert len(known.nearest(features[0], 99, without=100)[0]) == 39


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["nowhere.png"], "There is no picture nowhere.png."),
        (["table.csv"], "cannot be read"),
        (["pictures/000.png", "--count", "0"], "--count 0 lists nothing."),
    ],
)
def test_what_cannot_be_asked_is_said(
    trained: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str], text: str
) -> None:
    monkeypatch.chdir(trained)
    assert main(["neighbours", ".", *words]) == 2
    assert text in capfd.readouterr().err
