"""The starters that ship: whole, small, said where they come from, and better than nothing at first use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from workbench.core import catalogue
from workbench.core.control import Control
from workbench.core.events import Epoch
from workbench.core.project import Project
from workbench.core.resources import resource
from workbench.core.specs import TrainSpec
from workbench.engine.model.backbones import build_backbone
from workbench.engine.training.job import train
from workbench.project.demo import demo_project, make_demo

MOST_MB = {"mobilenet_v3_small": 3.0, "resnet18": 23.0}


@pytest.mark.parametrize("name", MOST_MB)
def test_a_starter_is_whole_small_and_has_its_history(name: str) -> None:
    path = catalogue.starter(name)
    assert path is not None and catalogue.default_weights(name) == "starter"
    assert path.stat().st_size <= MOST_MB[name] * 1e6
    state = load_file(path)
    wanted = {key: value for key, value in build_backbone(name).state_dict().items() if "num_batches" not in key}
    assert {key: value.shape for key, value in state.items()} == {key: value.shape for key, value in wanted.items()}
    assert all(value.dtype == torch.float16 and bool(torch.isfinite(value).all()) for value in state.values())
    with safe_open(path, "pt") as file:
        about = file.metadata()
    assert about["backbone"] == name and "formulas" in about["pictures"] and about["licence"] == "Apache-2.0"
    lines = resource("starters", f"{name}.log.jsonl").read_text("utf-8").splitlines()
    assert json.loads(lines[0])["request"] == about["request"]
    assert json.loads(lines[-1])["shapes_nats"] < json.loads(lines[1])["shapes_nats"]


def test_the_demo_learns_at_once_with_its_starter_what_it_does_not_from_nothing(tmp_path: Path) -> None:
    list(make_demo(tmp_path))
    asked = demo_project().written()
    asked["recipe"] |= {"head_epochs": 10, "epochs": 1, "precision": "fp32"}
    nothing = {**asked, "backbone": {**asked["backbone"], "weights": "none"}}
    with_starter, without = (_objects(Project.model_validate(each), tmp_path) for each in (asked, nothing))
    assert with_starter > without + 0.2


def _objects(project: Project, folder: Path) -> float:
    """Share of validation objects right after the heads' epochs and one of the whole network."""
    spec = TrainSpec(project=project, project_dir=folder, run_dir=folder / project.backbone.weights, run="run")
    spec.run_dir.mkdir()
    epochs = [event for event in train(spec, Control()) if isinstance(event, Epoch)]
    return float(epochs[-1].validation["object"]["accuracy"] or 0.0)
