"""Do maps find the class that is asked for? Four pictures of four classes in one, and one of the classes asked for.

    python -m tests.benchmarks.saliency_mosaics PROJECT [--run RUN] [--methods NAME …] [--mosaics 100] [--any]

PROJECT has a trained run whose first task has one label, or several, and four classes or more. Mosaics are made of
pictures of one class from the validation part that the run answers rightly; of the four classes the one is asked for
that the run finds likeliest, as `explain` does, or with `--any` each as often. Told is the share of each map that lies
in the right quadrant (chance: 0.25), and beside it, on the single pictures, what the checks of `explain --trust` find:
the rank correlation with maps of random heads, and how much less of the answer is left, and how much more is there,
while places are taken away or put back in the map's order than in that of the map at random places. Each is a mean with
its 95 % interval by Student's t. The first line is the network's own: how the falls of the answer are shared out where
whole quadrants are taken away. Where that is no better, no map can be. (Pointing at mosaics: Böhle et al. 2021, arXiv
2104.00032, §4.)

A small transformer learns the demo's things from nothing, in about half an hour of one processor core:

    python -m tests.benchmarks.drawn_things THINGS
    workbench new P --task things=THINGS/things.csv:things --kind things=multi-label --set tasks.things.separator="|" \\
        --backbone timm/test_vit --weights none --preset full --set recipe.image_size=160 --set recipe.epochs=40 \\
        --set recipe.augment=light --set recipe.patience=0
    workbench train P
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from tests.benchmarks.drawn_things import QUARTERED
from workbench.core.resolved import TABLE_FILE, ResolvedTask
from workbench.engine.data.table_file import load_table
from workbench.engine.data.view import decode
from workbench.engine.insight.metrics import mean_interval
from workbench.engine.insight.predictor import Predictor
from workbench.engine.insight.saliency import METHODS, Question, fitting
from workbench.engine.insight.saliency.base import blurred
from workbench.engine.insight.saliency.trust import Trust, check
from workbench.project.runs import find_run

Mosaic = tuple[Tensor, int, int]
"""(3, S, S), the class asked for, and the quadrant that holds it."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path)
    parser.add_argument("--run", default="latest")
    parser.add_argument("--methods", nargs="+", choices=tuple(METHODS))
    parser.add_argument("--mosaics", type=int, default=100)
    parser.add_argument("--checked", type=int, default=20, help="pictures that the checks are made on")
    parser.add_argument("--any", action="store_true", help="ask for any of the four classes, not for the likeliest")
    args = parser.parse_args()
    run_dir = find_run(args.project, args.run).folder
    predictor = Predictor(run_dir)
    task, random = predictor.resolved.tasks[0], np.random.default_rng(0)
    pictures = _pictures(predictor, task, run_dir, args.project)
    mosaics = [_mosaic(pictures, random, None if args.any else predictor) for _ in range(args.mosaics)]
    every = [(output, image) for output, images in pictures.items() for image in images]
    some = [every[at] for at in random.permutation(len(every))[: args.checked].tolist()]
    own = [_energy(_falls(_question(predictor, output), image), quadrant) for image, output, quadrant in mosaics]
    print(f"{'quadrants taken away':22} right quadrant {_told(own)}", flush=True)
    for name in args.methods or fitting(_question(predictor, 0)):
        began = time.perf_counter()
        shares = [
            _energy(METHODS[name](_question(predictor, output), image[None])[0], quadrant)
            for image, output, quadrant in mosaics
        ]
        each_s = (time.perf_counter() - began) / len(mosaics)
        found = [_checked(_question(predictor, output), name, image, task.kind) for output, image in some]
        print(
            f"{name:22} right quadrant {_told(shares)}   random head {_told([t.remains for t in found])}"
            f"   deletion {_told([t.deletion - np.mean(t.deletion_random) for t in found])}"
            f"   insertion {_told([t.insertion - np.mean(t.insertion_random) for t in found])}"
            f"   trusted {sum(t.hangs_on_head and t.finds_places for t in found)} of {len(found)}"
            f"   {each_s:.2f} s a map",
            flush=True,
        )


