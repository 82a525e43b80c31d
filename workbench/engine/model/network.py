"""The multi-task network: one backbone, one head per task."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn

from workbench.core.errors import RequestError
from workbench.engine.model.backbones import Backbone, build_backbone, seeded
from workbench.engine.model.heads import HEADS, HeadSettings, VectorHead
from workbench.engine.model.staged import BatchNorm, Freeze

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
"""Of pixels in [0, 1], per channel, red first: torchvision's weights expect inputs standardised by these."""


class HeadChoice(NamedTuple):
    """A task's head: a key of `HEADS`, the number of classes, its settings, and how many last stages the task owns."""

    kind: str
    classes: int
    settings: HeadSettings = HeadSettings()
    own_stages: int = 0


class Normalise(nn.Module):
    """Pixels in [0, 1] to what ImageNet weights expect: (x - mean) / std per channel, on (B, 3, H, W)."""

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(IMAGENET_STD).view(1, 3, 1, 1))

    def forward(self, images: Tensor) -> Tensor:
        return (images - self.mean) / self.std


class Heads(nn.Module):
    """Heads by task name, in the order given.

    A task may be called `type` or `keys`; a module may not. So each head is stored as `task NAME`.
    """

    def __init__(self, heads: Mapping[str, VectorHead]) -> None:
        super().__init__()
        for task, head in heads.items():
            self.add_module(_module_name(task), head)
        self.tasks = tuple(heads)

    def __getitem__(self, task: str) -> VectorHead:
        head = self._modules[_module_name(task)]
        assert isinstance(head, VectorHead)
        return head

    def __iter__(self) -> Iterator[str]:
        return iter(self.tasks)

    def __len__(self) -> int:
        return len(self.tasks)

    def items(self) -> Iterator[tuple[str, VectorHead]]:
        """(task, head) in order."""
        return ((task, self[task]) for task in self.tasks)


class MultiTaskNetwork(nn.Module):
    """Pictures (B, 3, H, W) float in [0, 1] to {task: logits (B, K)}; the ImageNet normalisation is inside.

    The state dict holds `normalise.*`, `backbone.*` (torchvision's names below it) and `heads.task NAME.*`.
    """

    def __init__(self, backbone: Backbone, heads: Mapping[str, VectorHead]) -> None:
        super().__init__()
        self.normalise = Normalise()
        self.backbone = backbone
        self.heads = Heads(heads)

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks' names in order."""
        return self.heads.tasks

    def forward(self, images: Tensor) -> dict[str, Tensor]:
        """{task: logits (B, K)} of pictures (B, 3, H, W) in [0, 1]."""
        return self.from_features(self.features(images))

    def features(self, images: Tensor) -> Tensor:
        """Pooled features (B, C) of pictures (B, 3, H, W) in [0, 1]."""
        features: Tensor = self.backbone(self.normalise(images))
        return features

    def maps(self, images: Tensor) -> list[Tensor]:
        """The map (B, C_i, H_i, W_i) of each stage, for pictures (B, 3, H, W) in [0, 1]."""
        return self.backbone.maps(self.normalise(images))

    def from_features(self, features: Tensor, tasks: Iterable[str] | None = None) -> dict[str, Tensor]:
        """{task: logits (B, K)} of features (B, C), for the tasks named, or all."""
        return {task: self.heads[task](features) for task in (self.tasks if tasks is None else tasks)}

    @torch.no_grad()
    def frozen_part(self, images: Tensor) -> Tensor:
        """What the frozen stages make of pictures (B, 3, H, W) in [0, 1]: a pure function, so worth keeping.

        With no stage frozen these are the normalised pictures; with all frozen, the features (B, C).
        """
        return self.backbone.forward_stages(self.normalise(images), 0, self.backbone.frozen_stages)

    def rest(self, x: Tensor, tasks: Iterable[str] | None = None) -> dict[str, Tensor]:
        """{task: logits (B, K)} from what `frozen_part` gave."""
        trunk = self.backbone
        return self.from_features(trunk.forward_stages(x, trunk.frozen_stages, trunk.stage_count), tasks)

    def freeze(self, depth: Freeze) -> None:
        """Freeze the first `depth` stages of the backbone, or "all"; heads always train.

        Raises:
            RequestError: there are not that many stages.
        """
        self.backbone.freeze(depth)

    def parameter_groups(self) -> list[tuple[str, list[nn.Parameter]]]:
        """(name, parameters) of everything that trains, from input to heads, for layer-wise learning rates.

        Stages that are not frozen come first under their own names, then each task's head as `head TASK`.
        """
        stages = self.backbone.stages[self.backbone.frozen_stages :]
        groups = [(stage.name, list(stage.parameters.values())) for stage in stages]
        return groups + [(f"head {task}", list(head.parameters())) for task, head in self.heads.items()]


def build_network(
    backbone: str,
    heads: Mapping[str, HeadChoice],
    *,
    freeze: Freeze = 0,
    batch_norm: BatchNorm = "eval",
    seed: int = 0,
) -> MultiTaskNetwork:
    """A network with random weights: `heads` gives each task's head.

    Each head's first weights depend on the seed and the task's name alone, so that another task beside it
    changes nothing. Load pretrained weights into `network.backbone` afterwards.

    Raises:
        RequestError: the backbone, a kind of head or the freeze depth is not known.
    """
    trunk = build_backbone(backbone, seed, batch_norm)
    built = {task: build_head(task, choice, trunk.out_features, seed) for task, choice in heads.items()}
    network = MultiTaskNetwork(trunk, built)
    network.freeze(freeze)
    return network


def build_head(task: str, choice: HeadChoice, features: int, seed: int) -> VectorHead:
    """One task's head on features (B, C).

    Raises:
        RequestError: the kind is not known.
    """
    if choice.kind not in HEADS:
        raise RequestError(
            f"{choice.kind!r} is not a kind of head (task {task}).", f"Choose one of {', '.join(HEADS)}."
        )
    digest = hashlib.sha256(f"{seed}/{task}".encode()).digest()
    with seeded(int.from_bytes(digest[:8], "little") >> 1):
        return HEADS[choice.kind](features, choice.classes, choice.settings)


def _module_name(task: str) -> str:
    return "task " + task.replace("%", "%25").replace(".", "%2E")
