"""Modules by the names of tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar, cast

from torch import nn

M = TypeVar("M", bound=nn.Module)


class ByTask(nn.Module, Generic[M]):
    """Modules by task name, in the order given.

    A task may be called `type` or `keys`; a module may not. So each module is stored as `task NAME`.
    """

    def __init__(self, modules: Mapping[str, M]) -> None:
        super().__init__()
        for task, module in modules.items():
            self.add_module(module_name(task), module)
        self.tasks = tuple(modules)

    def __getitem__(self, task: str) -> M:
        return cast("M", self._modules[module_name(task)])

    def __contains__(self, task: str) -> bool:
        return task in self.tasks

    def __iter__(self) -> Iterator[str]:
        return iter(self.tasks)

    def __len__(self) -> int:
        return len(self.tasks)

    def values(self) -> Iterator[M]:
        """The modules in order."""
        return (self[task] for task in self.tasks)

    def items(self) -> Iterator[tuple[str, M]]:
        """(task, module) in order."""
        return ((task, self[task]) for task in self.tasks)


def module_name(task: str) -> str:
    """The name under which the module of a task is stored."""
    return "task " + task.replace("%", "%25").replace(".", "%2E")
