"""How often pictures of tasks of different size are drawn in an epoch: the shares, without arrays."""

from __future__ import annotations

from collections.abc import Mapping


def task_shares(counts: Mapping[str, int], sampling: str, temperature: float) -> dict[str, float]:
    """The share of an epoch that each task is given, adding up to 1; a task without pictures gets none.

    A task of n pictures is drawn in proportion to n^(1/temperature) (Wang, Tsvetkov and Neubig, "Balancing training for
    multilingual neural machine translation", ACL 2020, section 2): 1 is proportional, infinity is `equal`.

    Args:
        counts: labelled training pictures of each task.
        sampling: one of `core.balancing.SAMPLING`.
    """
    power = {"proportional": 1.0, "equal": 0.0, "temperature": 1.0 / temperature}[sampling]
    sizes = {task: count**power if count else 0.0 for task, count in counts.items()}
    total = sum(sizes.values())
    return {task: size / total if total else 0.0 for task, size in sizes.items()}


def times_drawn(counts: Mapping[str, int], pictures: int, sampling: str, temperature: float) -> dict[str, float]:
    """How often a picture that only this task labels is drawn in an epoch of `pictures`, for each task.

    A picture that several tasks label is drawn as often as these figures say together. Proportional drawing takes
    every picture once, whoever labels it.
    """
    if sampling == "proportional":
        return {task: 1.0 if count else 0.0 for task, count in counts.items()}
    shares = task_shares(counts, sampling, temperature)
    return {task: pictures * shares[task] / count if count else 0.0 for task, count in counts.items()}
