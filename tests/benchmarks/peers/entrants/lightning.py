"""A Lightning module; for a head alone with its callback `BackboneFinetuning`, whose batch norm still trains."""

from __future__ import annotations

import logging

import lightning.pytorch as pl
import torch
from lightning.pytorch.callbacks import BackboneFinetuning
from torch import Tensor, nn
from torchvision import models

from tests.benchmarks.peers.entrants.folders import loaders
from tests.benchmarks.peers.work import Clock, Work

NEVER = 10**6


class _Module(pl.LightningModule):
    def __init__(self, classes: int) -> None:
        super().__init__()
        network = models.resnet18(weights=None)
        self.backbone = nn.Sequential(*list(network.children())[:-1])
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(network.fc.in_features, classes))

    def forward(self, images: Tensor) -> Tensor:
        return self.head(self.backbone(images))

    def training_step(self, batch: tuple[Tensor, Tensor], number: int) -> Tensor:
        loss = nn.functional.cross_entropy(self(batch[0]), batch[1])
        self.log("loss", loss)
        return loss

    def validation_step(self, batch: tuple[Tensor, Tensor], number: int) -> None:
        answers = self(batch[0])
        self.log("val_loss", nn.functional.cross_entropy(answers, batch[1]))
        self.log("accuracy", (answers.argmax(1) == batch[1]).float().mean())

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD([p for p in self.parameters() if p.requires_grad], lr=1e-3, momentum=0.9)


class _Marks(pl.Callback):
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def on_validation_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        self._clock.epoch_done()


def run(work: Work, clock: Clock) -> None:
    """Train and validate each epoch."""
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    parts = loaders(work)
    frozen = [BackboneFinetuning(unfreeze_backbone_at_epoch=NEVER)] if work.mode == "head" else []
    trainer = pl.Trainer(
        max_epochs=work.epochs,
        accelerator="cpu",
        devices=1,
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        callbacks=[*frozen, _Marks(clock)],
        default_root_dir=work.scratch,
    )
    trainer.fit(_Module(work.classes), parts["train"], parts["val"])
