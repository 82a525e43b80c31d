from __future__ import annotations

from typing import Any

import pytest

from workbench.core.project import Project
from workbench.core.resolved import Resolved, ResolvedTask, ViewParameters
from workbench.engine.training.amounts import automatic_batch, piece
from workbench.engine.training.phases import FEATURE_STEPS, HEAD_RECIPES, plan


def resolved(backbone: dict[str, Any] | None = None, pretrained: bool = True, **recipe: Any) -> Resolved:
    data = {
        "tasks": [{"name": "a", "source": "x"}, {"name": "b", "source": "y", "head": "mlp"}],
        "backbone": {"name": "resnet18", **(backbone or {})},
        "recipe": recipe,
    }
    project = Project.model_validate(data).effective()
    asked = project.recipe.batch_size
    return Resolved(
        run="r",
        started="",
        project=project,
        tasks=[
            ResolvedTask(name=t.name, kind=t.kind, head=t.head, classes=["x", "y"], counts={}, class_counts=[1, 1])
            for t in project.tasks
        ],
        view=ViewParameters(size=project.recipe.image_size),
        weights="",
        weights_sha256="ab" if pretrained else "",
        data_hash="",
        device="cpu",
        precision="fp32",
        layout="contiguous",
        batch_norm="eval",
        threads=1,
        batch_size=32 if asked == "auto" else asked,
        versions={},
    )


def test_balanced_is_heads_then_stages() -> None:
    heads, stages = plan(resolved(head_epochs=7, epochs=4, learning_rate=1e-3), 400)
    assert (heads.name, heads.epochs, heads.freeze, heads.on_features, heads.augment) == (
        "heads",
        7,
        "all",
        True,
        "none",
    )
    assert (stages.name, stages.epochs, stages.first_epoch, stages.freeze) == ("stages", 4, 8, 2)
    assert (stages.on_features, stages.augment, stages.learning_rate) == (False, "standard", 1e-3)
    assert heads.head_rates["a"] == HEAD_RECIPES["linear"].learning_rate
    assert heads.patience == 0 and stages.patience == 5


def test_probe_is_heads_alone() -> None:
    (heads,) = plan(resolved(preset="probe", epochs=9, learning_rate=0.5), 400)
    assert (heads.epochs, heads.freeze, heads.on_features, heads.head_rates) == (9, "all", True, {"a": 0.5, "b": 0.5})
    (varied,) = plan(resolved(preset="probe", augment="light"), 400)
    assert (varied.on_features, varied.augment) == (False, "light")


def test_full_is_everything_from_the_first_step() -> None:
    (stages,) = plan(resolved(preset="full", epochs=3), 400)
    assert (stages.name, stages.freeze, stages.epochs, stages.first_epoch) == ("stages", 0, 3, 1)
    assert [phase.name for phase in plan(resolved(preset="full", head_epochs=2), 400)] == ["heads", "stages"]
    fresh = plan(resolved(preset="full", pretrained=False), 400)[0].learning_rate
    assert fresh > stages.learning_rate


def test_all_stages_frozen_leaves_only_heads() -> None:
    (heads,) = plan(resolved({"freeze": "all"}, head_epochs=6), 400)
    assert (heads.name, heads.epochs) == ("heads", 6)
    (same,) = plan(resolved({"freeze": 5}, head_epochs=0, epochs=4), 400)
    assert (same.name, same.epochs) == ("heads", 4)


@pytest.mark.parametrize("rows", [10, 60, 192, 5000])
def test_batches_on_features_are_small_enough(rows: int) -> None:
    heads = plan(resolved(), rows)[0]
    assert 4 <= heads.batch_size <= 32
    assert heads.steps_per_epoch(rows) >= min(FEATURE_STEPS, rows // 4)
    assert plan(resolved(batch_size=100), rows)[0].batch_size == 100


def test_the_ridge_falls_once_there_are_many_pictures() -> None:
    recipe = HEAD_RECIPES["linear"]
    assert recipe.penalty(100) == recipe.penalty(1000) == recipe.ridge
    assert recipe.penalty(60000) == pytest.approx(0.01)


def test_amounts_come_from_tables() -> None:
    assert [automatic_batch("cpu", rows) for rows in (10, 160, 10000)] == [8, 20, 32]
    assert automatic_batch("cuda", 10000) == 64
    assert piece(resolved(image_size=224)) == 16
    assert piece(resolved({"name": "vit_b_16"})) == 1
    assert piece(resolved({"name": "mobilenet_v3_small"})) == 32
    assert piece(resolved(image_size=112)) > piece(resolved(image_size=224))


def test_phases_of_ones_own() -> None:
    own = [
        {"freeze": "all", "epochs": 3, "learning_rate": 0.02},
        {"freeze": 4, "epochs": 2, "learning_rate": 5e-4},
        {"freeze": "all", "epochs": 1},
        {"freeze": 1, "epochs": 4},
    ]
    phases = plan(resolved(phases=own, learning_rate=1e-3, patience=2), 400)
    assert [phase.name for phase in phases] == ["heads", "last stage", "heads", "last 4 stages"]
    assert [phase.first_epoch for phase in phases] == [1, 4, 6, 7]
    assert [phase.trains_stages for phase in phases] == [False, True, False, True]
    assert [phase.on_features for phase in phases] == [True, False, False, False], "stored features are of no use then"
    assert [phase.augment for phase in phases] == ["none", "standard", "standard", "standard"]
    assert phases[0].head_rates == {"a": 0.02, "b": 0.02}
    assert phases[2].head_rates["a"] == HEAD_RECIPES["linear"].learning_rate
    assert [phase.learning_rate for phase in phases] == [0.0, 5e-4, 0.0, 1e-3]
    assert [phase.patience for phase in phases] == [0, 2, 0, 2]


def test_accumulated_batches_are_one_step_at_a_rate_of_its_size() -> None:
    heads, stages = plan(resolved(accumulate=4, batch_size=8), 400)
    assert (stages.batch_size, stages.at_once) == (32, 8) and heads.batch_size == heads.at_once == 8
    assert stages.learning_rate == plan(resolved(batch_size=32), 400)[1].learning_rate


def test_only_phases_that_train_stages_mix() -> None:
    mixes = [(phase.mixup, phase.cutmix) for phase in plan(resolved(mixup=0.2, cutmix=1.0), 400)]
    assert mixes == [(0.0, 0.0), (0.2, 1.0)]


@pytest.mark.parametrize(
    ("weights", "decay"), [("default", 0.7), ("file:a.pt", 0.7), ("run:001-full", 0.7), ("starter", 1.0), ("none", 1.0)]
)
def test_first_stages_learn_as_fast_as_others_where_they_know_no_photographs(weights: str, decay: float) -> None:
    (phase,) = plan(resolved({"weights": weights}, preset="full"), 64)
    assert phase.layer_decay == decay
    (phase,) = plan(resolved({"weights": weights}, preset="full", layer_decay=0.5), 64)
    assert phase.layer_decay == 0.5
