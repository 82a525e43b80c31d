"""Where a process stands among those that train one run together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.core.errors import RequestError

PORT = "29500"
"""At which the first process waits for the others where nothing else is said; torchrun takes the same."""


@dataclass(frozen=True)
class Place:
    """One of several processes, each with a device of its own.

    Attributes:
        rank: its number among all of them, from 0; the first leads.
        size: how many they are.
        local_rank, local_size: the same on its machine alone.
        meet: where they find each other: tcp://HOST:PORT, or file://PATH.
        watched: processes of this machine whose end is the end of the others, by their ids.
    """

    rank: int
    size: int
    local_rank: int
    local_size: int
    meet: str
    watched: tuple[int, ...] = ()


def place_in(environment: Mapping[str, str]) -> Place | None:
    """The place that torchrun or Slurm's srun has given this process; None where it is alone.

    Raises:
        RequestError: it has been given half of one.
    """
    if "RANK" in environment and "WORLD_SIZE" in environment:
        names = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE")
    elif "SLURM_STEP_NUM_TASKS" in environment:  # srun's own; a batch script's shell is no process of a step
        names = ("SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID", "SLURM_STEP_TASKS_PER_NODE")
    else:
        return None
    size = _number(environment, names[1])
    if size == 1:
        return None
    rank = _number(environment, names[0])
    if "MASTER_ADDR" not in environment:
        raise RequestError(
            f"{size} processes are to train together, but MASTER_ADDR does not say where the first one is.",
            "Set it to the name of the first machine; the help on devices has the lines.",
        )
    meet = f"tcp://{environment['MASTER_ADDR']}:{environment.get('MASTER_PORT', PORT)}"
    local = _number(environment, names[2], rank)
    return Place(rank, size, local, max(local + 1, _number(environment, names[3], local + 1)), meet)


def _number(environment: Mapping[str, str], name: str, otherwise: int | None = None) -> int:
    """The number that a variable begins with: Slurm writes 2(x3) for two on each of three machines."""
    found = re.match(r"\d+", environment.get(name, ""))
    if found is None and otherwise is None:
        raise RequestError(f"{name} is not set to a number.", "Start with torchrun or srun, or unset their variables.")
    return int(found.group()) if found else otherwise or 0
