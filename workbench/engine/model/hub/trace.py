"""Watching a network run, to learn which of its modules follow one another and nothing else happens between them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn


@dataclass
class Call:
    """A module's run: what it was given and gave, and the runs inside it. The network itself has the path "".

    Attributes:
        before, after: how often input and output had been written into by then.
    """

    path: str
    args: tuple[Any, ...]
    options: dict[str, Any]
    before: int
    output: Any = None
    after: int = 0
    children: list[Call] = field(default_factory=list)

    @property
    def input(self) -> Any:
        """What it was given first."""
        return self.args[0] if self.args else None

    def links(self) -> list[bool]:
        """For each run inside: whether it was given just what the one before gave, and last whether its output is ours.

        Tensors are compared by identity and by how often they were written into, so anything that the code around the
        modules does to them shows.
        """
        value, version = self.input, self.before
        found = []
        for child in self.children:
            found.append(child.input is value and child.before == version)
            value, version = child.output, child.after
        return [*found, self.output is value and self.after == version]


def watch(network: nn.Module, run: Callable[[Tensor], Any], images: Tensor) -> Call:
    """`run(images)`, and every run of the network's modules in it."""
    whole = Call("", (images,), {}, images._version)
    with _hooks(network, whole), torch.no_grad():
        whole.output = run(images)
    whole.after = _version(whole.output)
    return whole


def is_plain(call: Call, module: nn.Module, beside: str = "") -> bool:
    """Whether the module was given one tensor and nothing else but defaults, and gave one tensor.

    Args:
        beside: the name of an option that may have any value.
    """
    if not isinstance(call.input, Tensor) or not isinstance(call.output, Tensor):
        return False
    parameters = list(inspect.signature(module.forward).parameters.values())
    more = dict(zip((each.name for each in parameters[1:]), call.args[1:], strict=False)) | call.options
    defaults = {each.name: each.default for each in parameters}
    return all(name == beside or value is defaults.get(name, inspect.Parameter.empty) for name, value in more.items())


@contextmanager
def _hooks(network: nn.Module, whole: Call) -> Iterator[None]:
    running = [whole]

    def enter(path: str) -> Callable[..., None]:
        def before(_: nn.Module, args: tuple[Any, ...], options: dict[str, Any]) -> None:
            call = Call(path, args, options, _version(args[0] if args else None))
            running[-1].children.append(call)
            running.append(call)

        return before

    def leave(_: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        call = running.pop()
        call.output, call.after = output, _version(output)

    handles = []
    for path, module in network.named_modules():
        if path:
            handles.append(module.register_forward_pre_hook(enter(path), with_kwargs=True))
            handles.append(module.register_forward_hook(leave))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _version(value: Any) -> int:
    return value._version if isinstance(value, Tensor) else 0
