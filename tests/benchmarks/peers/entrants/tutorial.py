"""torchvision's transfer-learning tutorial: `ImageFolder`, `DataLoader`, SGD; frozen layers lose `requires_grad`."""

from __future__ import annotations

import torch
from torch import nn
from torchvision import models

from tests.benchmarks.peers.entrants.folders import loaders
from tests.benchmarks.peers.work import Clock, Work


def run(work: Work, clock: Clock) -> None:
    """Train and validate each epoch."""
    parts = loaders(work)
    network = models.resnet18(weights=None)
    if work.mode == "head":
        for parameter in network.parameters():
            parameter.requires_grad = False
    network.fc = nn.Linear(network.fc.in_features, work.classes)
    optimiser = torch.optim.SGD([p for p in network.parameters() if p.requires_grad], lr=1e-3, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    for _ in range(work.epochs):
        for part, loader in parts.items():
            network.train(part == "train")
            loss_sum, right = 0.0, 0
            for images, labels in loader:
                optimiser.zero_grad()
                with torch.set_grad_enabled(part == "train"):
                    answers = network(images)
                    loss = criterion(answers, labels)
                    if part == "train":
                        loss.backward()
                        optimiser.step()
                loss_sum += loss.item() * len(labels)
                right += int((answers.argmax(1) == labels).sum())
        clock.epoch_done()
