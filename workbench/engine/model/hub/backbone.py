"""A network of timm's as a backbone."""

from __future__ import annotations

import copy
import math
import sys
from collections.abc import Iterable
from typing import Any, Self

from torch import Tensor, nn

from workbench.engine.model.hub.chain import ROPE
from workbench.engine.model.hub.plans import HubPlan
from workbench.engine.model.plans import Plan
from workbench.engine.model.staged import Backbone, BatchNorm


class HubBackbone(Backbone):
    """A network of timm's, whose stages are runs of its modules, as watching it has shown.

    Parameters and buffers keep timm's names. The network itself stays beside, with the same modules and parameters in
    it: its own code opens the first stage and pools after the last.
    """

    plan: HubPlan
    _network: Any

    def __init__(self, plan: Plan, network: nn.Module, batch_norm: BatchNorm = "eval") -> None:
        super().__init__(plan, network, batch_norm)
        vars(self)["_network"] = network
        for table in ("_modules", "_parameters", "_buffers", "_non_persistent_buffers_set"):
            vars(network)[table] = vars(self)[table]

    def run_stage(self, index: int, x: Tensor) -> Tensor:
        if index == 0 and self.plan.opens:
            x = self._open(x)
        for path in self.plan.runs[index]:
            x = self.run_module(path, x)
        return x

    def run_module(self, path: str, x: Tensor) -> Tensor:
        """What the module at `path` makes of what the one before it gave."""
        made: Tensor = self.get_submodule(path)(x)
        return made

    def pool(self, x: Tensor) -> Tensor:
        features: Tensor = x if self.plan.pooled else self._network.forward_head(x, pre_logits=True)
        return features.flatten(1)

    def as_map(self, index: int, x: Tensor, size: tuple[int, int]) -> Tensor:
        layout = self.plan.layouts[index]
        if layout.kind == "rows":
            return x.permute(0, 3, 1, 2)
        if layout.kind == "tokens":
            height, width = (-(-length // layout.cell) for length in size)
            return x[:, layout.prefix :].transpose(1, 2).reshape(len(x), -1, height, width)
        return x

    @property
    def ends_in_tokens(self) -> bool:
        return self.plan.layouts[-1].kind in ("tokens", "rows")

    @property
    def left_out(self) -> tuple[str, ...]:
        return self.plan.classifier

    def adapt_state(self, state: dict[str, Tensor]) -> dict[str, Tensor]:
        """A state dict in timm's present names and shapes, by timm's own rules where they are needed."""
        wanted = self.state_dict()
        if all(name in state and state[name].shape == tensor.shape for name, tensor in wanted.items()):
            return state
        rules: Any = getattr(sys.modules[type(self._network).__module__], "checkpoint_filter_fn", None)
        if rules is None:
            return state
        try:
            adapted: dict[str, Tensor] = rules(dict(state), self._network)
        # Rules for files of this network know nothing of others; what does not fit is told by its names.
        except Exception:  # noqa: BLE001
            return state
        return adapted

    def get_submodule(self, target: str) -> nn.Module:
        """The module at a path; through the network, in which no name means anything else."""
        found: nn.Module = self._network.get_submodule(target)
        return found

    def _open(self, images: Tensor) -> Tensor:
        """What the network's own code makes of pictures before the chain of modules begins."""
        run: Any = self._network if self.plan.pooled else passing(self._network, self.plan.chained).forward_features
        opened: Tensor = run(images)
        return opened


class RotaryBackbone(HubBackbone):
    """A vision transformer whose blocks turn tokens by their positions (Su et al. 2021, arXiv 2104.09864).

    The table for that follows from the number of tokens, so pictures have to be square.
    """

    def run_module(self, path: str, x: Tensor) -> Tensor:
        if path not in self.plan.rotary:
            return super().run_module(path, x)
        side = math.isqrt(x.shape[1] - self._network.num_prefix_tokens)
        table: Any = self.get_submodule(ROPE)
        made: Tensor = self.get_submodule(path)(x, rope=table.get_embed(shape=(side, side)))
        return made

    def train(self, mode: bool = True) -> Self:
        """Set the mode; the table of rotations stays as it is, as a frozen stage's."""
        super().train(mode)
        self.get_submodule(ROPE).eval()
        return self


def passing(module: nn.Module, paths: Iterable[str]) -> nn.Module:
    """The module with those below it at `paths` replaced by ones that hand on what they are given, uncopied."""
    view = copy.copy(module)
    below: dict[str, list[str]] = {}
    for path in paths:
        first, _, rest = path.partition(".")
        below.setdefault(first, []).append(rest)
    found = dict(module._modules)
    for first, rests in below.items():
        inner = found[first]
        assert inner is not None
        found[first] = _Pass() if "" in rests else passing(inner, rests)
    vars(view)["_modules"] = found
    return view


class _Pass(nn.Module):
    def forward(self, x: Tensor, *args: Any, **options: Any) -> Tensor:
        return x
