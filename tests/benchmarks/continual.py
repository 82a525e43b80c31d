"""What is forgotten when classes come later: CIFAR-10 in five steps of two classes.

    python -m tests.benchmarks.continual DATA --weights WEIGHTS [--seeds 3] [--methods naive frozen …] [--out FILE.json]

DATA is `cifar10`, with `train` and `test` of class folders. In each seed the order of the classes and the pictures are
drawn anew. By method the average accuracy after the last step over all ten classes and the backward transfer (Lopez-Paz
and Ranzato 2017), in percent, means over seeds with their 95 % intervals (Student):

    naive    fine-tuned on each step's pictures alone
    lwf      the same, taught by the model before (no picture remembered)
    replay   fine-tuned on each step's pictures and 20 remembered of each old class
    ours     the same, taught by the model before: what `workbench extend` does
    frozen   the backbone stands still and a ridge head takes each step in: what `workbench teach` does
    joint    trained once on all pictures, which no step may do
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from workbench.cli.parser import parse
from workbench.core.control import Control
from workbench.core.events import Event, Result, RunFailed
from workbench.core.parsing import assign, validate_project
from workbench.engine.insight.metrics import mean_interval
from workbench.project.store import ProjectFile

STEPS, PER_STEP = 5, 2
EXTENDED = {
    "naive": ["--memory", "0", "--teacher", "0"],
    "lwf": ["--memory", "0"],
    "replay": ["--teacher", "0"],
    "ours": [],
}
METHODS = [*EXTENDED, "frozen", "joint"]


def draw(data: Path, folder: Path, options: argparse.Namespace, seed: int) -> list[Path]:
    """A folder for each step, of `train/` and `val/`, and one called `all` of everything; those of the steps."""
    random = np.random.default_rng(seed)
    classes = random.permutation(sorted(path.name for path in (data / "train").iterdir() if path.is_dir())).tolist()
    for part, source, count in (("train", "train", options.train), ("val", "test", options.test)):
        for number, name in enumerate(classes[: STEPS * PER_STEP]):
            pictures = sorted((data / source / name).iterdir())
            for at in random.choice(len(pictures), min(count, len(pictures)), replace=False).tolist():
                for place in (f"step{number // PER_STEP}", "all"):
                    to = folder / place / part / name
                    to.mkdir(parents=True, exist_ok=True)
                    shutil.copy(pictures[at], to)
    return [folder / f"step{number}" for number in range(STEPS)]


def said(*words: str) -> dict[str, Any]:
    """The last document of a command.

    Raises:
        RuntimeError: it failed.
    """
    module, args = parse(list(words))
    events: Iterator[Event] = module.Job(args).events(Control())
    document: dict[str, Any] = {}
    for event in events:
        if isinstance(event, RunFailed):
            raise RuntimeError(event.error)
        document = event.document if isinstance(event, Result) else document
    return document


def project(folder: Path, source: Path, options: argparse.Namespace, seed: int, method: str) -> str:
    """A project whose only task asks for the class; its folder."""
    recipe = {"image_size": options.size, "seed": seed, "relatedness": False, "interpolate": "off", "augment": "light"}
    recipe |= {"epochs": options.epochs, "head_epochs": 10, "patience": 0, "precision": options.precision}
    recipe |= {"cached_views": 4}
    task: dict[str, Any] = {"name": "kind", "source": str(source)}
    if method == "frozen":
        recipe |= {"preset": "few-shot"}
        task["head"] = "ridge"
    backbone = {"name": options.backbone, "weights": options.weights, "freeze": options.freeze}
    data: dict[str, Any] = {"name": method, "tasks": [task], "backbone": backbone, "recipe": recipe}
    assign(data, [f"recipe.{text}" for text in options.recipe])
    return str(ProjectFile.create(folder, validate_project(data)).folder)


def carried_out(folder: Path, steps: list[Path], options: argparse.Namespace, seed: int, method: str) -> dict[str, Any]:
    """Average accuracy and backward transfer of a method, in percent, and the seconds that it took."""
    begin = time.perf_counter()
    at = project(folder / method, steps[0] if method != "joint" else steps[0].with_name("all"), options, seed, method)
    first = said("train", at, "--name", "step")
    if method == "joint":
        accuracy = 100 * first["metrics"]["kind"]["accuracy"]
        return {"accuracy": accuracy, "transfer": None, "seconds": time.perf_counter() - begin}
    for step in steps[1:]:
        if method == "frozen":
            said("teach", at, str(step))
        else:
            said("extend", at, str(step), *EXTENDED[method])
    found = said("forgetting", at)
    return {
        "accuracy": 100 * found["average"][-1]["value"],
        "transfer": 100 * found["backward_transfer"]["value"],
        "matrix": [[cell and 100 * cell["score"] for cell in row] for row in found["matrix"]],
        "seconds": time.perf_counter() - begin,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--backbone", default="mobilenet_v2")
    parser.add_argument("--weights", default="default")
    parser.add_argument("--freeze", type=int, default=4)
    parser.add_argument("--size", type=int, default=64, help="px (default: 64)")
    parser.add_argument("--train", type=int, default=100, help="pictures of each class (default: 100)")
    parser.add_argument("--test", type=int, default=50, help="that judge, of each class (default: 50)")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--precision", default="fp32")
    parser.add_argument("--recipe", nargs="*", default=[], metavar="KEY=VALUE", help="of every method that trains")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=METHODS)
    parser.add_argument("--out", type=Path, help="a file of JSON with everything that was found")
    options = parser.parse_args()
    found: dict[str, list[dict[str, Any]]] = {method: [] for method in options.methods}
    for seed in range(options.seeds):
        with tempfile.TemporaryDirectory() as folder:
            steps = draw(options.data, Path(folder), options, seed)
            for method in options.methods:
                found[method].append(carried_out(Path(folder), steps, options, seed, method))
                print(f"seed {seed} {method}: {json.dumps(found[method][-1])}", flush=True)
                if options.out:
                    options.out.write_text(json.dumps(found, indent=1), encoding="utf-8")
    print_table(found)
    return 0


def print_table(found: dict[str, list[dict[str, Any]]]) -> None:
    """Means over seeds and their intervals, by method."""
    print(f"{'method':<10}{'average accuracy':>20}{'backward transfer':>20}{'seconds':>10}")
    for method, runs in found.items():
        accuracy = figure([run["accuracy"] for run in runs])
        transfer = figure([run["transfer"] for run in runs if run["transfer"] is not None])
        seconds = np.mean([run["seconds"] for run in runs])
        print(f"{method:<10}{accuracy:>20}{transfer:>20}{seconds:>10.0f}", flush=True)


def figure(values: list[float]) -> str:
    """The mean and half the width of its 95 % interval by Student's t."""
    if not values:
        return "–"
    interval = mean_interval(np.array(values, np.float64))
    return f"{np.mean(values):5.1f}" + ("" if interval is None else f" ± {(interval[1] - interval[0]) / 2:.1f}")


if __name__ == "__main__":
    raise SystemExit(main())
