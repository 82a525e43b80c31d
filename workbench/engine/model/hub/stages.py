"""Cutting a chain of modules into stages: resolution steps of a convolutional network, blocks of a transformer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from workbench.core.backbone_facts import Unit as Kind
from workbench.engine.model.hub.chain import Chain, Unit

_BY_BLOCK = {"swin_transformer", "swin_transformer_v2", "swin_transformer_v2_cr", "maxxvit", "hieradet_sam2"}
"""Modules of timm whose networks are transformers although their maps are laid out as pictures."""
_LOWER = 0.75
"""Share of a map's height down to which it has to fall for a step: a layer without padding takes off less."""
_MOST = 0.5
"""Share of the numbers that the network's own code may use before its modules begin, or it is not taken apart."""
_PATCH = 4
"""Pixels that the first layer has to make one for it to be an embedding of patches, and a stage of its own."""

Stages = list[list[Unit]]


def cut(chain: Chain, size: int, family: str, parameters: int) -> tuple[Kind, Stages]:
    """What the stages are, and the modules of each; the first stage begins with the network's own opening.

    Args:
        size: of the pictures for which the chain's shapes hold.
        family: the module of timm that the network is in.
        parameters: how many numbers the network learns up to its last map.
    """
    chained = sum(unit.parameters for unit in chain.units)
    if chain.shape is None or chained < _MOST * parameters:
        return "whole", [list(chain.units)]
    if len(chain.shape) == 4 and family not in _BY_BLOCK:
        stages = _with_numbers(_by_resolution(chain, size))
        if len(stages) > 2:
            return "stage", stages
    stages = _by_block(chain)
    return ("block", stages) if len(stages) > 1 else ("whole", stages)


def side(shape: Sequence[int]) -> int:
    """Height of a map (B, C, H, W) or (B, H, W, C), H = W; the number of tokens (B, N, C)."""
    if len(shape) == 4 and shape[2] != shape[3]:
        return shape[1]
    return shape[2] if len(shape) == 4 else shape[1]


def _by_resolution(chain: Chain, size: int) -> Stages:
    """A stage begins at a module that lowers the resolution; patches embedded at once are a stage of their own."""
    stages: Stages = [[]]
    at = side(chain.opening) if chain.opening else size
    for unit in _parted(chain.units, at):
        height = side(unit.shape)
        if height <= _LOWER * at and (stages[0] or chain.opening):
            stages.append([])
        at = height
        stages[-1].append(unit)
    first = stages[0]
    if len(first) > 1 and not chain.opening and side(first[0].shape) * _PATCH <= size:
        stages[:1] = [first[:1], first[1:]]
    return stages


def _parted(units: Sequence[Unit], at: int) -> list[Unit]:
    """The units, with those in whose inside the resolution falls more than once replaced by their parts."""
    found = []
    for unit in units:
        parts = _parted(unit.parts, at)
        heights = [at, *(side(part.shape) for part in parts)]
        falls = sum(later <= _LOWER * earlier for earlier, later in pairwise(heights))
        found += parts if falls > 1 else [unit]
        at = side(unit.shape)
    return found


def _by_block(chain: Chain) -> Stages:
    """A stage is a block; what stands before one belongs to it, and what follows the last to the last."""
    stages: Stages = [[]]
    waiting: list[Unit] = []
    for unit in (block for each in chain.units for block in _blocks(each)):
        if unit.of_many:
            stages.append([*waiting, unit])
            waiting = []
        elif len(stages) == 1:
            stages[0].append(unit)
        else:
            waiting.append(unit)
    stages[-1] += waiting
    return stages


def _blocks(unit: Unit) -> Iterator[Unit]:
    """The unit, or its parts where there are blocks among them or it is none itself."""
    parts = [block for part in unit.parts for block in _blocks(part)]
    if parts and (not unit.of_many or any(part.of_many for part in parts)):
        yield from parts
    else:
        yield unit


def _with_numbers(stages: Stages) -> Stages:
    """The stages, with those that learn nothing joined to the one after, the last to the one before."""
    kept: Stages = [stages[0]]
    waiting: list[Unit] = []
    for stage in stages[1:]:
        waiting = [*waiting, *stage]
        if any(unit.parameters for unit in stage):
            kept.append(waiting)
            waiting = []
    kept[-1] = [*kept[-1], *waiting]
    return kept
