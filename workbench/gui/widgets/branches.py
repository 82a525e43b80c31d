"""Which stages each task has of its own, and what that means for the number of parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def first_own(stages: int, frozen: int, own: int) -> int:
    """The first stage that a task sees for itself: one of its last `own`, but none that is frozen.

    The copy of a frozen stage never differs from the stage that all share.
    """
    return max(stages - own, min(frozen, stages))


def parameters(sizes: Sequence[int], frozen: int, own: Mapping[str, int]) -> tuple[int, int]:
    """Parameters that train and parameters in all, of a backbone and the tasks' own copies of its last stages.

    Args:
        sizes: parameters of each stage, from the picture on.
        frozen: how many stages are frozen, counted from the picture.
        own: for each task how many of the last stages it has of its own.

    A stage that every task has of its own is shared by none: it stands still, and only its copies train.
    """
    firsts = [first_own(len(sizes), frozen, number) for number in own.values()]
    shared = max(firsts, default=len(sizes))
    training = sum(sizes[frozen:shared]) + sum(sum(sizes[first:]) for first in firsts)
    return training, sum(sizes) + sum(sum(sizes[len(sizes) - number :]) for number in own.values())
