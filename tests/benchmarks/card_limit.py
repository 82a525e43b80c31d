"""How near a run comes to the most that a graphics card gives: the same network in bf16, its pictures in memory.

    python -m tests.benchmarks.card_limit [--backbone resnet50] [--size 224] [--batch 64] [--steps 100] [--rounds 3]

Both train every weight by AdamW in bf16, channels last. The run is one as people start it: pictures come from the store
in main memory and are varied on the card, losses are read, events said. For the limit one batch lies on the card and
comes again and again; nothing is varied. Counted are pictures a second in steady state: of the run, its epochs after
the first, without their validation; of the limit, as many steps after some that do not count. They take turns.
Aim: at least 0.85 of the limit. `--device cpu --size 32 --pictures 16 --batch 8 --steps 3` goes the same way without a
card and says nothing about one.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import tempfile
import time
from pathlib import Path

import torch
from torch import nn
from torchvision import models

from tests.benchmarks.peers.pictures import CLASSES, draw
from tests.benchmarks.peers.work import MEAN, STD
from workbench.core.control import Control
from workbench.core.events import Epoch, RunFailed
from workbench.core.project import Project
from workbench.core.specs import TrainSpec
from workbench.engine import device as devices
from workbench.engine.training.job import train

AIM = 0.85
WRONG_REQUEST = 2


def run(options: argparse.Namespace, pictures: Path, scratch: Path) -> float:
    """Pictures a second of a run, from its second epoch on.

    Raises:
        RuntimeError: it failed.
    """
    steps = -(-options.pictures // options.batch)
    project = Project.model_validate(
        {
            "tasks": [{"name": "class", "source": str(pictures)}],
            "backbone": {"name": options.backbone, "weights": "none"},
            "recipe": {
                "preset": "full",
                "head_epochs": 0,
                "epochs": 1 + math.ceil(options.steps / steps),
                "patience": 0,
                "batch_size": options.batch,
                "image_size": options.size,
                "device": options.device,
                "precision": "bf16",
                "interpolate": "off",
            },
        }
    )
    run_dir = scratch / "runs" / "001-run"
    run_dir.mkdir(parents=True)
    paces = []
    for event in train(TrainSpec(project=project, project_dir=scratch, run_dir=run_dir, run=run_dir.name), Control()):
        if isinstance(event, RunFailed):
            raise RuntimeError(f"{event.error} {event.advice}\n{event.traceback}")
        if isinstance(event, Epoch) and event.epoch > 1 and event.images_per_s:
            paces.append(event.images_per_s)
    return len(paces) / sum(1 / pace for pace in paces)


def limit(options: argparse.Namespace) -> float:
    """Pictures a second of the least that training can do, in so many steps after as many that are not counted."""
    device = torch.device(options.device)
    network = models.get_model(options.backbone, weights=None, num_classes=CLASSES)
    network = network.to(device, memory_format=torch.channels_last).train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, fused=True)
    mean, std = (torch.tensor(values, device=device).view(1, 3, 1, 1) * 255 for values in (MEAN, STD))
    shape = (options.batch, 3, options.size, options.size)
    pixels = torch.randint(0, 256, shape, dtype=torch.uint8, device=device).to(memory_format=torch.channels_last)
    labels = torch.randint(0, CLASSES, (options.batch,), device=device)
    begin = 0.0
    with torch.backends.cudnn.flags(benchmark=True, allow_tf32=True):
        for step in range(2 * options.steps):
            if step == options.steps:
                devices.synchronise(device)
                begin = time.perf_counter()
            with devices.autocast(device, "bf16"):
                answers = network(pixels.float().sub_(mean).div_(std))
            nn.functional.cross_entropy(answers.float(), labels).backward()
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
    devices.synchronise(device)
    return float(options.steps * options.batch / (time.perf_counter() - begin))


def main(argv: list[str]) -> int:
    """Measure and print; 1 where the aim is missed, 2 where there is no such device."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", default="resnet50", help="torchvision's name of a network")
    parser.add_argument("--size", type=int, default=224, help="what it sees, px")
    parser.add_argument("--batch", type=int, default=64, help="pictures in a step")
    parser.add_argument("--steps", type=int, default=100, help="steps that are counted, at least")
    parser.add_argument("--pictures", type=int, default=1024, help="that the run trains on")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each")
    parser.add_argument("--device", default="cuda", help="cuda, cuda:1, …; cpu only to try the benchmark itself")
    options = parser.parse_args(argv)
    if options.device.startswith("cuda") and not torch.cuda.is_available():
        print("There is no graphics card with CUDA here, so nothing is measured.", file=sys.stderr)
        return WRONG_REQUEST
    ours, most = [], []
    with tempfile.TemporaryDirectory() as folder:
        pictures = Path(folder, "pictures")
        draw(pictures, options.pictures, CLASSES)
        for number in range(options.rounds):
            most.append(limit(options))
            ours.append(run(options, pictures, Path(folder, f"project{number}")))
            print(f"pictures a second: run {ours[-1]:.1f}, limit {most[-1]:.1f}", flush=True)
    ratio = statistics.median(ours) / statistics.median(most)
    measured = "" if options.device.startswith("cuda") else ", which says nothing about a graphics card"
    verdict = "reached" if ratio >= AIM else "missed"
    print(f"{options.backbone}, {options.size} px, bf16, {devices.describe(torch.device(options.device))}: ", end="")
    print(f"{ratio:.2f} of the limit, aim {AIM}: {verdict}{measured}")
    return 0 if ratio >= AIM else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
