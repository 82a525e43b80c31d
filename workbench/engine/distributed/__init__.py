"""Several processes that train one run together, each on a device of its own and with its share of every batch."""

from __future__ import annotations

from workbench.core.place import Place
from workbench.engine.distributed.team import ALONE, Team, TeamLost

__all__ = ["ALONE", "Team", "TeamLost", "join"]


def join(place: Place | None) -> Team:
    """The team of a place; a process without one is alone, and torch.distributed is not loaded."""
    if place is None:
        return ALONE
    from workbench.engine.distributed.ranks import Ranks

    return Ranks(place)
