"""What adapting to corrupted pictures recovers, and what it costs on clean ones.

    python -m tests.benchmarks.domain_shift DATA --weights FILE [--sets cifar10 trash] [--methods adabn …]
        [--corruptions blur noise contrast jpeg] [--seeds 3] [--size 128] [--set key=value …] [--bound]

DATA holds `cifar10` (train and test) and `trash`, class folders. For each seed some pictures of each class are drawn to
train a probe on the weights of mobilenet_v2, and others to test it; the target is the tested pictures corrupted, their
labels hidden from the methods. Printed is the share answered wrong, in percent, the mean over seeds with its 95 %
interval (Student's t): of clean pictures, of corrupted ones before and after each method, of clean ones after it, and
how much of the loss is recovered. Training methods take the recipe's settings from --set. With --bound a probe is also
trained on corrupted pictures with their labels: what no method without labels is likely to beat.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageFilter
from scipy.special import stdtrit

from workbench.core.adaptation import METHODS
from workbench.core.project import Project, Task
from workbench.project.store import ProjectFile

Random = np.random.Generator


@dataclass(frozen=True)
class Set:
    """Where a data set's pictures to train on and to test on are, how many of each class are taken, and how strongly
    they are corrupted: blur in px, noise in shades of 255."""

    train: str
    test: str
    trained: int
    tested: int
    blur: float
    noise: float
    side: int


SETS = {
    "cifar10": Set("cifar10/train", "cifar10/test", 30, 15, 1.0, 30.0, 32),
    "trash": Set("trash", "trash", 26, 14, 6.0, 60.0, 256),
}


def blur(picture: Image.Image, of: Set, random: Random) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(of.blur))


def noise(picture: Image.Image, of: Set, random: Random) -> Image.Image:
    pixels = np.asarray(picture, np.float64)
    return _picture(pixels + random.normal(0, of.noise, pixels.shape))


def contrast(picture: Image.Image, of: Set, random: Random) -> Image.Image:
    pixels = np.asarray(picture, np.float64)
    mean = pixels.mean(axis=(0, 1))
    return _picture(mean + 0.2 * (pixels - mean))


def jpeg(picture: Image.Image, of: Set, random: Random) -> Image.Image:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=8)
    return Image.open(stream).convert("RGB")


CORRUPTIONS: dict[str, Callable[[Image.Image, Set, Random], Image.Image]] = {
    "blur": blur,
    "noise": noise,
    "contrast": contrast,
    "jpeg": jpeg,
}


def _picture(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(pixels.clip(0, 255).round().astype(np.uint8))


def draw(data: Path, of: Set, folder: Path, seed: int) -> None:
    """Put `train/` and `test/` of class folders into a folder; no picture is in both."""
    random = np.random.default_rng(seed)
    for label in sorted(path.name for path in (data / of.train).iterdir() if path.is_dir()):
        train, test = (sorted((data / root / label).iterdir()) for root in (of.train, of.test))
        chosen = [train[at] for at in random.permutation(len(train))[: of.trained]]
        others = [path for path in test if path not in chosen]
        for part, paths in (("train", chosen), ("test", others)):
            wanted = paths if part == "train" else [paths[at] for at in random.permutation(len(paths))[: of.tested]]
            for number, path in enumerate(wanted):
                target = folder / part / label / f"{number:03}.png"
                target.parent.mkdir(parents=True, exist_ok=True)
                picture = Image.open(path).convert("RGB")
                picture.thumbnail((of.side, of.side))
                picture.save(target)


def corrupted(folder: Path, of: Set, name: str, seed: int, part: str, target: Path) -> Path:
    """The pictures of a part, corrupted, in a folder of their own."""
    for number, path in enumerate(sorted((folder / part).glob("*/*.png"))):
        random = np.random.default_rng((seed, number) if part == "test" else (seed, number, 1))
        made = target / path.parent.name / path.name
        made.parent.mkdir(parents=True, exist_ok=True)
        CORRUPTIONS[name](Image.open(path), of, random).save(made)
    return target


def command(*words: object) -> Any:
    """What a command prints with --json."""
    argv = [sys.executable, "-m", "workbench", *map(str, words), "--json"]
    done = subprocess.run(argv, stdout=subprocess.PIPE, check=True, text=True, env=os.environ)
    return json.loads(done.stdout)


def probed(options: argparse.Namespace, pictures: Path, project: Path, seed: int) -> Path:
    """A project whose first run is a probe, trained on `train/` of a folder."""
    data = {
        "name": project.name,
        "tasks": [Task(name="class", source=str(pictures))],
        "split": {"validation": 0.0},
        "backbone": {"name": "mobilenet_v2", "weights": f"file:{options.weights.absolute()}", "freeze": "all"},
        "recipe": {"preset": "probe", "image_size": options.size, "precision": "fp32", "seed": seed},
    }
    folder = ProjectFile.create(project, Project.model_validate(data)).folder
    command("train", folder)
    return folder


def bound(options: argparse.Namespace, pictures: Path, of: Set, corruption: str, place: Path, seed: int) -> float:
    """The error in percent of a probe that has learned from corrupted pictures with their labels."""
    corrupted(pictures, of, corruption, seed, "train", place / "train")
    document = command("evaluate", probed(options, place, place.with_name(f"{corruption} known"), seed))
    return 100 * (1 - document["tasks"]["class"]["metrics"]["accuracy"])


def shifted(options: argparse.Namespace, name: str, seed: int) -> dict[str, dict[str, dict[str, float]]]:
    """Corruption → method → errors in percent: clean, before, after, clean_after."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "pictures"
        draw(options.data, SETS[name], folder, seed)
        project = probed(options, folder, Path(place) / "project", seed)
        for corruption in options.corruptions:
            target = corrupted(folder, SETS[name], corruption, seed, "test", Path(place) / corruption / "test")
            found[corruption] = {}
            known = bound(options, folder, SETS[name], corruption, target.parent, seed) if options.bound else 0.0
            for method in options.methods:
                words = [word for each in options.set for word in ("--set", each)] if METHODS[method].trains else []
                document = command("adapt", project, "--run", 1, "--target", target, "--method", method, *words)
                rows = {row["on"]: row for row in document["tasks"]["class"]["rows"]}
                errors = {
                    "clean": rows["test"]["before"],
                    "before": rows["target"]["before"],
                    "after": rows["target"]["after"],
                    "clean after": rows["test"]["after"],
                }
                found[corruption][method] = {key: 100 * (1 - each["score"]) for key, each in errors.items()}
                if options.bound:
                    found[corruption][method]["with labels"] = known
                print(json.dumps([name, seed, corruption, method, found[corruption][method]]), flush=True)
    return found


