"""The phases of a run, worked out from what its recipe resolved to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from workbench.core import catalogue
from workbench.core.presets import PRESETS
from workbench.core.project import Project
from workbench.core.recipe import Freeze, PhaseChoice
from workbench.core.resolved import More, Resolved, ResolvedTask
from workbench.core.timeline import DENSE_HEADS, phase_name, timeline
from workbench.engine.model.weights import of_photographs

PIXEL_RATE = {True: 3e-4, False: 1e-3}
"""Automatic learning rate of the last stage, for batches of 32: where something is pretrained, and where nothing is."""
LAYER_DECAY = {True: 0.7, False: 1.0}
"""Automatic layer decay: for weights that may know photographs, and for others, whose first stages have much to learn.

Only so, and with batch norm that follows the batches, does resnet18 gain from its starter when all stages train.
"""
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


@dataclass(frozen=True)
class Phase:
    """One stretch of a run in which the same parameters train.

    Attributes:
        name: what it is called in events and on curves.
        trains_stages: stages of the backbone train in it, not heads alone.
        epochs: at most; `patience` epochs without a better score end it before (0: never).
        first_epoch: counted through the whole run from 1.
        freeze: stages of the backbone that stand still.
        on_features: it trains on stored features of the evaluation view, not on pixels.
        augment: how pictures are varied.
        views: so many ways in which each is varied, which come again and again; 0: a new one in each epoch.
        batch_size: pictures in a step.
        at_once: most of them that are worked on at once, where not even these are too many for the device.
        learning_rate: height of the last stage's rate.
        head_rates: height of each head's rate, by task.
        tasks: those that train; the others wait for a later phase.
        mixup, cutmix: alpha of how pictures are mixed; 0 where they are not.
    """

    name: str
    trains_stages: bool
    epochs: int
    first_epoch: int
    freeze: Freeze
    on_features: bool
    augment: str
    batch_size: int
    at_once: int
    learning_rate: float
    head_rates: dict[str, float]
    layer_decay: float
    weight_decay: float
    warmup_epochs: float
    patience: int
    tasks: tuple[str, ...]
    mixup: float = 0.0
    cutmix: float = 0.0
    views: int = 0

    def look(self, epoch: int) -> int:
        """The epoch as in which pictures are varied in an epoch; both counted through the run."""
        return self.first_epoch + (epoch - self.first_epoch) % self.views if self.views else epoch

    @property
    def looks(self) -> list[int]:
        """The different epochs that `look` gives, where they come again."""
        return list(range(self.first_epoch, self.first_epoch + min(self.views, self.epochs)))

    def steps_per_epoch(self, rows: int) -> int:
        """Steps in which `rows` training pictures are gone through."""
        return math.ceil(rows / self.batch_size)


def plan(resolved: Resolved, rows: int) -> list[Phase]:
    """The phases of a run whose training part has `rows` pictures.

    Features are stored of the backbone as it was loaded, so heads train on them only until stages have trained.

    Raises:
        RequestError: a phase freezes more stages than the backbone has.
    """
    chosen = timeline(resolved.project)
    count = catalogue.freeze_depth(resolved.project.backbone.name, "all")
    of_stages = [phase for phase in chosen if phase.freeze not in ("all", count)]
    phases: list[Phase] = []
    for number, asked in enumerate(chosen):
        name = phase_name(asked.freeze, count, several=len(of_stages) > 1)
        first_epoch = 1 + sum(phase.epochs for phase in phases)
        if asked in of_stages:
            phases.append(_stages(resolved, asked, name, first_epoch))
            continue
        fresh, later = not any(phase.trains_stages for phase in phases), number < len(chosen) - 1
        if asked.learning_rate == "auto" and PRESETS[resolved.project.recipe.preset].heads_alone and not of_stages:
            asked = asked.model_copy(update={"learning_rate": resolved.project.recipe.learning_rate})
        phases.append(_heads(resolved, rows, asked, first_epoch, fresh=fresh, later=later))
    for more in resolved.more:
        phases = _longer(phases, more)
    return phases


def _longer(phases: list[Phase], more: More) -> list[Phase]:
    """The phases up to that which was under way when a run ended, and the same again for the epochs that are added."""
    before = replace(phases[more.phase], epochs=more.done)
    added = replace(before, epochs=more.epochs, first_epoch=before.first_epoch + more.done)
    return [*phases[: more.phase], before, added]


def _heads(
    resolved: Resolved, rows: int, asked: PhaseChoice, first_epoch: int, *, fresh: bool, later: bool
) -> Phase:
    """A phase of the heads.

    Args:
        fresh: no stage has trained before.
        later: another phase follows; heads that answer for each pixel wait for it where others need not.
    """
    recipe = resolved.project.recipe
    train: Sequence[ResolvedTask] = resolved.tasks
    if fresh and later:
        train = [task for task in train if task.head not in DENSE_HEADS] or train
    augment = recipe.augment if PRESETS[recipe.preset].heads_alone or not fresh else "none"
    on_features = fresh and augment == "none" and not any(task.head in DENSE_HEADS for task in train)
    batch = _feature_batch(resolved, rows) if on_features else _pixel_batch(resolved)
    return Phase(
        name="heads",
        trains_stages=False,
        epochs=asked.epochs,
        first_epoch=first_epoch,
        freeze="all",
        on_features=on_features,
        augment=augment,
        batch_size=batch,
        at_once=batch if on_features else resolved.batch_size,
        learning_rate=0.0,
        head_rates={task.name: _head_rate(task.head, asked.learning_rate) for task in resolved.tasks},
        layer_decay=1.0,
        weight_decay=0.0,
        warmup_epochs=recipe.warmup_epochs if not on_features else 0.0,
        # The rate's fall settles the heads, so a phase before the stages always runs to its end: it costs seconds.
        patience=0 if later else recipe.patience,
        tasks=tuple(task.name for task in train),
        views=recipe.cached_views,
    )


def _stages(resolved: Resolved, chosen: PhaseChoice, name: str, first_epoch: int) -> Phase:
    recipe = resolved.project.recipe
    asked = recipe.learning_rate if chosen.learning_rate == "auto" else chosen.learning_rate
    rate = automatic_rate(resolved) if asked == "auto" else asked
    return Phase(
        name=name,
        trains_stages=True,
        epochs=chosen.epochs,
        first_epoch=first_epoch,
        freeze=chosen.freeze,
        on_features=False,
        augment=recipe.augment,
        batch_size=_pixel_batch(resolved),
        at_once=resolved.batch_size,
        learning_rate=rate,
        head_rates={task.name: _pixel_rate(task.head, asked, rate) for task in resolved.tasks},
        layer_decay=_layer_decay(resolved.project),
        weight_decay=recipe.weight_decay,
        warmup_epochs=recipe.warmup_epochs,
        patience=recipe.patience,
        tasks=tuple(task.name for task in resolved.tasks),
        mixup=recipe.mixup,
        cutmix=recipe.cutmix,
        views=recipe.cached_views,
    )


def _layer_decay(project: Project) -> float:
    asked = project.recipe.layer_decay
    return LAYER_DECAY[of_photographs(project.backbone.weights)] if asked == "auto" else asked


def with_rate(resolved: Resolved, phase: Phase, asked: float | Literal["auto"]) -> Phase:
    """The phase with another learning rate; auto: what it takes where none is asked for."""
    heads = {task.name: task.head for task in resolved.tasks}
    if not phase.trains_stages:
        return replace(phase, head_rates={task: _head_rate(head, asked) for task, head in heads.items()})
    rate = automatic_rate(resolved) if asked == "auto" else asked
    rates = {task: _pixel_rate(head, asked, rate) for task, head in heads.items()}
    return replace(phase, learning_rate=rate, head_rates=rates)


def automatic_rate(resolved: Resolved) -> float:
    """The last stage's learning rate where none is asked for."""
    return PIXEL_RATE[bool(resolved.weights_sha256)] * math.sqrt(_pixel_batch(resolved) / 32)


def _head_rate(head: str, asked: float | Literal["auto"]) -> float:
    return HEAD_RECIPES.get(head, OTHER_HEAD).learning_rate if asked == "auto" else asked


def _pixel_rate(head: str, asked: float | Literal["auto"], stage_rate: float) -> float:
    own = HEAD_RECIPES.get(head, OTHER_HEAD).pixel_rate
    if own is None:
        return stage_rate
    return own if asked == "auto" else own * asked / PIXEL_RATE[True]


def _pixel_batch(resolved: Resolved) -> int:
    """Pictures in a step on pixels."""
    return resolved.batch_size * resolved.project.recipe.accumulate


def _feature_batch(resolved: Resolved, rows: int) -> int:
    """What was asked for, else small enough for FEATURE_STEPS steps in an epoch."""
    if resolved.project.recipe.batch_size != "auto":
        return resolved.batch_size
    return max(4, min(FEATURE_BATCH, rows // FEATURE_STEPS))
