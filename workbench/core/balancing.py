"""The balancing methods, and the ways of drawing from unequal tasks, by name, each with one sentence."""

from __future__ import annotations

BALANCING: dict[str, str] = {
    "equal": "Each loss is divided by the loss of guessing; all tasks count the same. The default, and hard to beat.",
    "fixed": "The plain sum: losses in nats times the tasks' own weights, so that the weights mean just what they say.",
    "uw": "Uncertainty weighting: each task learns how noisy it is, and noisy tasks count less.",
    "dwa": "Dynamic weight average: tasks whose loss falls slowly count for more, worked out anew each epoch.",
    "gradnorm": "GradNorm: evens out how strongly the tasks pull at the backbone, more strongly for those that lag.",
    "famo": "FAMO: lets all losses fall at the same rate, for the price of one more look at each batch.",
    "pcgrad": "PCGrad: where two tasks pull against each other, the opposing part is taken away.",
    "imtl_g": "IMTL-G: each step goes equally far along every task's direction, however large its loss.",
    "aligned_mtl": "Aligned-MTL: the tasks' pulls are made independent and equally strong before they are added.",
    "upgrad": "UPGrad: each task's pull is turned until it harms no other; a small enough step raises no loss.",
}
"""The first is the default. They say what a method does; no research has found one that is best everywhere."""

SAMPLING: dict[str, str] = {
    "proportional": "Each picture once an epoch, so that large tasks are drawn more often and nothing is repeated.",
    "equal": "Each task as often as any other: pictures of small tasks are seen several times an epoch.",
    "temperature": "Between the two: a task of n pictures is drawn in proportion to n to the power of 1/temperature.",
}
"""The first is the default: repeating few pictures learns them by heart, and a task's loss is a mean in any case."""
