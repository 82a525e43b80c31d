"""Do maps find the class that is asked for? Four pictures of four classes in one, and one of the classes asked for.

    python -m tests.benchmarks.saliency_mosaics FOLDER --backbone NAME --weights W [--preset probe] [--size 224]

FOLDER holds a folder of pictures for each of four classes or more, or is the word `drawn`: the demo's pictures by
their grounds, which a transformer learns from nothing. A head is trained on it; then, for mosaics of validation
pictures that it answers rightly, the share of each map that lies in the right quadrant (chance: 0.25), with its 95 %
interval over mosaics. Beside it what the checks of `explain --trust` find on the single pictures: the rank
correlation with maps of random heads, and the areas under the answer when places are taken away in the map's order
and in random ones. (Pointing at composited pictures: Böhle et al. 2021, arXiv 2104.00032, §4.)
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from workbench.core.control import Control
from workbench.core.project import BackboneChoice, Project, Task
from workbench.core.recipe import Recipe
from workbench.core.resolved import TABLE_FILE
from workbench.core.specs import TrainSpec
from workbench.engine.data.table_file import load_table
from workbench.engine.data.view import decode
from workbench.engine.insight.predictor import Predictor
from workbench.engine.insight.saliency import METHODS, Question, fitting
from workbench.engine.insight.saliency.trust import Trust, check
from workbench.engine.training.job import train
from workbench.project.demo import demo_scenes
from workbench.project.demo_pictures import Painter

TASK = "task"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--backbone", default="mobilenet_v2")
    parser.add_argument("--weights", default="default")
    parser.add_argument("--preset", default="probe")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--mosaics", type=int, default=100)
    parser.add_argument("--checked", type=int, default=10, help="pictures that the checks are made on")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        if str(args.folder) == "drawn":
            args.folder = Path(place) / "drawn"
            _draw(args.folder)
        predictor, pictures = _trained(args, Path(place))
    classes = sorted(pictures)
    print(f"{args.backbone}, {args.size} px: {sum(map(len, pictures.values()))} pictures answered rightly")
    random = np.random.default_rng(0)
    mosaics = [_mosaic(pictures, classes, random) for _ in range(args.mosaics)]
    for name in fitting(Question(predictor.network, TASK, 0)):
        shares = [
            _energy(METHODS[name](Question(predictor.network, TASK, output), image[None])[0], quadrant)
            for image, output, quadrant in mosaics
        ]
        mean, half = np.mean(shares), 1.96 * np.std(shares, ddof=1) / len(shares) ** 0.5
        found = [_checked(predictor, name, output, image) for output, image in _some(pictures, args.checked, random)]
        print(
            f"{name:22} right quadrant {mean:.3f} ± {half:.3f}   random head {np.mean([t.remains for t in found]):+.2f}"
            f"   deletion {np.mean([t.deletion for t in found]):.2f}"
            f" (random {np.mean([t.deletion_random for t in found]):.2f})"
            f"   insertion {np.mean([t.insertion for t in found]):.2f}"
            f" (random {np.mean([t.insertion_random for t in found]):.2f})"
            f"   trusted {sum(t.hangs_on_head and t.finds_places for t in found)} of {len(found)}",
            flush=True,
        )


def _draw(folder: Path) -> None:
    """The demo's pictures, by what lies under the things: a transformer learns four grounds from nothing."""
    painter = Painter(20)
    for number, scene in enumerate(demo_scenes()):
        (folder / scene.ground).mkdir(parents=True, exist_ok=True)
        painter.paint(scene, number).save(folder / scene.ground / f"{number:03}.jpg", quality=90)


def _trained(args: argparse.Namespace, place: Path) -> tuple[Predictor, dict[int, list[Tensor]]]:
    """A trained run, and by class the validation pictures (3, S, S) that it answers rightly."""
    kind, _, path = args.weights.partition(":")
    weights = f"file:{Path(path).resolve()}" if kind == "file" else args.weights
    project = Project(
        tasks=[Task(name=TASK, source=str(args.folder.resolve()))],
        backbone=BackboneChoice(name=args.backbone, weights=weights),
        recipe=Recipe(preset=args.preset, epochs=args.epochs, image_size=args.size, interpolate="off"),
    )
    run_dir = place / "run"
    run_dir.mkdir()
    for _ in train(TrainSpec(project=project, project_dir=place, run_dir=run_dir, run="run"), Control()):
        pass
    predictor, table = Predictor(run_dir), load_table(run_dir / TABLE_FILE, place)
    pictures: dict[int, list[Tensor]] = {}
    for row in table.rows("validation").tolist():
        pixels = torch.from_numpy(decode(table.paths[row], predictor.resolved.view).copy())
        image = pixels.permute(2, 0, 1).float() / 255
        target = int(table.targets[TASK][row])
        if int(Question(predictor.network, TASK, 0).answers(image[None]).argmax()) == target:
            pictures.setdefault(target, []).append(image)
    return predictor, pictures


def _mosaic(
    pictures: dict[int, list[Tensor]], classes: list[int], random: np.random.Generator
) -> tuple[Tensor, int, int]:
    """Four pictures of four classes in one, the class asked for, and the quadrant that holds it."""
    chosen = random.permutation(classes)[:4].tolist()
    tiles = [pictures[each][random.integers(len(pictures[each]))] for each in chosen]
    side = tiles[0].shape[-1]
    small = functional.interpolate(torch.stack(tiles), (side // 2, side // 2), mode="area")
    image = torch.cat([torch.cat([small[0], small[1]], dim=2), torch.cat([small[2], small[3]], dim=2)], dim=1)
    quadrant = int(random.integers(4))
    return image, chosen[quadrant], quadrant


def _energy(found: Tensor, quadrant: int) -> float:
    """The share of a map (S, S) in a quadrant; a quarter where there is no map."""
    half = found.shape[-1] // 2
    top, left = half * (quadrant // 2), half * (quadrant % 2)
    total = float(found.sum())
    return float(found[top : top + half, left : left + half].sum()) / total if total > 0 else 0.25


def _some(pictures: dict[int, list[Tensor]], count: int, random: np.random.Generator) -> list[tuple[int, Tensor]]:
    every = [(output, image) for output, images in pictures.items() for image in images]
    return [every[at] for at in random.permutation(len(every))[:count].tolist()]


def _checked(predictor: Predictor, name: str, output: int, image: Tensor) -> Trust:
    question = Question(predictor.network, TASK, output)
    steps = check(question, METHODS[name], image, METHODS[name](question, image[None])[0], "single-label")
    while True:
        try:
            next(steps)
        except StopIteration as end:
            trust: Trust = end.value
            return trust


if __name__ == "__main__":
    main()
