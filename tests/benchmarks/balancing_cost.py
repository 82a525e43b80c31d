"""What a training step costs with each balancing method, relative to equal weighing.

    python -m tests.benchmarks.balancing_cost [--tasks 2 4] [--batch 32] [--size 224] [--rounds 3] [--freeze 2]

Once for tasks on the same pictures and once for tasks with pictures of their own. Noise goes through the shared
backbone mobilenet_v3_small on the CPU; the methods take turns, so that whatever else the computer does falls on all
of them, and the median of their processor times is taken. `one joint backward` is a step of equal weighing that
measures nothing beside; `agreement` is a step of equal weighing that measures agreement as a run does: every tenth on
shared pictures, every one on pictures of their own. Aim for tasks with pictures of their own: at most 1.15 for
Aligned-MTL.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.project import Project
from workbench.core.resolved import Resolved, ResolvedTask, ViewParameters
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.model.network import HeadChoice, MultiTaskNetwork, build_network
from workbench.engine.training.balancing import BALANCING
from workbench.engine.training.inputs import Batch, Heard
from workbench.engine.training.labels import Labels
from workbench.engine.training.phases import plan
from workbench.engine.training.relatedness import EVERY
from workbench.engine.training.trainer import Trainer

AIM = 1.15
BACKBONE = "mobilenet_v3_small"


class Noise:
    """One batch of noise, straight through the network."""

    def __init__(self, network: MultiTaskNetwork, batch: int, size: int) -> None:
        self.network, self.chunk = network, batch
        self.tasks, self.level = network.tasks, "none"
        self.images = torch.rand(batch, 3, size, size, generator=torch.Generator().manual_seed(0))

    def batches(self, rows_of_batches: Sequence[Any], first: int = 0) -> Iterator[Batch]:
        """The images of the rows."""
        for rows in rows_of_batches[first:]:
            yield Batch(rows, self.images[torch.from_numpy(rows)], np.ones(len(rows), np.bool_))

    def varied(self, x: Tensor, rows: Any, epoch: int, mixed: Any = None) -> Tensor:
        """The images as they are."""
        return x

    def training_answers(self, varied: Tensor, tasks: Sequence[str]) -> Heard:
        """The network's answers."""
        return Heard(self.network.answer(self.network.see(varied, tasks)))

    def answers(self, x: Tensor) -> dict[str, Tensor]:
        """The network's answers."""
        return self.network(x)


def table(tasks: Sequence[str], batch: int, *, apart: bool) -> SampleTable:
    """Two classes a task; each picture labelled for all tasks, or in turn for one."""
    labels = np.random.default_rng(0).integers(0, 2, (len(tasks), batch))
    if apart:
        mine = np.arange(batch)[None] % len(tasks) == np.arange(len(tasks))[:, None]
        labels = np.where(mine, labels, MISSING)
    return SampleTable(
        paths=[Path(f"{row}.png") for row in range(batch)],
        part=np.zeros(batch, np.int8),
        targets=dict(zip(tasks, labels.astype(np.int64), strict=True)),
        classes={task: ["x", "y"] for task in tasks},
        sizes=np.zeros((batch, 2), np.int32),
        bytes=np.zeros(batch, np.int64),
        copies=np.zeros(batch, np.int64),
    )


def resolved(tasks: Sequence[str], method: str, freeze: int, batch: int, *, watched: bool) -> Resolved:
    """A run of stages alone."""
    data = {
        "tasks": [{"name": task, "source": "noise"} for task in tasks],
        "backbone": {"name": BACKBONE, "freeze": freeze},
        "recipe": {"head_epochs": 0, "balancing": method, "relatedness": watched},
    }
    project = Project.model_validate(data).effective()
    facts = [
        ResolvedTask(name=t.name, kind=t.kind, head=t.head, classes=["x", "y"], counts={}, class_counts=[1, 1])
        for t in project.tasks
    ]
    return Resolved(
        run="cost",
        started="",
        project=project,
        tasks=facts,
        view=ViewParameters(size=project.recipe.image_size),
        weights="",
        weights_sha256="",
        data_hash="",
        device="cpu",
        precision="fp32",
        layout="contiguous",
        batch_norm="eval",
        threads=1,
        batch_size=batch,
        versions={},
    )


def trainer(
    method: str, count: int, options: argparse.Namespace, *, apart: bool, watched: bool
) -> tuple[Trainer, Batch]:
    """A trainer of a method, and the batch that it is to step on."""
    tasks = [f"task {number}" for number in range(count)]
    network = build_network(BACKBONE, dict.fromkeys(tasks, HeadChoice("linear", 2)), freeze=options.freeze).train()
    inputs = Noise(network, options.batch, options.size)
    asked = resolved(tasks, method, options.freeze, options.batch, watched=watched)
    (batch,) = inputs.batches([np.arange(options.batch)])
    phase = plan(asked, options.batch)[-1]
    device = torch.device("cpu")
    labels = Labels(table(tasks, options.batch, apart=apart), tasks, device, {})
    made = Trainer(network, inputs, labels, asked, phase, device)  # type: ignore[arg-type]
    return made, batch


def measure(count: int, options: argparse.Namespace, *, apart: bool) -> dict[str, float]:
    """Median seconds of processor time of a step: of every method, and of equal weighing that measures agreement."""
    made = {name: trainer(name, count, options, apart=apart, watched=False) for name in BALANCING}
    made["measuring"] = trainer("equal", count, options, apart=apart, watched=True)
    times: dict[str, list[float]] = {name: [] for name in made}
    control = Control()
    for turn in range(options.rounds + 1):
        for name, (each, batch) in made.items():
            begin = time.process_time()
            each.step(batch, 1, control, 0)  # step 0 is one that measures
            if turn:  # the first warms up
                times[name].append(time.process_time() - begin)
    return {name: statistics.median(values) for name, values in times.items()}


def main(argv: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, nargs="+", default=[2, 4], help="how many tasks")
    parser.add_argument("--batch", type=int, default=32, help="pictures in a step")
    parser.add_argument("--size", type=int, default=224, help="their width and height, px")
    parser.add_argument("--rounds", type=int, default=3, help="steps of each method that are timed")
    parser.add_argument("--freeze", type=int, default=2, help="stages of the backbone that are frozen")
    options = parser.parse_args(argv)
    torch.set_num_threads(1)
    reached = True
    for count in options.tasks:
        for apart in (False, True):
            found = measure(count, options, apart=apart)
            base = found["equal"]
            kind = "pictures of their own" if apart else "the same pictures"
            print(f"{count} tasks, {kind}: one joint backward {1000 * base:.0f} ms")
            for name in BALANCING:
                print(f"  {name:12} {found[name] / base:5.2f}")
            every = 1 if apart else EVERY
            print(f"  {'agreement':12} {1 + (found['measuring'] / base - 1) / every:5.2f}")
            if apart:
                reached &= found["aligned_mtl"] / base <= AIM
    print(f"aim: {AIM:g} for aligned_mtl on pictures of their own: {'reached' if reached else 'missed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