def doubt(values: list[float]) -> str:
    """The mean with half its 95 % interval."""
    each = np.array(values)
    if len(each) < 2:
        return f"{each.mean():.1f}"
    half = float(stdtrit(len(each) - 1, 0.975)) * each.std(ddof=1) / np.sqrt(len(each))
    return f"{each.mean():.1f} ± {half:.1f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=["adabn"])
    parser.add_argument("--corruptions", nargs="+", choices=CORRUPTIONS, default=list(CORRUPTIONS))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--bound", action="store_true")
    options = parser.parse_args()
    begin = time.perf_counter()
    for name in options.sets:
        seeds = [shifted(options, name, seed) for seed in range(options.seeds)]
        print(f"\n{name}, {options.size} px, {options.seeds} seeds: error in %")
        for corruption in options.corruptions:
            for method in options.methods:
                each = [seed[corruption][method] for seed in seeds]
                figures = {key: doubt([row[key] for row in each]) for key in each[0]}
                lost = sum(row["before"] - row["clean"] for row in each)
                back = sum(row["before"] - row["after"] for row in each)
                recovered = f"{100 * back / lost:.0f} %" if lost > 0 else "–"
                words = ", ".join(f"{key} {figure}" for key, figure in figures.items())
                print(f"  {corruption:9} {method:13} {words}, recovered {recovered}", flush=True)
    print(f"{time.perf_counter() - begin:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
