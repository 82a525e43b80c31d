"""The phases of a run, worked out from what its recipe resolved to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from workbench.core import catalogue
from workbench.core.kinds import KINDS
from workbench.core.project import Freeze
from workbench.core.resolved import Resolved, ResolvedTask

PIXEL_RATE = {True: 3e-4, False: 1e-3}
"""Automatic learning rate of the last stage, for batches of 32: where something is pretrained, and where nothing is."""
FEATURE_BATCH = 32
"""Largest batch of a phase on stored features: steps cost next to nothing there, and small ones converge better."""
FEATURE_STEPS = 12
"""Fewest steps that an epoch on stored features is cut into, where there are pictures enough."""


@dataclass(frozen=True)
class HeadRecipe:
    """How a kind of head is trained: its learning rate while the backbone stands still, and its ridge penalty.

    `pixel_rate` is its own rate while stages train, where none is asked for, however large the batch; without one it
    learns at that of the last stage.

    With n training pictures the penalty is min(ridge, ridge_pictures / n): a logistic regression's best penalty stays
    level for small n and falls as 1/n for large.
    """

    learning_rate: float
    ridge: float = 0.0
    ridge_pictures: float = 600.0
    pixel_rate: float | None = None

    def penalty(self, pictures: int) -> float:
        """The ridge penalty for a task with that many training pictures."""
        return min(self.ridge, self.ridge_pictures / max(1, pictures))


HEAD_RECIPES: dict[str, HeadRecipe] = {
    "linear": HeadRecipe(6e-3, ridge=0.2),
    "multi-label": HeadRecipe(6e-3, ridge=0.2),
    "number": HeadRecipe(6e-3, ridge=0.2),
    "cosine": HeadRecipe(6e-3),
    "prototype": HeadRecipe(6e-3),
    "dense": HeadRecipe(2e-2, pixel_rate=2e-2),
}
"""By kind of head; found on three data sets with 192 to 1,600 training pictures. Others take OTHER_HEAD."""
OTHER_HEAD = HeadRecipe(1e-3)
DENSE_HEADS = frozenset(KINDS["mask"].heads)
"""Heads that answer from the maps of all stages, not from pooled features."""


@dataclass(frozen=True)
class Phase:
    """One stretch of a run in which the same parameters train.

    Attributes:
        name: "heads" while the backbone stands still, "stages" once stages of it train.
        epochs: at most; `patience` epochs without a better score end it before (0: never).
        first_epoch: counted through the whole run from 1.
        freeze: stages of the backbone that stand still.
        on_features: it trains on stored features of the evaluation view, not on pixels.
        augment: how pictures are varied.
        batch_size: pictures in a step.
        learning_rate: height of the last stage's rate.
        head_rates: height of each head's rate, by task.
        smoothed: labels are smoothed as far as each task asks for it.
        tasks: those that train; the others wait for a later phase.
    """

    name: Literal["heads", "stages"]
    epochs: int
    first_epoch: int
    freeze: Freeze
    on_features: bool
    augment: str
    batch_size: int
    learning_rate: float
    head_rates: dict[str, float]
    layer_decay: float
    weight_decay: float
    warmup_epochs: float
    smoothed: bool
    patience: int
    tasks: tuple[str, ...]

    def steps_per_epoch(self, rows: int) -> int:
        """Steps in which `rows` training pictures are gone through."""
        return math.ceil(rows / self.batch_size)


def plan(resolved: Resolved, rows: int) -> list[Phase]:
    """The phases of a run whose training part has `rows` pictures.

    Heads that answer for each pixel need the maps of all stages, which are not stored: they wait for the phase on
    pixels where there is one.
    """
    recipe, backbone = resolved.project.recipe, resolved.project.backbone
    if catalogue.freeze_depth(backbone.name, backbone.freeze) == catalogue.freeze_depth(backbone.name, "all"):
        epochs = recipe.epochs if recipe.preset == "probe" else recipe.head_epochs or recipe.epochs
        augment = recipe.augment if recipe.preset == "probe" else "none"
        return [_heads(resolved, rows, epochs, augment, recipe.patience, resolved.tasks)]
    first = [task for task in resolved.tasks if task.head not in DENSE_HEADS]
    if not recipe.head_epochs or not first:
        return [_stages(resolved, 1)]
    return [_heads(resolved, rows, recipe.head_epochs, "none", 0, first), _stages(resolved, recipe.head_epochs + 1)]


def _heads(
    resolved: Resolved, rows: int, epochs: int, augment: str, patience: int, train: Sequence[ResolvedTask]
) -> Phase:
    recipe = resolved.project.recipe
    asked = recipe.learning_rate if recipe.preset == "probe" else "auto"
    tasks = tuple(task.name for task in train)
    on_features = augment == "none" and not any(task.head in DENSE_HEADS for task in train)
    return Phase(
        name="heads",
        epochs=epochs,
        first_epoch=1,
        freeze="all",
        on_features=on_features,
        augment=augment,
        batch_size=_feature_batch(resolved, rows) if on_features else resolved.batch_size,
        learning_rate=0.0,
        head_rates={task.name: _head_rate(task.head, asked) for task in resolved.tasks},
        layer_decay=1.0,
        weight_decay=0.0,
        warmup_epochs=recipe.warmup_epochs if not on_features else 0.0,
        smoothed=False,
        # The rate's fall settles the heads, so a phase before the stages always runs to its end: it costs seconds.
        patience=patience,
        tasks=tasks,
    )


def _stages(resolved: Resolved, first_epoch: int) -> Phase:
    recipe = resolved.project.recipe
    rate = recipe.learning_rate
    if rate == "auto":
        rate = PIXEL_RATE[bool(resolved.weights_sha256)] * math.sqrt(resolved.batch_size / 32)
    return Phase(
        name="stages",
        epochs=recipe.epochs,
        first_epoch=first_epoch,
        freeze=resolved.project.backbone.freeze,
        on_features=False,
        augment=recipe.augment,
        batch_size=resolved.batch_size,
        learning_rate=rate,
        head_rates={task.name: _pixel_rate(task.head, recipe.learning_rate, rate) for task in resolved.tasks},
        layer_decay=recipe.layer_decay,
        weight_decay=recipe.weight_decay,
        warmup_epochs=recipe.warmup_epochs,
        smoothed=True,
        patience=recipe.patience,
        tasks=tuple(task.name for task in resolved.tasks),
    )


def _head_rate(head: str, asked: float | Literal["auto"]) -> float:
    return HEAD_RECIPES.get(head, OTHER_HEAD).learning_rate if asked == "auto" else asked


def _pixel_rate(head: str, asked: float | Literal["auto"], stage_rate: float) -> float:
    own = HEAD_RECIPES.get(head, OTHER_HEAD).pixel_rate
    if own is None:
        return stage_rate
    return own if asked == "auto" else own * asked / PIXEL_RATE[True]


def _feature_batch(resolved: Resolved, rows: int) -> int:
    """What was asked for, else small enough for FEATURE_STEPS steps in an epoch."""
    if resolved.project.recipe.batch_size != "auto":
        return resolved.batch_size
    return max(4, min(FEATURE_BATCH, rows // FEATURE_STEPS))
