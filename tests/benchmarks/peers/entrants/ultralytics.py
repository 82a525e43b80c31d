"""Ultralytics' classification trainer with torchvision's resnet18 as its backbone.

What it does to pictures beyond crop and flip is off, and so are its plots; otherwise its defaults.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("YOLO_OFFLINE", "true")

import torch
from ultralytics import YOLO

from tests.benchmarks.peers.work import Clock, Work

NETWORK = """
nc: {classes}
backbone:
  - [-1, 1, TorchVision, [512, resnet18, null, True, 2]]
head:
  - [-1, 1, Classify, [nc]]
"""


def run(work: Work, clock: Clock) -> None:
    """Train and validate each epoch."""
    description = Path(work.scratch, "resnet18-cls.yaml")
    description.write_text(NETWORK.format(classes=work.classes), encoding="utf-8")
    model = YOLO(description, task="classify")
    model.add_callback("on_train_start", lambda trainer: torch.set_num_threads(work.threads))
    model.add_callback("on_fit_epoch_end", lambda trainer: clock.epoch_done())
    model.train(
        data=work.pictures,
        epochs=work.epochs,
        imgsz=work.size,
        batch=work.batch,
        workers=work.workers,
        device="cpu",
        amp=False,
        plots=False,
        pretrained=False,
        freeze=1 if work.mode == "head" else None,
        auto_augment=None,
        erasing=0.0,
        hsv_h=0.0,
        hsv_s=0.0,
        hsv_v=0.0,
        scale=0.92,
        project=work.scratch,
        name="run",
        verbose=False,
        warmup_epochs=0,
        optimizer="SGD",
        lr0=1e-3,
        seed=0,
    )
