"""Advice on which backbone to take and how deep to freeze it: what is compared, and where the answer lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from workbench.core import catalogue
from workbench.core.project import Project

FIRST_IMAGES, MOST_IMAGES, FEWEST_IMAGES = 500, 2000, 10
"""Pictures that every backbone is judged on, that the best are judged on again, and that a task must have."""
FOLDS = 5
PARAMETERS_PER_IMAGE = 10_000
"""A rule of thumb, no law: how many of a backbone's parameters one labelled picture may be asked to train."""

SHORTLIST = (
    "mobilenet_v3_small",
    "mobilenet_v3_large",
    "resnet18",
    "resnet50",
    "efficientnet_b0",
    "convnext_tiny",
    "swin_t",
    "vit_b_16",
)
"""What is compared where nothing is asked for: small and middling ones of different families."""


class Candidate(NamedTuple):
    """A backbone with weights, as `backbone.name` and `backbone.weights` take them."""

    name: str
    weights: str


def short_list(project: Project) -> tuple[Candidate, ...]:
    """The project's own backbone, then those of the short list with the weights that they begin with."""
    own = Candidate(project.backbone.name, project.effective().backbone.weights)
    others = (Candidate(name, catalogue.default_weights(name)) for name in SHORTLIST)
    return tuple(dict.fromkeys((own, *others)))


def with_candidate(project: Project, candidate: Candidate) -> Project:
    """The project on another backbone; what the backbone has not stages enough for is lowered to what it has."""
    most = len(catalogue.get(candidate.name).stages)
    data: dict[str, Any] = project.written()
    backbone = {**project.backbone.model_dump(), **candidate._asdict()}
    if backbone["freeze"] != "all":
        backbone["freeze"] = min(backbone["freeze"], most)
    tasks = [{**task, "own_stages": min(task.get("own_stages", 0), most)} for task in data.get("tasks", [])]
    return Project.model_validate({**data, "backbone": backbone, "tasks": tasks})


def advice_file(project_dir: Path) -> Path:
    """Where the latest advice on backbones lies."""
    return project_dir / "advice" / "advice.json"


def ladder_file(project_dir: Path, backbone: str) -> Path:
    """Where the latest ladder of a backbone lies."""
    return project_dir / "advice" / f"ladder-{backbone.replace('/', '-')}.json"


def weights_in_words(weights: str) -> str:
    """Weights in short: a file by its name alone."""
    kind, _, rest = weights.partition(":")
    return rest.replace("\\", "/").rpartition("/")[2] if kind == "file" else weights
