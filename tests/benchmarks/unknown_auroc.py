"""Does a calibrated run tell pictures of classes that it never saw from those that it did?

    python -m tests.benchmarks.unknown_auroc FOLDER … --weights W [--backbone NAME] [--pairs 5] [--size 128]

Of each FOLDER of class folders two classes are held out, a head is trained on the others and calibrated as
`workbench calibrate` does. AUROC, 0.5 by chance, of telling pictures of the held-out classes from validation pictures:
by the strangeness that sets `unknown`, by the distance and the energy (Liu et al. 2020, arXiv 2010.03759) that it is
made of, and by one minus the greatest probability (the baseline of Hendrycks and Gimpel 2017, arXiv 1610.02136); the
last two of answers without a temperature. Means over pairs of classes, each with its 95 % interval by Student's t, and
the share of either kind of picture that is called unknown.
"""

from __future__ import annotations

import argparse
import itertools
import os
import tempfile
from pathlib import Path

import numpy as np
import torch
from scipy.stats import mannwhitneyu

from workbench.core.control import Control
from workbench.core.project import BackboneChoice, Project, Task
from workbench.core.recipe import Recipe
from workbench.core.resolved import TABLE_FILE
from workbench.core.specs import CalibrateSpec, TrainSpec
from workbench.engine.data.table_file import load_table
from workbench.engine.insight.confidence.job import calibrate
from workbench.engine.insight.confidence.strangeness import energy, strangeness
from workbench.engine.insight.metrics import mean_interval, softmax
from workbench.engine.insight.predictor import Predictor, warm_predictor
from workbench.engine.training.job import train

TASK, RUN = "task", "001-run"
SCORES = ("strangeness", "distance", "energy", "1 - probability")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--backbone", default="mobilenet_v2")
    parser.add_argument("--weights", default="default")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--most", type=int, default=100, help="pictures of a class")
    args = parser.parse_args()
    kind, _, path = args.weights.partition(":")
    weights = f"file:{Path(path).resolve()}" if kind == "file" else args.weights
    for folder in args.folders:
        classes = sorted(path.name for path in folder.iterdir() if path.is_dir())
        pairs = list(itertools.combinations(classes, 2))
        chosen = np.random.default_rng(0).permutation(len(pairs))[: args.pairs]
        found = []
        for pair in (pairs[at] for at in chosen.tolist()):
            found.append(_pair(folder, pair, weights, args))
            print(f"  {folder.name} without {' and '.join(pair)}: {_words(found[-1])}", flush=True)
        columns = np.array(found)
        print(f"{folder.name}, {len(found)} pairs, {args.size} px:")
        for at, name in enumerate((*SCORES, "unknown, held out", "unknown, known")):
            low, high = mean_interval(columns[:, at]) or (float("nan"), float("nan"))
            print(f"  {name:18} {columns[:, at].mean():.3f} ({low:.3f} to {high:.3f})")


def _pair(folder: Path, pair: tuple[str, ...], weights: str, args: argparse.Namespace) -> list[float]:
    """AUROC by each score, and the shares of held-out and of validation pictures that are called unknown."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        strange = [path for each in pair for path in _pictures(folder / each, args.most)]
        for known in sorted(path for path in folder.iterdir() if path.is_dir() and path.name not in pair):
            (place / "pictures" / known.name).mkdir(parents=True)
            for path in _pictures(known, args.most):
                os.symlink(path.resolve(), place / "pictures" / known.name / path.name)
        project = Project(
            tasks=[Task(name=TASK, source=str(place / "pictures"))],
            backbone=BackboneChoice(name=args.backbone, weights=weights),
            recipe=Recipe(preset="probe", image_size=args.size),
        )
        run_dir = place / "runs" / RUN
        run_dir.mkdir(parents=True)
        for _ in train(TrainSpec(project=project, project_dir=place, run_dir=run_dir, run=RUN), Control()):
            pass
        for _ in calibrate(CalibrateSpec(project_dir=place, run_dir=run_dir, run=RUN), Control()):
            pass
        table, predictor = load_table(run_dir / TABLE_FILE, place), warm_predictor(run_dir)
        known_paths = [table.paths[row] for row in table.rows("validation").tolist()]
        both = [_scores(predictor, paths) for paths in (strange, known_paths)]
        assert predictor.confidence is not None
        called = [float((each[:, 0] > predictor.confidence.facts.tasks[TASK].unknown_from).mean()) for each in both]
        return [_auroc(both[0][:, at], both[1][:, at]) for at in range(len(SCORES))] + called


def _pictures(folder: Path, most: int) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())[:most]


def _scores(predictor: Predictor, paths: list[Path]) -> np.ndarray:
    """(n, 4): how strange each picture is by each score."""
    confidence = predictor.confidence
    assert confidence is not None
    facts, head = confidence.facts, confidence.facts.tasks[TASK]
    logits, distances = [], []
    for start in range(0, len(paths), 32):
        for answer in predictor.predict(paths[start : start + 32]):
            logits.append(answer.answers[TASK].numpy())
            distances.append(answer.distance)
    calibrated, far = np.stack(logits), np.array(distances)
    strange = strangeness(far, energy(calibrated), facts.distances, head.energies)
    raw = calibrated * head.temperature
    return np.stack([strange, far, energy(raw), 1 - softmax(raw).max(axis=1)], axis=1)


def _auroc(strange: np.ndarray, known: np.ndarray) -> float:
    return float(mannwhitneyu(strange, known).statistic) / (len(strange) * len(known))


def _words(found: list[float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in zip(SCORES, found, strict=False))


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
