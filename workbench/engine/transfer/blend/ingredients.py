"""Which runs can be averaged: those whose weights mean the same, unit by unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workbench.core.errors import RequestError
from workbench.core.resolved import Resolved

FEWEST = 2
_HIDDEN = ("mlp", "dense")
"""Heads with a hidden layer, whose units come in another order from another seed."""
_PERHAPS_HIDDEN = ("multi-label", "number")
"""Heads that have one where a width is asked for."""


def check_ingredients(runs: Sequence[Resolved]) -> None:
    """Refuse runs whose average would mean nothing.

    Raises:
        RequestError: two of them differ in what must be the same; the sentence says in what.
    """
    first = runs[0]
    if not first.weights_sha256:
        raise RequestError(
            f"Run {first.run} began with random weights: units of two such runs mean different things.",
            "Average runs that were trained from the same pretrained weights.",
        )
    for other in runs[1:]:
        for said, of in _SAME:
            if of(first) != of(other):
                raise RequestError(
                    f"Runs {first.run} and {other.run} have not the same {said}, so their weights have no average.",
                    "Average runs of one recipe: repeats with other seeds, learning rates or augmentation.",
                )
        _check_hidden(first, other)


def _check_hidden(first: Resolved, other: Resolved) -> None:
    hidden = [task.name for task in first.tasks if _has_hidden(first, task.name)]
    if hidden and first.project.recipe.seed != other.project.recipe.seed:
        raise RequestError(
            f"The head of {hidden[0]} has a hidden layer that began otherwise in runs {first.run} and {other.run}, "
            "as their seeds differ.",
            "Average runs with the same seed, or with heads of one layer such as linear.",
        )


def _has_hidden(run: Resolved, task: str) -> bool:
    asked = run.project.task(task)
    return asked.head in _HIDDEN or (asked.head in _PERHAPS_HIDDEN and asked.hidden > 0)


def _heads(run: Resolved) -> list[tuple[object, ...]]:
    asked = run.project
    return [
        (task.name, task.kind, task.head, task.classes, asked.task(task.name).hidden, asked.task(task.name).own_stages)
        for task in run.tasks
    ]


_SAME: tuple[tuple[str, Callable[[Resolved], object]], ...] = (
    ("backbone", lambda run: run.project.backbone.name),
    ("tasks, classes or heads", _heads),
    ("pretrained weights to begin with", lambda run: run.weights_sha256),
    ("picture size", lambda run: run.view),
    ("pictures and split", lambda run: run.data_hash),
)
"""What runs must share, in words and as a value."""
