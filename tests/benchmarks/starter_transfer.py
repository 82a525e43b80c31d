"""What a starter backbone is worth on real pictures, beside random weights, raw pixels and other weights.

    python -m tests.benchmarks.starter_transfer DATA --backbone NAME --weights starter none file:… [--full]

DATA holds `trash`, `cifar10/train` and `omniglot`, each a folder of class folders. Every source of weights is judged on
pictures that nothing was fitted to:

- frozen: a ridge probe on its features of 5 and of 20 pictures a class (15 of omniglot), the mean over 30 draws of
  those pictures with its 95 % interval; features as the program makes them, at `--size` px;
- with `--full`: the whole network trained on 100 pictures a class, or all there are but a quarter, with 3 seeds.

Raw pixels are 8 × 8 × 3 numbers a picture.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from workbench.core.control import Control
from workbench.core.events import Result
from workbench.core.project import BackboneChoice, Project, Task
from workbench.core.recipe import Recipe
from workbench.core.resolved import ViewParameters
from workbench.core.specs import TrainSpec
from workbench.engine.data.view import decode
from workbench.engine.model.network import HeadChoice, build_network
from workbench.engine.model.weights import load_weights
from workbench.engine.training.job import train

SETS = {"trash": ("trash", 20), "cifar10": ("cifar10/train", 20), "omniglot": ("omniglot", 15)}
"""Folder, and the most pictures a class for a probe."""
FEW, FULL = 5, 100
_PER_CLASS = 150
"""Pictures of a class that are looked at; more add nothing to a probe on twenty."""
_JUDGED = 40
"""Pictures of a class that a probe is judged on, at most."""
_PENALTIES = torch.logspace(-4, 3, 15, dtype=torch.float64)
_PIXELS = "pixels"


@dataclass(frozen=True)
class Pictures:
    """A set: pictures (N, 3, S, S) in [0, 1] and their classes (N,)."""

    images: Tensor
    classes: Tensor


def read(folder: Path, size: int) -> Pictures:
    """The pictures of class folders, as the program sees them at `size` px."""
    view = ViewParameters(size=size)
    images, classes = [], []
    for number, place in enumerate(sorted(path for path in folder.iterdir() if path.is_dir())):
        for path in sorted(file for file in place.rglob("*") if file.is_file())[:_PER_CLASS]:
            images.append(torch.from_numpy(decode(path, view).copy()))
            classes.append(number)
    stacked = torch.stack(images)
    return Pictures(stacked.permute(0, 3, 1, 2).float() / 255, torch.tensor(classes))


@torch.no_grad()
def features(backbone: str, weights: str, images: Tensor) -> Tensor:
    """(N, C) of a frozen backbone; of raw pixels where that is asked for."""
    if weights == _PIXELS:
        return functional.adaptive_avg_pool2d(images, 8).flatten(1)
    network = build_network(backbone, {"task": HeadChoice("linear", 2)})
    for _ in load_weights(network.backbone, weights, Path.cwd()):
        pass
    network.eval()
    return torch.cat([network.features(each) for each in images.split(64)])


def probe(found: Tensor, classes: Tensor, count: int, draws: int) -> list[float]:
    """Share right, in percent, of a ridge probe on `count` pictures of each class, for each draw of them."""
    kinds = int(classes.max()) + 1
    scores = []
    for seed in range(draws):
        random = np.random.default_rng(seed)
        orders = [random.permutation(np.flatnonzero(classes.numpy() == kind)) for kind in range(kinds)]
        fitted = torch.from_numpy(np.concatenate([order[:count] for order in orders]))
        judged = torch.from_numpy(np.concatenate([order[count : count + _JUDGED] for order in orders]))
        answers = _ridge(found[fitted], classes[fitted], found[judged], kinds)
        scores.append(100 * float((answers == classes[judged]).double().mean()))
    return scores


def _ridge(known: Tensor, classes: Tensor, asked: Tensor, kinds: int) -> Tensor:
    """Classes (m,) that a ridge regression on one-hot targets answers; its penalty by leaving out one at a time."""
    mean, spread = known.double().mean(0), known.double().std(0).clamp(min=1e-6)
    scale = known.shape[1] ** 0.5
    x, z = ((each.double() - mean) / spread / scale for each in (known, asked))
    y = functional.one_hot(classes, kinds).double()
    centre = y.mean(0)
    left, singular, right = torch.linalg.svd(x, full_matrices=False)
    turned, squares = left.T @ (y - centre), singular.square()
    best, weights = float("inf"), torch.zeros(x.shape[1], kinds, dtype=torch.float64)
    for penalty in _PENALTIES.tolist():
        kept = squares / (squares + penalty)
        leverage = (left.square() @ kept + 1 / len(x)).clamp(max=1 - 1e-6)
        error = float((((y - centre - left @ (kept[:, None] * turned)) / (1 - leverage)[:, None]) ** 2).mean())
        if error < best:
            best, weights = error, right.T @ ((singular / (squares + penalty))[:, None] * turned)
    return (z @ weights + centre).argmax(1)


def trained(backbone: str, weights: str, folder: Path, size: int, epochs: int, seed: int) -> float:
    """Share right, in percent, of the whole network trained on 100 pictures a class, on pictures it never saw."""
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / "pictures"
        _part(folder, source, seed)
        project = Project(
            tasks=[Task(name="task", source=str(source))],
            backbone=BackboneChoice(name=backbone, weights=_anywhere(weights)),
            recipe=Recipe(preset="full", epochs=epochs, image_size=size, patience=0, seed=seed, augment="light"),
        )
        spec = TrainSpec(project=project, project_dir=Path(place), run_dir=Path(place) / "run", run="run", choose=False)
        spec.run_dir.mkdir()
        document = next(event.document for event in train(spec, Control()) if isinstance(event, Result))
    return 100 * float(document["metrics"]["task"]["accuracy"])


def _anywhere(weights: str) -> str:
    """The same source of weights, seen from any folder."""
    kind, _, path = weights.partition(":")
    return f"{kind}:{Path(path).resolve()}" if kind == "file" else weights


def _part(folder: Path, target: Path, seed: int) -> None:
    """Links to the pictures: up to 100 of each class to train on, and a quarter, or as many, to be judged on."""
    random = np.random.default_rng(seed)
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = sorted(file for file in place.rglob("*") if file.is_file())
        chosen = [files[index] for index in random.permutation(len(files))]
        count = min(FULL, len(files) * 3 // 4)
        for part, each in (("train", chosen[:count]), ("validation", chosen[count : 2 * count])):
            (target / part / place.name).mkdir(parents=True)
            for path in each:
                os.symlink(path.resolve(), target / part / place.name / path.name)


def rows(options: argparse.Namespace) -> Iterator[tuple[str, list[str]]]:
    """A source of weights and its figures, one after another."""
    known = {name: read(options.data / folder, options.size) for name, (folder, _) in SETS.items()}
    for weights in options.weights:
        backbone, _, source = weights.rpartition("@")
        backbone = backbone or options.backbone
        figures, most = [], []
        for name, (_, many) in SETS.items():
            found = features(backbone, source, known[name].images)
            for count in (FEW, many):
                scores = probe(found, known[name].classes, count, options.draws)
                figures.append(mean_with_doubt(scores))
            most.append(statistics.mean(scores))
        figures.append(f"{statistics.mean(most):5.1f}")
        if options.full and source != _PIXELS:
            means = []
            for folder, _ in SETS.values():
                scores = [
                    trained(backbone, source, options.data / folder, options.size, options.epochs, seed)
                    for seed in range(options.seeds)
                ]
                figures.append(mean_with_doubt(scores))
                means.append(statistics.mean(scores))
            figures.append(f"{statistics.mean(means):5.1f}")
        yield weights, figures


def mean_with_doubt(scores: list[float]) -> str:
    """The mean and half the width of its 95 % interval."""
    doubt = 1.96 * statistics.stdev(scores) / len(scores) ** 0.5 if len(scores) > 1 else 0.0
    return f"{statistics.mean(scores):5.1f} ± {doubt:3.1f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--backbone", default="mobilenet_v3_small")
    parser.add_argument("--weights", nargs="+", default=["starter", "none", _PIXELS], metavar="[BACKBONE@]WEIGHTS")
    parser.add_argument("--size", type=int, default=64, help="px (default: 64)")
    parser.add_argument("--draws", type=int, default=30)
    parser.add_argument("--full", action="store_true", help="train the whole network too")
    parser.add_argument("--epochs", type=int, default=20, help="of training the whole network (default: 20)")
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    names = [f"{name} {count}" for name, (_, many) in SETS.items() for count in (FEW, many)] + ["mean of most"]
    names += [f"{name} full" for name in SETS] + ["mean full"] if options.full else []
    print(f"{'weights':<34}" + "".join(f"{name:>14}" for name in names), flush=True)
    for weights, figures in rows(options):
        print(f"{weights[-33:]:<34}" + "".join(f"{figure:>14}" for figure in figures), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
