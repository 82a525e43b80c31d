"""The ways of a transfer report: one recipe, equally many epochs, and what differs between them."""

from __future__ import annotations

import pytest

from workbench.core.errors import RequestError
from workbench.core.project import Project
from workbench.core.timeline import timeline
from workbench.core.transfer_ways import (
    WAYS,
    Planned,
    base,
    depth_of,
    epochs_of,
    estimated_s,
    passes,
    planned,
    project_of,
    told,
)

TASKS = [{"name": "colour", "source": "pictures"}]


def project(**sections: dict[str, object]) -> Project:
    return Project.model_validate({"tasks": TASKS, "backbone": {"name": "resnet18", "weights": "starter"}, **sections})


def test_every_way_trains_equally_many_epochs_and_freezes_what_it_says() -> None:
    shared = base(project(recipe={"preset": "balanced", "epochs": 4, "head_epochs": 3, "patience": 2}))
    assert epochs_of(shared) == 7
    for way in WAYS:
        made = project_of(shared, way, seed=5).effective()
        assert sum(phase.epochs for phase in timeline(made)) == 7
        assert made.recipe.seed == 5 and made.recipe.patience == 0 and made.recipe.interpolate == "off"
        assert made.backbone.weights == ("none" if way == "random" else "starter")
        depth = {"random": 0, "full": 0, "partly": depth_of(shared), "frozen": "all"}[way]
        assert made.backbone.freeze == depth
    costs = [passes(shared, way) for way in ("random", "full", "partly", "frozen")]
    assert costs == sorted(costs, reverse=True) and len(set(costs)) == 4


def test_an_estimate_counts_the_start_of_every_run_and_frozen_stages_as_cheaper() -> None:
    backbone = {"name": "mobilenet_v2", "weights": "starter", "freeze": 4}
    shared = base(project(backbone=backbone, recipe={"preset": "balanced", "epochs": 2, "head_epochs": 4}))
    runs = planned(shared, (0,), 192, None)
    assert len(runs) == 12
    # of 12 runs that took 61 s where the run that they were judged by had taken 3.6 s
    assert 40 < estimated_s(shared, runs, 3.6) < 70
    assert estimated_s(shared, [Planned("partly", 0, 1.0)], 3.6) == pytest.approx(3.6)
    assert estimated_s(shared, [Planned("frozen", 0, 0.01)], 100.0) > 1.0


@pytest.mark.parametrize(("freeze", "depth"), [(0, 2), (2, 2), ("all", 2), (3, 3)])
def test_partly_frozen_is_as_deep_as_the_project_where_that_is_partly(freeze: object, depth: int) -> None:
    shared = base(project(backbone={"name": "resnet18", "weights": "starter", "freeze": freeze}))
    assert depth_of(shared) == depth
    assert told("partly", depth) == f"partly frozen ({depth} stages)" and told("frozen", depth) == "frozen"


def test_a_recipe_of_heads_alone_becomes_one_whose_stages_can_train() -> None:
    asked = project(recipe={"preset": "few-shot", "epochs": 90}, tasks=[{**TASKS[0], "head": "ridge"}])
    shared = base(asked)
    assert shared.recipe.preset == "balanced" and shared.recipe.epochs < 90
    assert [task.head for task in shared.tasks] == ["linear"]


def test_without_pretraining_there_is_nothing_to_transfer() -> None:
    with pytest.raises(RequestError, match="random weights"):
        base(project(backbone={"name": "resnet18", "weights": "none"}))
