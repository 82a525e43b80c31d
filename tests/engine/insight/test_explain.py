"""The `explain` job and command: what they say and write, and what they refuse in one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.cli.documents import document_of
from tests.engine.training.runs import four_kinds, project
from workbench.cli import main
from workbench.core.project import Project
from workbench.core.resolved import ViewParameters
from workbench.engine.insight.overlay import at_picture_size, laid_over
from workbench.project.store import project_text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of four kinds of task with a finished run, and a picture that is no square."""
    folder = tmp_path_factory.mktemp("project")
    asked: Project = project(four_kinds(folder), {"freeze": "all"}, epochs=2, preset="probe")
    (folder / "project.toml").write_text(project_text(asked), encoding="utf-8")
    assert main(["train", str(folder)]) == 0
    Image.open(folder / "pictures" / "000.png").resize((90, 60)).save(folder / "wide.png")
    return folder


def explained(folder: Path, capfd: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    document: dict[str, object] = document_of(capfd, "explain", folder, folder / "wide.png", *words)
    return document


def test_a_class_is_explained_by_an_overlay_and_a_map_of_the_pictures_own_size(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out, grey = tmp_path / "new" / "over.png", tmp_path / "map.png"
    words = ["--task", "colour", "--class", "green", "--method", "occlusion", "--out", str(out), "--map", str(grey)]
    document = explained(folder, capfd, *words)
    assert (document["task"], document["class"], document["method"]) == ("colour", "green", "occlusion")
    assert Image.open(out).size == Image.open(grey).size == (90, 60)
    assert Image.open(grey).mode == "L" and document["trust"] is None


def test_the_likeliest_class_is_taken_and_the_map_checked(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    document = explained(folder, capfd, "--task", "colour", "--trust")
    answer, trust = document["answer"], document["trust"]
    assert isinstance(answer, dict) and isinstance(trust, dict)
    assert document["class"] == answer["label"]
    assert len(document["places"]) == 2 and document["methods"][0] == document["method"] == "hirescam"
    assert len(trust["deletion_random"]) == len(trust["insertion_random"]) > 5
    assert -1 <= trust["remains_with_random_head"] <= 1 and trust["text"]


def test_a_number_has_no_class(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert explained(folder, capfd, "--task", "size")["class"] is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "The run has several tasks. Name one with --task: colour, marks, size, area."),
        (["--task", "colours"], "The run has no task colours. Its tasks are: colour, marks, size, area."),
        (["--task", "colour", "--class", "pink"], "colour has no class pink. Its classes are: blue, green, red."),
        (["--task", "size", "--class", "pink"], "size is a number and has no classes. Leave --class out."),
        (["--task", "colour", "--method", "tokens"], "tokens does not fit this network"),
        (["--task", "area"], "area marks pixels itself"),
        (["--task", "colour", "--opacity", "7"], "--opacity 7.0 is no share. Give a number from 0 to 1."),
    ],
)
def test_what_cannot_be_explained_is_said_in_a_sentence(
    folder: Path, capfd: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["explain", str(folder), str(folder / "wide.png"), *words]) == 2
    assert said in capfd.readouterr().err


def test_an_unreadable_picture_is_refused(folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    assert main(["explain", str(folder), str(tmp_path / "broken.png"), "--task", "colour"]) == 2
    assert "broken.png cannot be read" in capfd.readouterr().err


@pytest.mark.parametrize(("resize", "marked"), [("squash", 60), ("pad", 60), ("crop", 40)])
def test_a_map_is_laid_where_the_view_saw_the_picture(resize: str, marked: int) -> None:
    view = ViewParameters.model_validate({"size": 32, "resize": resize})
    found = torch.ones(32, 32)
    shares = at_picture_size(found, (40, 60), view)
    assert shares.shape == (40, 60) and float(shares.max()) == pytest.approx(1.0)
    assert int((shares[20] > 0.5).sum()) == marked


def test_a_map_of_nothing_hides_nothing() -> None:
    picture = Image.fromarray(np.full((20, 30, 3), 90, np.uint8))
    shares = at_picture_size(torch.zeros(8, 8), (20, 30), ViewParameters(size=8))
    assert np.array_equal(np.asarray(laid_over(picture, shares, "viridis", 1.0)), np.asarray(picture))
