"""Several processes that train one run together, each on a device of its own and with its share of every batch."""

from __future__ import annotations

from workbench.core.control import Control
from workbench.core.errors import WorkbenchError
from workbench.core.place import Place
from workbench.engine.distributed.team import ALONE, Team, TeamEnded, TeamLost

__all__ = ["ALONE", "Team", "TeamEnded", "TeamLost", "join", "refuse"]

_joined: set[str] = set()
"""Where this process has met others, or was to meet them."""


def join(place: Place | None, control: Control) -> Team:
    """The team of a place; a process without one is alone, and torch.distributed is not loaded.

    Args:
        control: what this process is told, which it obeys while it waits for the others to come.
    """
    if place is None:
        return ALONE
    from workbench.engine.distributed.ranks import Ranks

    _joined.add(place.meet)
    return Ranks(place, control)


def refuse(place: Place, error: WorkbenchError, control: Control) -> None:
    """Tell those who wait for this process why it does not come; nothing where it has joined them, and told them so."""
    if place.meet not in _joined:
        join(place, control).leave(error)
