"""torchvision's `ImageFolder` and loaders with the tutorial's transforms, which three of the peers use."""

from __future__ import annotations

from pathlib import Path

from torch.utils.data import DataLoader
from torchvision import datasets, transforms

from tests.benchmarks.peers.work import MEAN, STD, Work


def loaders(work: Work) -> dict[str, DataLoader]:
    """Of the parts `train` (random crop and flip, shuffled) and `val` (the middle)."""
    last = [transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
    vary = [transforms.RandomResizedCrop(work.size), transforms.RandomHorizontalFlip()]
    middle = [transforms.Resize(work.size * 256 // 224), transforms.CenterCrop(work.size)]
    return {
        part: DataLoader(
            datasets.ImageFolder(Path(work.pictures, part), transforms.Compose([*steps, *last])),
            work.batch,
            shuffle=part == "train",
            num_workers=work.workers,
        )
        for part, steps in (("train", vary), ("val", middle))
    }
