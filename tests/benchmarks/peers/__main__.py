"""What a run costs beside torchvision's transfer tutorial, fastai, Lightning and Ultralytics.

    python -m tests.benchmarks.peers [--jobs head full pipeline memory] [--repeats 3] [--pictures 200]

All take the same drawn pictures, the same network (ResNet-18, random weights), the same number of epochs and pictures
in a step, and each validates after every epoch. Compared are CPU seconds of the whole process tree after imports, the
median of several turns; each turn is a fresh process, and the entrants take turns. Peers vary their pictures in every
epoch; for a head alone Workbench does not, which is what lets it keep features.

`head`: a head on a frozen backbone, 224 px; `limit` keeps features in memory, computed in bf16, channels last.
`full`: the whole network, 128 px; `limit` has the pictures decoded in memory and varies nothing.
`pipeline`: batches alone, from the second epoch on. `memory`: peak of anonymous memory by the number of pictures.
A peer that is not installed is said to be absent (`pip install '.[bench]'`).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.peers.memory import peak_bytes
from tests.benchmarks.peers.pictures import draw
from tests.benchmarks.peers.race import Times, once, race
from tests.benchmarks.peers.work import Work

PEERS = ("tutorial", "fastai", "lightning", "ultralytics")
MEMORY_PICTURES, MOST_GROWTH = (1000, 10000), 0.1

Found = Mapping[str, Times | str]


@dataclass(frozen=True)
class Aim:
    """A ratio of `other`'s cost to ours that is to be at least `least`; `other` may be the best of the peers."""

    other: str
    least: float


def head(options: argparse.Namespace, pictures: Path, home: Path) -> bool:
    """Head alone."""
    work = Work(str(pictures), "", "head", 224, options.epochs, 32, threads=options.threads)
    cold = once("workbench", work, home)
    found = race(("workbench", *PEERS, "limit"), work, options.repeats, home)
    _show(f"head alone, 224 px, {options.epochs} epochs: whole work", found, lambda times: times.cpu)
    print(f"  workbench's first run on a computer, which measures precision and layout: {cold['cpu_s']:.2f}")
    aims = (Aim("tutorial", 8), Aim("fastai", 12), Aim("lightning", 12), Aim("limit", 1 / 1.25))
    return _reached(found, lambda times: times.cpu, aims)


def full(options: argparse.Namespace, pictures: Path, home: Path) -> bool:
    """The whole network."""
    work = Work(str(pictures), "", "full", 128, options.epochs, 32, threads=options.threads)
    cold = once("workbench", work, home)
    found = race(("workbench", *PEERS, "limit"), work, options.repeats, home)
    _show(f"whole network, 128 px, {options.epochs} epochs: whole work", found, lambda times: times.cpu)
    print(f"  workbench's first run on a computer, which measures precision and layout: {cold['cpu_s']:.2f}")
    reached = _reached(found, lambda times: times.cpu, (Aim("best peer", 2.2), Aim("limit", 0.9)))
    _show("whole network: an epoch after the first, with its validation", found, lambda times: times.epoch)
    return _reached(found, lambda times: times.epoch, (Aim("best peer", 2.2), Aim("limit", 0.9))) and reached


def pipeline(options: argparse.Namespace, pictures: Path, home: Path) -> bool:
    """Batches alone."""
    work = Work(str(pictures), "", "pipeline", 224, 3, 32, threads=options.threads)
    found = race(("store_batches", "folder_batches"), work, options.repeats, home)
    _show("batches, 224 px: an epoch after the first", found, lambda times: times.epoch)
    return _reached(found, lambda times: times.epoch, (Aim("folder_batches", 3.5),))


def memory(options: argparse.Namespace, pictures: Path, home: Path) -> bool:
    """Peak memory."""
    few, many = (peak_bytes(count, options.threads, home) for count in MEMORY_PICTURES)
    growth = many / few - 1
    print(f"peak of anonymous memory: {few / 1e6:.0f} MB with {MEMORY_PICTURES[0]} pictures, ", end="")
    print(f"{many / 1e6:.0f} MB with {MEMORY_PICTURES[1]}: {growth:+.1%}, aim below {MOST_GROWTH:.0%}")
    return growth < MOST_GROWTH


JOBS: dict[str, Callable[[argparse.Namespace, Path, Path], bool]] = {
    "head": head,
    "full": full,
    "pipeline": pipeline,
    "memory": memory,
}


def _show(title: str, found: Found, cost: Callable[[Times], float]) -> None:
    print(f"{title}, CPU seconds (and times the first)")
    first = next(times for times in found.values() if isinstance(times, Times))
    for name, times in found.items():
        if isinstance(times, str):
            print(f"  {name:16} absent: there is no {times} here")
        else:
            print(f"  {name:16} {cost(times):8.2f}  {cost(times) / cost(first):6.2f}", flush=True)


def _reached(found: Found, cost: Callable[[Times], float], aims: tuple[Aim, ...]) -> bool:
    """Print how far each aim is reached; whether all are that could be measured."""
    costs = {name: cost(times) for name, times in found.items() if isinstance(times, Times)}
    ours = next(iter(costs.values()))
    peers = [costs[name] for name in PEERS if name in costs]
    costs |= {"best peer": min(peers)} if peers else {}
    reached = True
    for aim in aims:
        if aim.other not in costs:
            print(f"  aim: {aim.least:.2f} × {aim.other}: not measured")
            continue
        ratio = costs[aim.other] / ours
        reached &= ratio >= aim.least
        verdict = "reached" if ratio >= aim.least else "missed"
        print(f"  aim: {aim.least:.2f} × {aim.other}: {ratio:.2f}, {verdict}")
    return reached


def main(argv: list[str]) -> int:
    """Measure and print; 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", nargs="+", choices=tuple(JOBS), default=tuple(JOBS), help="what to compare")
    parser.add_argument("--repeats", type=int, default=3, help="turns of each entrant")
    parser.add_argument("--pictures", type=int, default=200, help="four fifths of them to train on")
    parser.add_argument("--epochs", type=int, default=5, help="of training")
    parser.add_argument("--threads", type=int, default=1, help="of torch within one operation, for everyone")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        pictures, home = Path(folder, "pictures"), Path(folder, "home")
        draw(pictures, options.pictures * 4 // 5, options.pictures // 5)
        reached = [JOBS[job](options, pictures, home) for job in options.jobs]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
