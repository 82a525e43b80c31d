"""What closed-form heads make of 1, 5 and 20 pictures a class.

    python -m tests.benchmarks.few_shot DATA --weights [BACKBONE@]WEIGHTS … [--shots 1 5 20] [--episodes 100]

DATA holds `omniglot` and `cifar10/train`, class folders. In each episode five classes are drawn, so many pictures of
each to learn from, and up to fifteen others of each to be judged on. Share right in percent, the mean over episodes
with its 95 % interval, of every closed-form head and of the learnt ones as they begin, on features of each source of
weights: `pixels` are 8 × 8 × 3 numbers a picture, `none` is a network with random weights.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from tests.benchmarks.starter_transfer import Pictures, features, mean_with_doubt, read
from workbench.core.kinds import CLOSED_FORM
from workbench.engine.model.heads import HEADS, HeadSettings, Widths

SETS = {"omniglot": "omniglot", "cifar10": "cifar10/train"}
WAYS, JUDGED = 5, 15


def episode(found: Tensor, classes: Tensor, shots: int, seed: int) -> dict[str, float]:
    """Share right, in percent, by head; a class with too few pictures to be judged on gives those that are left."""
    random = np.random.default_rng((seed, shots))
    kinds = random.choice(int(classes.max()) + 1, WAYS, replace=False)
    known, asked, taught, wanted = [], [], [], []
    for number, kind in enumerate(kinds):
        order = random.permutation(np.flatnonzero(classes.numpy() == kind))
        shown, judged = order[:shots], order[shots : shots + JUDGED]
        known.append(shown)
        asked.append(judged)
        taught += [number] * len(shown)
        wanted += [number] * len(judged)
    x, z = (found[torch.from_numpy(np.concatenate(each))] for each in (known, asked))
    scores = {}
    for name in CLOSED_FORM:
        head = HEADS[name](Widths(found.shape[1]), WAYS, HeadSettings())
        head.imprint(x, torch.tensor(taught))
        scores[name] = 100 * float((head(z).argmax(1) == torch.tensor(wanted)).double().mean())
    return scores


def rows(options: argparse.Namespace, known: dict[str, Pictures]) -> Iterator[tuple[str, ...]]:
    """Weights, head, and its figure for each set and number of shots."""
    for weights in options.weights:
        backbone, _, source = weights.rpartition("@")
        figures: dict[str, list[str]] = {name: [] for name in CLOSED_FORM}
        for pictures in known.values():
            found = features(backbone or options.backbone, source, pictures.images)
            most = int(torch.bincount(pictures.classes).min()) - 1
            for shots in options.shots:
                count = min(shots, most)
                episodes = [episode(found, pictures.classes, count, seed) for seed in range(options.episodes)]
                for name, row in figures.items():
                    row.append(mean_with_doubt([each[name] for each in episodes]))
        yield from ((weights, name, *row) for name, row in figures.items())


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--backbone", default="mobilenet_v2")
    parser.add_argument("--weights", nargs="+", default=["none", "pixels"], metavar="[BACKBONE@]WEIGHTS")
    parser.add_argument("--size", type=int, default=64, help="px (default: 64)")
    parser.add_argument("--shots", type=int, nargs="+", default=[1, 5, 20])
    parser.add_argument("--episodes", type=int, default=100)
    options = parser.parse_args()
    known = {name: read(options.data / folder, options.size) for name, folder in SETS.items()}
    print(f"{'weights':<34}{'head':<14}" + "".join(f"{f'{name} {n}':>14}" for name in SETS for n in options.shots))
    for weights, name, *figures in rows(options, known):
        print(f"{weights[-33:]:<34}{name:<14}" + "".join(f"{figure:>14}" for figure in figures), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
