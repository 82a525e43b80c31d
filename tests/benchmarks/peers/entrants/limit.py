"""The least that the work can cost: the same network in bf16 and channels last, with all that can be kept in memory.

For a head alone each picture is decoded and goes through the network once, and the head trains on its features. For the
whole network all pictures lie decoded in memory before the clock begins; nothing varies them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torchvision import datasets, models

from tests.benchmarks.peers.work import MEAN, STD, Clock, Work

Part = tuple[Tensor, Tensor]


def run(work: Work, clock: Clock) -> None:
    """Train and validate each epoch."""
    network = models.resnet18(weights=None)
    width = network.fc.in_features
    head = nn.Linear(width, work.classes)
    network.fc = nn.Identity()
    network = network.to(memory_format=torch.channels_last)
    parts = {part: _decoded(work, part) for part in ("train", "val")}
    if work.mode == "head":
        network.eval()
        with torch.inference_mode():
            parts = {part: (_features(network, x, work.batch), y) for part, (x, y) in parts.items()}
        parts = {part: (x.clone(), y) for part, (x, y) in parts.items()}
        _train(head, parts, work, clock)
    else:
        clock.begin()
        whole = nn.Sequential(_Network(network), head)
        _train(whole, parts, work, clock)


class _Network(nn.Module):
    """Pixels (B, 3, S, S) uint8 to features (B, C) float32."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self._network = network

    def forward(self, pixels: Tensor) -> Tensor:
        return _through(self._network, pixels)


def _through(network: nn.Module, pixels: Tensor) -> Tensor:
    mean, std = (torch.tensor(values).view(1, 3, 1, 1) * 255 for values in (MEAN, STD))
    images = pixels.float().sub_(mean).div_(std)
    with torch.autocast("cpu", torch.bfloat16):
        features: Tensor = network(images)
    return features.float()


def _features(network: nn.Module, pixels: Tensor, batch: int) -> Tensor:
    return torch.cat([_through(network, piece) for piece in pixels.split(batch)])


def _decoded(work: Work, part: str) -> Part:
    """Pixels (N, 3, S, S) uint8, channels last, and classes."""
    found = datasets.ImageFolder(Path(work.pictures, part)).samples
    pixels = np.empty((len(found), work.size, work.size, 3), np.uint8)
    for at, (path, _) in enumerate(found):
        with Image.open(path) as image:
            small = image.convert("RGB").resize((work.size, work.size), Image.Resampling.BILINEAR)
        pixels[at] = np.asarray(small)
    return torch.from_numpy(pixels).permute(0, 3, 1, 2), torch.tensor([label for _, label in found])


def _train(network: nn.Module, parts: dict[str, Part], work: Work, clock: Clock) -> None:
    optimiser = torch.optim.SGD(network.parameters(), lr=1e-2, momentum=0.9)
    x, y = parts["train"]
    for _ in range(work.epochs):
        network.train()
        for places in torch.randperm(len(x)).split(work.batch):
            loss = nn.functional.cross_entropy(network(x[places]), y[places])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        network.eval()
        with torch.inference_mode():
            x_val, y_val = (values.split(work.batch) for values in parts["val"])
            for images, labels in zip(x_val, y_val, strict=True):
                (network(images).argmax(1) == labels).sum()
        clock.epoch_done()