def _question(predictor: Predictor, output: int) -> Question:
    return Question(predictor.network, predictor.resolved.tasks[0].name, output)


def _pictures(predictor: Predictor, task: ResolvedTask, run_dir: Path, project: Path) -> dict[int, list[Tensor]]:
    """By class the validation pictures (3, S, S) that have that label alone and are answered rightly."""
    table = load_table(run_dir / TABLE_FILE, project)
    asked, right, pictures = 0, 0, {at: list[Tensor]() for at in range(len(task.classes))}
    for row in table.rows("validation", task.name).tolist():
        label = table.labels_of(row)[task.name]
        if label not in task.classes or table.paths[row].name.startswith(QUARTERED):
            continue
        pixels = torch.from_numpy(decode(table.paths[row], predictor.resolved.view).copy())
        image = pixels.permute(2, 0, 1).float() / 255
        answers = _question(predictor, 0).answers(image[None])[0]
        said = [int(answers.argmax())] if task.kind == "single-label" else answers.gt(0).nonzero()[:, 0].tolist()
        asked += 1
        if said == [task.classes.index(label)]:
            right += 1
            pictures[said[0]].append(image)
    network, side = predictor.network.backbone.name, predictor.resolved.view.size
    print(f"{network}, {side} px: of {asked} pictures {100 * right / max(1, asked):.1f} % are answered rightly")
    return {output: images for output, images in pictures.items() if images}


def _mosaic(pictures: dict[int, list[Tensor]], random: np.random.Generator, asked: Predictor | None) -> Mosaic:
    """Any of its four classes is asked for, or the one that a network finds likeliest."""
    chosen = random.permutation(sorted(pictures))[:4].tolist()
    tiles = [pictures[each][random.integers(len(pictures[each]))] for each in chosen]
    side = tiles[0].shape[-1]
    small = functional.interpolate(torch.stack(tiles), (side // 2, side // 2), mode="area")
    image = torch.cat([torch.cat([small[0], small[1]], dim=2), torch.cat([small[2], small[3]], dim=2)], dim=1)
    quadrant = int(random.integers(4))
    if asked is not None:
        quadrant = int(_question(asked, 0).answers(image[None])[0, chosen].argmax())
    return image, chosen[quadrant], quadrant


def _place(quadrant: int, side: int) -> tuple[slice, slice]:
    half = side // 2
    top, left = half * (quadrant // 2), half * (quadrant % 2)
    return slice(top, top + half), slice(left, left + half)


def _falls(question: Question, image: Tensor) -> Tensor:
    """(S, S), how far the answer falls where a quadrant of a picture (3, S, S) is taken away."""
    side, ground = image.shape[-1], blurred(image[None])[0]
    without = image.repeat(4, 1, 1, 1)
    for quadrant in range(4):
        rows, columns = _place(quadrant, side)
        without[quadrant, :, rows, columns] = ground[:, rows, columns]
    falls = (question.scores(image[None]) - question.scores(without)).clamp(min=0)
    return functional.interpolate(falls.reshape(1, 1, 2, 2), (side, side), mode="nearest")[0, 0]


def _energy(found: Tensor, quadrant: int) -> float:
    """The share of a map (S, S) in a quadrant; a quarter where there is no map."""
    total = float(found.sum())
    return float(found[_place(quadrant, found.shape[-1])].sum()) / total if total > 0 else 0.25


def _checked(question: Question, name: str, image: Tensor, kind: str) -> Trust:
    steps = check(question, METHODS[name], image, METHODS[name](question, image[None])[0], kind)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            trust: Trust = end.value
            return trust


def _told(values: Sequence[float]) -> str:
    """The mean with its interval."""
    low, high = mean_interval(np.array(values)) or (np.nan, np.nan)
    return f"{(low + high) / 2:+.3f} ± {(high - low) / 2:.3f}"


if __name__ == "__main__":
    main()
