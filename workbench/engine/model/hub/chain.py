"""A network's run as a chain of modules: what it does first by its own code, then one module after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from workbench.engine.model.hub.trace import Call, is_plain, watch

ROPE = "rope"
"""timm's name for the rotary embedding of positions, as a module of the network and as an option of its blocks."""


@dataclass(frozen=True)
class Unit:
    """A module of the chain.

    Attributes:
        shape: of what it gives.
        parameters: how many numbers it learns.
        parts: modules that can be run one by one in its place; empty where it runs as one.
        of_many: it is one of several modules of a kind in a row, as the blocks of a transformer are.
    """

    path: str
    shape: tuple[int, ...]
    parameters: int
    parts: tuple[Unit, ...] = ()
    of_many: bool = False


@dataclass(frozen=True)
class Chain:
    """What happens from pictures to the last map.

    Attributes:
        opening: shape of what the network's own code gives before the chain begins; None where the chain begins at
            the pictures.
        units: the modules of the chain; none where the network cannot be run in parts.
        shape: of the last map; None where the network gives no single tensor before it pools.
        closing: modules that pool and what follows up to the features.
        features: width of the features.
        rotary: modules of the chain that are also given `rope`, where the positions of the tokens are turned.
    """

    opening: tuple[int, ...] | None
    units: tuple[Unit, ...]
    shape: tuple[int, ...] | None
    closing: tuple[str, ...]
    features: int
    rotary: tuple[str, ...] = ()


def find_chain(network: nn.Module, size: int) -> Chain:
    """How the network runs pictures of that size (of another size, too, where it takes one)."""
    chain = _chain(network, size)
    try:
        # What makes odd maps even, by the network's own code, shows only where there are some.
        other = _chain(network, size + 37)
    except (RuntimeError, AssertionError, ValueError, IndexError):
        return chain
    return chain if _paths(other) == _paths(chain) else _alone(chain)


def _chain(network: nn.Module, size: int) -> Chain:
    images = torch.empty(2, 3, size, size, device="meta")
    whole = watch(network, network.forward_features, images)  # type: ignore[arg-type]
    if not isinstance(whole.output, Tensor):
        with torch.no_grad():
            return Chain(tuple(images.shape), (), None, (), network(images).shape[-1])
    closing = watch(network, lambda x: network.forward_head(x, pre_logits=True), whole.output)  # type: ignore[operator]
    called = tuple(dict.fromkeys(call.path for call in closing.children))
    features = closing.output.flatten(1).shape[1]
    alone = Chain(tuple(images.shape), (), tuple(whole.output.shape), called, features)
    beside = ROPE if is_rotary(network) else ""
    first = _first(whole, network, beside)
    units = tuple(_unit(call, network) for call in whole.children[first:])
    begun = {call.path for call in whole.children[:first]} | set(called)
    if not units or _shared(units, begun, network):
        return alone
    opening = None if first == 0 and whole.links()[0] else tuple(whole.children[first].input.shape)
    rotary = tuple(call.path for call in whole.children[first:] if beside in call.options)
    return Chain(opening, units, alone.shape, called, features, rotary)


def is_rotary(network: nn.Module) -> bool:
    """Whether its blocks are given one table of rotations that depends on nothing but the size of the pictures."""
    rope = getattr(network, ROPE, None)
    return isinstance(rope, nn.Module) and hasattr(rope, "get_embed") and not any(True for _ in rope.parameters())


def _first(whole: Call, network: nn.Module, beside: str) -> int:
    """From which of its runs on the network is a chain up to its end; their number where it is not."""
    links = whole.links()
    first = len(whole.children)
    if not links[first]:
        return first
    while first:
        call = whole.children[first - 1]
        if not is_plain(call, network.get_submodule(call.path), beside):
            break
        first -= 1
        if not links[first]:
            break
    return first


def _unit(call: Call, network: nn.Module) -> Unit:
    module = network.get_submodule(call.path)
    parts = tuple(_unit(child, network) for child in call.children) if _falls_apart(call, module, network) else ()
    owner, _, name = call.path.rpartition(".")
    beside = [each for each in network.get_submodule(owner).children() if any(True for _ in each.parameters())]
    of_many = name.isdecimal() and len({type(each) for each in beside}) == 1 and not isinstance(module, nn.Conv2d)
    count = sum(parameter.numel() for parameter in module.parameters())
    return Unit(call.path, tuple(call.output.shape), count, parts, of_many)


def _falls_apart(call: Call, module: nn.Module, network: nn.Module) -> bool:
    """Whether running the modules inside one after the other is all that the module does."""
    inside = {child.path for child in call.children}
    own = [*module.parameters(recurse=False), *module.buffers(recurse=False)]
    return (
        bool(inside)
        and not own
        and len(inside) == len(call.children)
        and all(call.links())
        and all(is_plain(child, network.get_submodule(child.path)) for child in call.children)
        and all(name_of in inside for name_of in _stateful(call.path, module, inside))
    )


def _stateful(path: str, module: nn.Module, inside: set[str]) -> Iterator[str]:
    """Paths of the modules below that hold numbers and are not below one of those `inside`."""
    for name, child in module.named_children():
        below = f"{path}.{name}"
        if below in inside or not any(True for _ in (*child.parameters(), *child.buffers())):
            continue
        if any(each.startswith(f"{below}.") for each in inside):
            yield from _stateful(below, child, inside)
        else:
            yield below


def _shared(units: tuple[Unit, ...], begun: set[str], network: nn.Module) -> bool:
    """Whether a module of the chain runs twice, or elsewhere too."""
    paths = [unit.path for unit in units]
    chained = [id(module) for path in paths for module in network.get_submodule(path).modules()]
    others = {id(module) for path in begun for module in network.get_submodule(path).modules()}
    numbers = [id(p) for path in paths for p in network.get_submodule(path).parameters()]
    return len(set(paths)) < len(paths) or len(set(numbers)) < len(numbers) or bool(others & set(chained))


def _paths(chain: Chain) -> tuple[bool, list[str]]:
    return chain.opening is None, [path for unit in chain.units for path in _names(unit)]


def _names(unit: Unit) -> list[str]:
    return [unit.path, *(path for part in unit.parts for path in _names(part))]


def _alone(chain: Chain) -> Chain:
    return Chain((), (), chain.shape, chain.closing, chain.features)
