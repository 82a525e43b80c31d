"""Fitting a state dict of unknown origin to a backbone, and saying what fitted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.core.errors import RequestError
from workbench.engine.model.backbones import Backbone, build_backbone
from workbench.engine.model.plans import PLANS, Plan

_PREFIXES = ("module.", "_orig_mod.", "model.", "network.", "net.", "backbone.")
"""What wrappers put before torchvision's names; none of those names begins so."""
_COUNTER = "num_batches_tracked"
"""A count that batch norm keeps but does not use; old files leave it out."""
_OWN = ("normalise.", "branches.", "heads.")
"""What a run's own checkpoint holds beside the backbone."""
_FEWEST = 0.5
"""Share of the backbone's tensors below which a file is another network's."""


@dataclass(frozen=True)
class Match:
    """How a state dict fits a backbone, by names of tensors (bare of wrappers' prefixes)."""

    fitting: dict[str, Tensor]
    missing: tuple[str, ...]
    mismatched: tuple[str, ...]
    unexpected: tuple[str, ...]
    total: int

    @property
    def matched(self) -> int:
        """How many of the backbone's tensors the file gives; counters of batch norm are not counted."""
        return sum(not name.endswith(_COUNTER) for name in self.fitting)


def match_state(backbone: Backbone, state: dict[str, Tensor]) -> Match:
    """Find the backbone's tensors in a state dict, under wrappers' prefixes too; the class head is left."""
    wanted = backbone.state_dict()
    bare = {_bare(name): value for name, value in state.items()}
    found = backbone.adapt_state(_inner(bare, wanted))
    fitting = {name: found[name] for name, tensor in wanted.items() if name in found and _fits(found[name], tensor)}
    counted = [name for name in wanted if not name.endswith(_COUNTER)]
    left = (*_OWN, *(f"{path}." for path in backbone.left_out))
    return Match(
        fitting=fitting,
        missing=tuple(name for name in counted if name not in found),
        mismatched=tuple(name for name in counted if name in found and name not in fitting),
        unexpected=tuple(name for name in found if name not in wanted and not name.startswith(left)),
        total=len(counted),
    )


def apply_match(backbone: Backbone, match: Match, source: str) -> None:
    """Copy what fits into the backbone, in its own precision.

    Raises:
        RequestError: under half of the backbone is there, or a value is not a finite number; nothing was
        copied.
    """
    if match.matched < _FEWEST * match.total:
        raise RequestError(
            f"{source} does not hold weights of {backbone.name}: "
            f"{match.matched} of its {match.total} tensors are there.",
            "Choose the backbone that the file was made with, or other weights.",
        )
    for name, tensor in match.fitting.items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise RequestError(f"{source} holds values that are no numbers, in {name}.", "Give another file.")
    backbone.load_state_dict(match.fitting, strict=False)


def likely_backbone(state: dict[str, Tensor]) -> str:
    """The largest of torchvision's whose every tensor is in the state dict; "" where there is none."""
    best, most = "", 0
    there = {path for name in state for path in _owners(_bare(name))}
    for name in (name for name, plan in PLANS.items() if _may_be(plan, there)):
        with torch.device("meta"):
            backbone = build_backbone(name)
        match = match_state(backbone, state)
        if match.matched == match.total > most:
            best, most = name, match.total
    return best


def _may_be(plan: Plan, paths: set[str]) -> bool:
    """Whether every stage has something of its own among the paths of tensors and of the modules that hold them."""
    return all(any(path in paths for path in plan.paths(index)) for index in range(len(plan.stages)))


def _owners(name: str) -> Iterator[str]:
    """A tensor's name, and the paths of all modules that hold it."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def _bare(name: str) -> str:
    while name.startswith(_PREFIXES):
        name = name[max(len(prefix) for prefix in _PREFIXES if name.startswith(prefix)) :]
    return name


def _inner(state: dict[str, Tensor], wanted: dict[str, Tensor]) -> dict[str, Tensor]:
    """The state without the prefix, such as `encoder_q.`, behind which most of the backbone's names stand, if any."""
    behind = Counter({"": 0})
    for name in state:
        behind.update(prefix for prefix in _prefixes(name) if name.removeprefix(prefix) in wanted)
    prefix = max(behind, key=lambda prefix: behind[prefix])
    if not prefix or behind[prefix] < _FEWEST * len(wanted):
        return state
    others = {name: value for name, value in state.items() if not name.startswith(prefix)}
    return others | {name.removeprefix(prefix): state[name] for name in state if name.startswith(prefix)}


def _prefixes(name: str) -> Iterator[str]:
    """Nothing, and what a tensor's name begins with up to each of its dots."""
    yield ""
    yield from (name[: at + 1] for at, letter in enumerate(name) if letter == ".")


def _fits(tensor: Tensor, wanted: Tensor) -> bool:
    plain = tensor.layout == torch.strided and not tensor.is_quantized and not tensor.is_complex()
    return plain and tensor.shape == wanted.shape
