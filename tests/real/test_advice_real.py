"""Advice on real photographs with real weights: what saw ImageNet is read better than what saw nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.engine.transfer.advisor.test_job import asked
from tests.engine.transfer.advisor.test_ladder import asked as climbed
from tests.real.places import DATA, WEIGHTS, needs_pictures, needs_weights
from workbench.core.advice import Candidate
from workbench.core.project import Project

REAL = Candidate("mobilenet_v2", f"file:{WEIGHTS}")
NOTHING = Candidate("mobilenet_v2", "none")


def project(**recipe: Any) -> Project:
    return Project.model_validate(
        {
            "tasks": [{"name": "material", "source": str(DATA / "trash")}],
            "backbone": REAL._asdict(),
            "recipe": {"image_size": 128, "device": "cpu", "precision": "fp32", **recipe},
        }
    )


@needs_pictures
@needs_weights
def test_weights_that_saw_photographs_come_first(tmp_path: Path) -> None:
    _, document = asked(project(), tmp_path, NOTHING, REAL)
    assert document is not None
    first, second = document["backbones"]
    assert first["weights"] == REAL.weights and document["images"] == 192
    read, unread = first["tasks"]["material"], second["tasks"]["material"]
    assert read["probe"] > 0.5 and read["probe"] > unread["probe"] + 3 * read["standard_error"]
    assert read["knn"] > unread["knn"] and read["logme"] > unread["logme"]
    assert not first["tied"] and document["advice"].startswith("Take mobilenet_v2 (mobilenet_v2-imagenet-fp16.pt)")


@needs_pictures
@needs_weights
def test_more_can_be_read_the_deeper_one_looks(tmp_path: Path) -> None:
    document = climbed(project(batch_size=4), tmp_path)
    assert document is not None
    probes = [stage["tasks"]["material"]["probe"] for stage in document["stages"]]
    assert probes[-1] > probes[0] + 0.15 and max(probes) == max(probes[-2:])
    assert document["suggestion"] >= 3 and document["stages"][-1]["step_ms"] < document["stages"][0]["step_ms"]
