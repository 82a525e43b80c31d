"""Planted relations on photographs are found by gradient agreement, once heads are fitted on frozen features."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.engine.training.runs import carry_out
from tests.real.places import DATA, WEIGHTS, needs_pictures, needs_weights
from workbench.core.control import Control
from workbench.core.events import Event, Relatedness, Step
from workbench.core.project import Project
from workbench.engine.training import relatedness, step_log, trainer

pytestmark = [needs_pictures, needs_weights]
STEPS = 20


def planted(folder: Path) -> list[dict[str, Any]]:
    """A class and its copy, a number and its negation, and random labels, all on the same photographs."""
    draw = np.random.default_rng(3)
    lines = ["image,kind,copy,brightness,darkness,random"]
    with open(DATA / "fashion" / "labels.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::3]
    for row in rows:
        picture = DATA / "fashion" / "images" / f"{row['id']}.jpg"
        with Image.open(picture) as image:
            light = float(np.asarray(image.convert("L")).mean())
        kind = row["masterCategory"]
        lines.append(f"{picture},{kind},{kind},{light},{-light},{draw.choice(['heads', 'tails'])}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    kinds = {"kind": "single-label", "copy": "single-label", "brightness": "number", "darkness": "number"}
    source = str(folder / "labels.csv")
    return [
        {"name": name, "source": source, "column": name, "kind": kind}
        for name, kind in {**kinds, "random": "single-label"}.items()
    ]


@pytest.mark.timeout(400)
def test_planted_relations_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainer, "EVERY", 1)
    monkeypatch.setattr(relatedness, "INTERVAL_S", 0.0)
    monkeypatch.setattr(step_log, "INTERVAL_S", 0.0)
    wanted = Project.model_validate(
        {
            "tasks": planted(tmp_path),
            "backbone": {"name": "mobilenet_v2", "weights": f"file:{WEIGHTS}", "freeze": 3},
            "recipe": {"precision": "fp32", "device": "cpu", "image_size": 64, "head_epochs": 10},
        }
    )
    first: list[int] = []
    said: list[Relatedness] = []

    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.phase == "stages":
            first.append(event.first)
        if isinstance(event, Relatedness):
            said.append(event)
        if first and isinstance(event, Step) and event.last - first[0] + 1 >= STEPS:
            control.cancel()

    carry_out(wanted, tmp_path, watch=watch)
    last = said[-1]
    place = {task: at for at, task in enumerate(last.tasks)}
    found = np.array(last.matrix, dtype=float)
    assert found[place["kind"], place["copy"]] >= 0.9
    assert found[place["brightness"], place["darkness"]] >= 0.9, "each head absorbs the sign"
    others = [at for task, at in place.items() if task != "random"]
    assert np.abs(found[place["random"], others]).max() <= 0.1
