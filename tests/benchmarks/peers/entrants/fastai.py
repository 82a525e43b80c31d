"""fastai's `vision_learner` as its documentation uses it; frozen, its batch norm still trains, which is its default."""

from __future__ import annotations

import torch
from fastai.vision.all import Callback, Flip, ImageDataLoaders, RandomResizedCrop, accuracy, vision_learner
from torchvision import models

from tests.benchmarks.peers.work import Clock, Work


class _Marks(Callback):
    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def after_epoch(self) -> None:
        self.clock.epoch_done()


def run(work: Work, clock: Clock) -> None:
    """Train and validate each epoch."""
    loaders = ImageDataLoaders.from_folder(
        work.pictures,
        train="train",
        valid="val",
        item_tfms=RandomResizedCrop(work.size, min_scale=0.08),
        batch_tfms=[Flip()],
        bs=work.batch,
        num_workers=work.workers,
        device=torch.device("cpu"),
    )
    learner = vision_learner(loaders, models.resnet18, pretrained=False, metrics=accuracy, path=work.scratch)
    (learner.freeze if work.mode == "head" else learner.unfreeze)()
    with learner.no_bar(), learner.no_logging():
        learner.fit_one_cycle(work.epochs, 1e-3, cbs=[_Marks(clock)])
