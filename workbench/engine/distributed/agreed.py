"""What a team has been told: every process sees the same wishes at the same place of its work."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from workbench.core.control import Control

if TYPE_CHECKING:
    from workbench.engine.distributed.ranks import Ranks

_LOOK_S = 0.2
"""How often the one that leads looks while all of them rest."""


class Agreed(Control):
    """Changes only where all processes meet: in `meet`, and in `wait_while_paused` while they rest.

    Stop and cancel may come to any of them, everything else to the one that leads. Memory is never released in a pause:
    each process would have to be started anew.

    Args:
        outside: what this process itself is told.
    """

    def __init__(self, team: Ranks, outside: Control) -> None:
        super().__init__()
        self._team, self._outside = team, outside

    def meet(self) -> None:
        """Take over what any has been told since."""
        outside, leads = self._outside, self._team.leads
        news = leads and outside.paused_tasks != self.paused_tasks
        wishes = [outside.stop_requested, outside.cancel_requested, leads and outside.paused, news]
        stop, cancel, paused, any_news = (count > 0 for count in self._team.total([int(wish) for wish in wishes]))
        if any_news:
            self._tell("_paused_tasks", self._team.share(lambda: outside.paused_tasks))
        for name, value in (("_stop", stop), ("_cancel", cancel), ("_paused", paused)):
            self._tell(name, value)

    def pause_task(self, task: str) -> None:
        """Train the others, but not this task."""
        super().pause_task(task)
        self._outside.pause_task(task)

    def resume_task(self, task: str) -> None:
        """Train the task again."""
        super().resume_task(task)
        self._outside.resume_task(task)

    def take_changes(self) -> list[dict[str, Any]]:
        """What this process is to change: the one that leads hears of it, and shares it where an epoch begins."""
        return self._outside.take_changes()

    def wait_while_paused(self, timeout: float | None = None, tasks: Collection[str] = ()) -> bool:
        """Wait until the job may go on; there is no time limit, since all wait for the one that leads."""
        before = self.paused_tasks
        while self.resting(tasks) and self.paused_tasks == before:
            if self._team.leads:
                self._outside.keep_changes = self.keep_changes
                self._outside.wait_while_paused(_LOOK_S, tasks)
            self.meet()
        return not self.resting(tasks)
