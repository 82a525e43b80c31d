"""Numbers, labels and masks on real pictures with real weights, by the commands that people type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.real.places import DATA, WEIGHTS, needs_pictures, needs_weights
from workbench.cli import main

pytestmark = [needs_pictures, needs_weights, pytest.mark.timeout(400)]


def evaluated(folder: Path, *words: str, train: tuple[str, ...] = ()) -> Any:
    """What the validation part came to after `new` with those words and `train`."""
    assert main(["new", str(folder), *words, "--backbone", "mobilenet_v2", "--weights", f"file:{WEIGHTS}"]) == 0
    assert main(["train", str(folder), *train]) == 0
    (stored,) = folder.glob("runs/*/results/metrics-validation.json")
    return json.loads(stored.read_text(encoding="utf-8"))["tasks"]


def test_counts_and_labels_of_blood_cells(tmp_path: Path) -> None:
    table, counts = DATA / "blood" / "labels.csv", ("red_cells", "white_cells", "platelets")
    words = [word for name in (*counts, "present") for word in ("--task", f"{name}={table}:{name}")]
    words += [word for name in counts for word in ("--kind", f"{name}=number")]
    words += ["--kind", "present=multi-label", "--set", "recipe.image_size=128", "--preset", "probe"]
    found = evaluated(tmp_path / "blood", *words)
    for name in counts:
        assert found[name]["metrics"]["mae"] < found[name]["constant_mae"], name
        assert 0.5 < found[name]["metrics"]["coverage"] <= 1.0
    assert found["present"]["metrics"]["mean_average_precision"] > 0.8


def test_cell_walls_are_marked(tmp_path: Path) -> None:
    words = ["--task", f"wall={DATA / 'membrane' / 'images'}", "--kind", "wall=mask"]
    words += ["--set", f"tasks.wall.masks={DATA / 'membrane' / 'masks'}", "--set", "recipe.image_size=192"]
    found = evaluated(tmp_path / "membrane", *words, train=("--set", "recipe.epochs=10"))
    assert found["wall"]["metrics"]["mean_iou"] >= 0.70
