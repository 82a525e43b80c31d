"""A torchvision network without its class head, as ordered stages that can be frozen, run and cached."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Literal, NamedTuple, Self

from torch import Tensor, nn
from torch.nn import functional
from torch.nn.modules.batchnorm import _BatchNorm

from workbench.core import catalogue
from workbench.engine.model.plans import Plan

Freeze = int | Literal["all"]
BatchNorm = Literal["eval", "train"]


class Stage(NamedTuple):
    """A stage of a backbone: its modules in order, and every parameter that it owns by torchvision's name."""

    name: str
    title: str
    modules: list[nn.Module]
    parameters: dict[str, nn.Parameter]


class Backbone(nn.Module):
    """Pictures (B, 3, H, W), normalised, to features (B, C), through ordered stages.

    Parameters and buffers keep torchvision's names, so that its state dicts load directly. A branch of a backbone
    has the stages from `first_stage` on alone, under the same numbers and names.

    Args:
        plan: the row of the table that says what the stages are.
        network: torchvision's network; its modules move into this one and its class head is left out.
        batch_norm: "eval" keeps all batch norm at its stored statistics in training too, which is right for
            pretrained weights and small data; "train" lets the batch norm of stages that are not frozen
            follow the batches.
    """

    def __init__(self, plan: Plan, network: nn.Module, batch_norm: BatchNorm = "eval") -> None:
        super().__init__()
        self.plan = plan
        self.batch_norm: BatchNorm = batch_norm
        self.frozen_stages = 0
        self.first_stage = 0
        for path in plan.head:
            _remove(network, path)
        # Not by add_module and its like: some networks call a module of theirs `stages`, as this class a property.
        self._modules.update(network._modules)
        self._parameters.update(network._parameters)
        self._buffers.update(network._buffers)
        self._non_persistent_buffers_set.update(network._non_persistent_buffers_set)

    @property
    def name(self) -> str:
        """torchvision's name of the network, or timm/NAME."""
        return self.plan.name

    @property
    def out_features(self) -> int:
        """C, the width of the pooled features."""
        return self.plan.features

    @property
    def stage_count(self) -> int:
        """How many stages there are, those of which a branch has no copy too; the deepest boundary."""
        return len(self.plan.stages)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Paths of what the library's network has beside the backbone: its class head."""
        return self.plan.head

    @property
    def ends_in_tokens(self) -> bool:
        """Whether the last stage hands on tokens or rows of tokens, as transformers do."""
        return self.plan.shape in ("tokens", "rows", "windows")

    @property
    def map_widths(self) -> tuple[int, ...]:
        """Channels of each stage's map."""
        return tuple(stage.channels for stage in catalogue.get(self.name).stages)

    @property
    def stages(self) -> list[Stage]:
        """The stages in the order in which they run; every parameter belongs to exactly one."""
        return [
            Stage(plan.name, plan.title, self._stage_modules(index), self.stage_parameters(index))
            for index, plan in list(enumerate(self.plan.stages))[self.first_stage :]
        ]

    def stage_parameters(self, index: int) -> dict[str, nn.Parameter]:
        """The parameters of stage `index` by name, one that several modules share once; a branch may have none."""
        found: dict[str, nn.Parameter] = {}
        for path, held in self._held(index):
            if isinstance(held, nn.Module):
                found |= dict(held.named_parameters(prefix=path))
            elif isinstance(held, nn.Parameter):
                found[path] = held
        first = {id(parameter): name for name, parameter in reversed(found.items())}
        return {name: parameter for name, parameter in found.items() if first[id(parameter)] == name}

    def stage_state(self, index: int) -> dict[str, Tensor]:
        """The parameters and buffers of stage `index` by name; none where a branch has no such stage."""
        found: dict[str, Tensor] = {}
        for path, held in self._held(index):
            found |= held.state_dict(prefix=f"{path}.") if isinstance(held, nn.Module) else {path: held.detach()}
        return found

    def branch(self, first: int) -> Self:
        """A copy of the stages from `first` on; it runs on what the stage before `first` gives."""
        copied = copy.deepcopy(self)
        for index in range(first):
            for path in self.plan.paths(index):
                _remove(copied, path)
        copied.first_stage = first
        return copied

    def forward(self, images: Tensor) -> Tensor:
        """Features (B, C) of normalised pictures (B, 3, H, W)."""
        return self.forward_stages(images, 0, self.stage_count)

    def forward_stages(self, x: Tensor, first: int, last: int) -> Tensor:
        """Run the stages `first` to `last - 1` on what the stage before `first` gave.

        Boundary 0 is the normalised pictures; boundary `stage_count` is the features (B, C), pooled. Running
        up to any boundary and on from there is the same as running through.
        """
        for index in range(first, last):
            x = self.run_stage(index, x)
        return self.pool(x) if first < last == self.stage_count else x

    def maps(self, images: Tensor) -> list[Tensor]:
        """The map (B, C_i, H_i, W_i) that each stage gives, not pooled, for heads that answer per pixel."""
        maps, x = [], images
        for index in range(self.stage_count):
            x = self.run_stage(index, x)
            maps.append(self.as_map(index, x, (images.shape[2], images.shape[3])))
        return maps

    def run_stage(self, index: int, x: Tensor) -> Tensor:
        """What stage `index` makes of what the one before it gave; of the last stage, not pooled."""
        for path in self.plan.stages[index].paths:
            x = self.get_submodule(path)(x)
        return x

    def pool(self, x: Tensor) -> Tensor:
        """Features (B, C) of what the last stage gave."""
        x = functional.adaptive_avg_pool2d(x, 1)
        for path in self.plan.after_pool:
            x = self.get_submodule(path)(x)
        return x.flatten(1)

    def as_map(self, index: int, x: Tensor, size: tuple[int, int]) -> Tensor:
        """What stage `index` gave, as a map (B, C_i, H_i, W_i), for pictures of size (H, W)."""
        return x

    def freeze(self, depth: Freeze) -> None:
        """Freeze the first `depth` stages (or "all") and let the others train.

        Raises:
            RequestError: there are not that many stages.
        """
        self.frozen_stages = catalogue.freeze_depth(self.name, depth)
        for index in range(self.first_stage, self.stage_count):
            for parameter in self.stage_parameters(index).values():
                parameter.requires_grad_(index >= self.frozen_stages)
        self.train(self.training)

    def train(self, mode: bool = True) -> Self:
        """Set the mode; frozen stages always stay in eval, and so does batch norm unless it is to train."""
        super().train(mode)
        if mode:
            for index in range(self.first_stage, self.frozen_stages):
                for module in self._stage_modules(index):
                    module.eval()
            if self.batch_norm == "eval":
                for module in self.modules():
                    if isinstance(module, _BatchNorm):
                        module.eval()
        return self

    def adapt_state(self, state: dict[str, Tensor]) -> dict[str, Tensor]:
        """A state dict of this architecture in the names and shapes of this network."""
        return state

    def _stage_modules(self, index: int) -> list[nn.Module]:
        return [held for _, held in self._held(index) if isinstance(held, nn.Module)]

    def _held(self, index: int) -> Iterator[tuple[str, nn.Module | Tensor]]:
        """Everything that stage `index` owns: modules, and bare parameters and buffers, by path."""
        for path in self.plan.paths(index) if index >= self.first_stage else ():
            parent, _, leaf = path.rpartition(".")
            owner = self.get_submodule(parent)
            for table in (owner._modules, owner._parameters, owner._buffers):
                held = table.get(leaf)
                if held is not None:
                    yield path, held


def _remove(network: nn.Module, path: str) -> None:
    """Take the module or parameter at `path` out of the network, where there is one."""
    parent, _, leaf = path.rpartition(".")
    owner = network.get_submodule(parent)
    if hasattr(owner, leaf):
        delattr(owner, leaf)
