"""The network that pretraining trains: a backbone, an answer for each class of shapes, and a projection of views."""

from __future__ import annotations

import time
from typing import Any

import torch
from torch import Tensor, nn

from workbench.core.specs import PretrainSpec
from workbench.engine import device as devices
from workbench.engine.device import Precision
from workbench.engine.model.backbones import build_backbone, seeded
from workbench.engine.model.network import Normalise
from workbench.engine.transfer.pretrain.losses import multi_instance, nt_xent
from workbench.engine.transfer.pretrain.scenes import Batch

_HIDDEN, _PROJECTION = 512, 128
_WEIGHT_DECAY = 0.05
_LONGEST_GRADIENT = 5.0
_CANDIDATES: tuple[Precision, ...] = ("fp32", "bf16")


class Learner:
    """Trains `spec.backbone` on batches of scenes with AdamW.

    Args:
        classes: of shapes.
    """

    def __init__(self, spec: PretrainSpec, classes: int, device: torch.device) -> None:
        self._device = device
        self.backbone = build_backbone(spec.backbone, spec.seed, batch_norm="train")
        width = self.backbone.out_features
        with seeded(spec.seed):
            self._shapes = nn.Linear(width, classes)
            self._projection = nn.Sequential(
                nn.Linear(width, _HIDDEN), nn.BatchNorm1d(_HIDDEN), nn.ReLU(), nn.Linear(_HIDDEN, _PROJECTION)
            )
        self._normalise = Normalise()
        self._network = nn.ModuleList([self.backbone, self._shapes, self._projection, self._normalise])
        devices.place(self._network, device, "channels_last")
        self._network.train()
        matrices = [p for p in self._network.parameters() if p.ndim > 1]
        others = [p for p in self._network.parameters() if p.ndim <= 1]
        self._optimiser = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": _WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}],
            lr=spec.learning_rate,
        )
        self.precision: Precision = self._fastest(spec.sizes[0]) if spec.precision == "auto" else spec.precision
        self._scaler = devices.gradient_scaler(device, self.precision)

    def sentence(self) -> str:
        """What trains, in one sentence."""
        count = sum(p.numel() for p in self.backbone.parameters())
        where = devices.describe(self._device)
        return f"Pretrains {self.backbone.name}, {count:,} parameters, on {where} in {self.precision}."

    def step(self, batch: Batch, rate: float) -> Tensor:
        """One step at a learning rate; the two losses (2,): of shapes, and of views."""
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        losses = self._losses(batch.views.flatten(0, 1), batch.classes, self.precision)
        self._optimiser.zero_grad(set_to_none=True)
        self._scaler.scale(losses.sum()).backward()  # type: ignore[no-untyped-call]
        self._scaler.unscale_(self._optimiser)
        nn.utils.clip_grad_norm_(self._network.parameters(), _LONGEST_GRADIENT)
        self._scaler.step(self._optimiser)
        self._scaler.update()
        return losses.detach()

    def kept(self) -> dict[str, Any]:
        """What a later `take_up` needs to go on."""
        return {
            "network": self._network.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "scaler": self._scaler.state_dict(),
            "precision": self.precision,
        }

    def take_up(self, kept: dict[str, Any]) -> None:
        """Go on from what `kept` gave."""
        self.precision = kept["precision"]
        self._network.load_state_dict(kept["network"])
        self._optimiser.load_state_dict(kept["optimiser"])
        self._scaler = devices.gradient_scaler(self._device, self.precision)
        self._scaler.load_state_dict(kept["scaler"])

    def _losses(self, views: Tensor, classes: Tensor, precision: Precision) -> Tensor:
        images = self._normalise(views).contiguous(memory_format=torch.channels_last)
        with devices.autocast(self._device, precision):
            features = self.backbone(images)
        features = features.float()
        first, second = self._projection(features).chunk(2)
        return torch.stack([multi_instance(self._shapes(features), classes.repeat(2, 1)), nt_xent(first, second)])

    def _fastest(self, size: int) -> Precision:
        """fp32 or bf16, whichever takes less time for a small step; the network is left as it was."""
        views = torch.rand(64, 3, size, size, generator=torch.Generator().manual_seed(0)).to(self._device)
        classes = torch.full((32, self._shapes.out_features), 1 / self._shapes.out_features, device=self._device)
        seconds: dict[Precision, float] = {}
        before = {name: value.clone() for name, value in self._network.state_dict().items()}
        for precision in _CANDIDATES[: 1 + devices.has_bf16(self._device)]:
            for _ in range(3):  # the last counts, the others warm up
                begin = time.perf_counter()
                self._losses(views, classes, precision).sum().backward()  # type: ignore[no-untyped-call]
                devices.synchronise(self._device)
                seconds[precision] = time.perf_counter() - begin
        self._network.zero_grad(set_to_none=True)
        self._network.load_state_dict(before)
        return min(seconds, key=lambda each: seconds[each])
