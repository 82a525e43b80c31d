"""Weights that cannot be had are refused in a sentence; unwritten ones are what the backbone begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.core import catalogue
from workbench.core.errors import RequestError
from workbench.core.project import BackboneChoice, Project
from workbench.core.run_weights import find_run_weights, run_of
from workbench.core.weights_check import check_weights


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A project with two runs that have kept a model and a later one that has not."""
    for name in ("001-balanced", "002-probe", "003-full"):
        (tmp_path / "runs" / name / "checkpoints" / "best").mkdir(parents=True)
    for name in ("001-balanced", "002-probe"):
        (tmp_path / "runs" / name / "checkpoints" / "best" / "weights.safetensors").write_bytes(b"a")
    return tmp_path


def test_what_there_is_passes(runs: Path) -> None:
    (runs / "a.pt").write_bytes(b"a")
    for weights in ("none", "default", "IMAGENET1K_V1", "file:a.pt", "run:2", "run:latest", "run:1:backbone"):
        check_weights("resnet18", weights, runs)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ("imagenet", r"imagenet is no source of weights for squeezenet1_1\. Choose default, none, .* or IMAGENET1K_V1"),
        ("file:", "names? no file"),
        ("file:gone.pt", r"'file:gone\.pt': there is no such file"),
        ("run:", "name no run"),
        ("run:9", r"There is no run 9\. The runs are: 001-balanced, 002-probe, 003-full\."),
        ("run:3", "Run 003-full has kept no model"),
        ("run:elsewhere/runs/001", "There is no folder"),
        ("starter", "No starter weights ship for squeezenet1_1"),
    ],
)
def test_what_there_is_not_is_refused(runs: Path, weights: str, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        check_weights("squeezenet1_1", weights, runs)


def test_latest_is_the_latest_run_with_a_model_and_can_be_pinned(runs: Path) -> None:
    found = find_run_weights("latest", runs)
    assert (found.folder.name, found.heads, found.spec(runs)) == ("002-probe", True, "run:002-probe")
    alone = find_run_weights("1:backbone", runs)
    assert (alone.heads, alone.spec(runs)) == (False, "run:001-balanced:backbone")
    other = find_run_weights(str(runs / "runs" / "001-balanced"), runs / "other")
    assert other.spec(runs / "other") == f"run:{runs / 'runs' / '001-balanced'}"
    assert run_of("default", runs) is None


def test_unwritten_weights_are_those_that_the_backbone_begins_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "starter", lambda name: tmp_path if name == "resnet18" else None)
    hub = next(name for name, facts in catalogue.hub().items() if facts.versions)
    for name, weights in (("resnet18", "starter"), ("resnet34", "default"), (hub, "hub")):
        project = Project(backbone=BackboneChoice(name=name))
        assert project.backbone.weights == weights and "weights" not in project.written()["backbone"]
        assert project.effective().written()["backbone"]["weights"] == weights
    project = Project(backbone=BackboneChoice(name="resnet18", weights="none"))
    assert project.effective().backbone.weights == "none"
    assert Project(backbone=BackboneChoice(name="unknown")).backbone.weights == "starter"
